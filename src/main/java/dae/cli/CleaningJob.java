package dae.cli;

import dae.UserError;
import dae.image.Format;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// A picture to clean.
///
/// @param source its file; null for standard input
/// @param target where the clean one goes; null for standard output
/// @param format to write
/// @param bytes of the source, for the time left; 0 where it is not known
record CleaningJob(Path source, Path target, Format format, long bytes) {
  static final String STANDARD = "-";

  /// For messages.
  String name() {
    return source == null ? "standard input" : source.toString();
  }

  /// The format that a target's name asks for.
  static Format written(Path target) {
    return Format.ofName(target)
        .filter(format -> format.written() == format)
        .orElseThrow(() ->
            new UserError(
                target
                    + ": expected a name that ends in .png, .jpg, .tif or .bmp, got another"
                    + " — these are what it writes"));
  }

  /// The clean one must not take its source's place, however both are written.
  static boolean isSame(Path source, Path target) {
    try {
      return Files.exists(target) && Files.isSameFile(source, target);
    } catch (IOException e) {
      return false;
    }
  }
}
