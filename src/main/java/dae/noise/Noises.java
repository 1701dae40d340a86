package dae.noise;

import dae.UserError;
import java.util.List;
import java.util.function.Function;

/// All kinds of damage, by name.
public final class Noises {
  /// The article's.
  public static final String DEFAULT = "gaussian:0.1";

  /// @param name before the colon
  /// @param usage how its word is written
  /// @param of makes it from what follows the colon
  private record Kind(String name, String usage, Function<String, Noise> of) {}

  private static final List<Kind> ALL =
      List.of(new Kind(GaussianNoise.NAME, "gaussian:SIGMA", GaussianNoise::of));

  private Noises() {}

  /// Finds a kind by its word. A number alone is the σ of [GaussianNoise].
  ///
  /// @throws UserError that lists the kinds there are
  public static Noise named(String word) {
    int colon = word.indexOf(':');
    if (colon < 0) {
      try {
        return new GaussianNoise(Double.parseDouble(word));
      } catch (NumberFormatException e) {
        throw unknown(word);
      }
    }
    String name = word.substring(0, colon);
    return ALL.stream()
        .filter(kind -> kind.name.equals(name))
        .findFirst()
        .orElseThrow(() -> unknown(word))
        .of
        .apply(word.substring(colon + 1));
  }

  private static UserError unknown(String word) {
    return new UserError(
        "noise: expected one of %s, got '%s' — change --noise"
            .formatted(String.join(", ", ALL.stream().map(Kind::usage).toList()), word));
  }
}
