package dae.cli;

import dae.UserError;
import dae.data.PicturePairs;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import picocli.CommandLine.Option;

/// Pictures that are there noisy and clean.
final class PairOptions {
  @Option(
      names = "--noisy",
      paramLabel = "DIR",
      description =
          "Pictures with real noise, beside --clean: a folder, whose pictures have the names of those"
              + " in the other, or one with a *, in quotes, such as 'photos/*_noisy.jpg' (default:"
              + " none).")
  private String noisy;

  @Option(
      names = "--clean",
      paramLabel = "DIR",
      description = "The same pictures without noise (default: none).")
  private String clean;

  /// @throws UserError if there is one without the other
  boolean given() {
    if ((noisy == null) != (clean == null)) {
      throw new UserError(
          "pairs: expected --noisy and --clean, got %s alone — name both"
              .formatted(noisy == null ? "--clean" : "--noisy"));
    }
    return noisy != null;
  }

  /// The noisy side, as it is understood in any working folder.
  String noisy() {
    return absolute(noisy);
  }

  /// The clean side, likewise.
  String clean() {
    return absolute(clean);
  }

  private static String absolute(String side) {
    return Path.of(side).toAbsolutePath().normalize().toString();
  }

  List<PicturePairs.Pair> find(Consumer<String> warnings) {
    return PicturePairs.of(noisy, clean, warnings);
  }

  /// Both sides in words.
  String describe() {
    return noisy + " against " + clean;
  }
}
