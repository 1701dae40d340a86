package dae.cli;

import dae.UserError;
import dae.denoise.Cleaning;
import dae.file.Reason;
import dae.image.Format;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/// A picture to clean.
///
/// @param source its file; null for standard input
/// @param target where the clean one goes; null for standard output
/// @param bytes of the source, for the time left; 0 where it is not known
/// @param skips whether it is left out where its target is there
record CleaningJob(Path source, Path target, long bytes, boolean skips) {
  static final String STANDARD = "-";

  private static final int MOST_INPUT = 1 << 30;

  /// Whether another start has made the target since this one looked.
  boolean isDone() {
    return skips && Files.exists(target, LinkOption.NOFOLLOW_LINKS);
  }

  /// For messages.
  String name() {
    return source == null ? "standard input" : source.toString();
  }

  /// Where the clean one goes, if that is in a folder.
  Stream<Path> folder() {
    return Stream.ofNullable(target).map(file -> file.toAbsolutePath().getParent());
  }

  /// Whether a JPEG is written; standard output may get one.
  boolean mayBeJpeg() {
    return target == null || Format.ofName(target).equals(Optional.of(Format.JPEG));
  }

  /// @throws UserError if it cannot be read
  Cleaning.Loaded load() {
    if (source != null) {
      return Cleaning.load(source);
    }
    try {
      return Cleaning.load(System.in.readNBytes(MOST_INPUT), name());
    } catch (IOException e) {
      throw new UserError(name() + ": expected a readable file, got " + Reason.of(e), e);
    }
  }

  /// @throws UserError if it cannot be written
  void write(Cleaning cleaning, Cleaning.Cleaned cleaned) {
    if (target != null) {
      folder().forEach(CleaningJob::makeFolder);
      cleaning.write(cleaned, target);
      return;
    }
    try {
      PrintStream out = System.out;
      cleaning.encode(cleaned, null, out);
      if (out.checkError()) {
        throw new UserError("standard output: expected it to take the picture, got an error");
      }
    } catch (IOException e) {
      throw new UserError(name() + ": " + e.getMessage(), e);
    }
  }

  private static void makeFolder(Path folder) {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UserError(
          "%s: expected a folder that can be made, got %s — change -o or its permissions"
              .formatted(folder, Reason.of(e)),
          e);
    }
  }
}
