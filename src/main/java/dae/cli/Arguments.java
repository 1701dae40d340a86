package dae.cli;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Words as somebody typed them, when the launcher could hand them on in ASCII alone.
final class Arguments {
  /// Set by the launcher where it wrote them as in an URL.
  private static final String ENCODED = "dae.launcher.encoded";

  private Arguments() {}

  /// The words themselves.
  static String[] typed(String[] args) {
    return Boolean.getBoolean(ENCODED)
        ? Arrays.stream(args)
            .map(arg -> URLDecoder.decode(arg, StandardCharsets.UTF_8))
            .toArray(String[]::new)
        : args;
  }
}
