package dae.cli;

import dae.UserError;
import dae.data.Reason;
import dae.denoise.Denoiser;
import dae.denoise.NoiseLevel;
import dae.denoise.Strength;
import dae.file.AtomicFile;
import dae.image.Format;
import dae.image.Kept;
import dae.image.Opened;
import dae.image.Picture;
import dae.image.PictureReader;
import dae.image.PictureWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What is done with each picture: read it, clean it, write it.
///
/// @param strength how much of the change is taken over; null for all of it, unless a picture is
///   clean
/// @param preview the part to clean: left, top, width and height; null for all of it
/// @param compare whether the picture as it was is put at the left of the clean one
/// @param ensemble whether the mean of eight orientations is taken
/// @param quality of JPEGs; null for that of their files
record Cleaning(
    Strength strength, int[] preview, boolean compare, boolean ensemble, Integer quality) {
  /// Pixels around a preview that are shown to the network too.
  private static final int AROUND = 64;

  /// A mean that moves by more is no noise: the model does not fit.
  private static final double MEAN_MOVED = 8;

  /// How a note starts that is said whatever is asked for.
  static final String WARNING = "warning: ";

  private static final int MOST_INPUT = 1 << 30;
  private static final String[] COLORS = {"red", "green", "blue"};

  /// A picture that has been read.
  ///
  /// @param file its bytes
  record Loaded(CleaningJob job, byte[] file, Opened opened) {
    /// Millions.
    double megapixels() {
      return 1e-6 * opened.picture().height() * opened.picture().width();
    }
  }

  /// A picture that has been cleaned.
  ///
  /// @param picture null where the file's own bytes are the result
  /// @param notes what the user should know, one line each
  record Cleaned(Loaded loaded, Picture picture, List<String> notes) {}

  /// @throws UserError if it cannot be read
  Loaded load(CleaningJob job) {
    try {
      byte[] file =
          job.source() == null
              ? System.in.readNBytes(MOST_INPUT)
              : PictureReader.bytes(job.source());
      return new Loaded(job, file, PictureReader.read(file, job.name()));
    } catch (IOException e) {
      throw new UserError(job.name() + ": expected a readable file, got " + e.getMessage(), e);
    }
  }

  /// @throws UserError if the model or the memory does not do
  Cleaned clean(Loaded loaded, Denoiser denoiser) {
    Picture picture = loaded.opened.picture();
    List<String> notes = new ArrayList<>(loaded.opened.notes());
    int[] part = preview == null ? null : within(picture, loaded.job);
    NoiseLevel level = NoiseLevel.of(picture);
    boolean asItIs = strength == null ? level.isClean() : strength.isNone();
    notes.add(said(level, strength == null));
    if (asItIs && part == null && !compare) {
      return new Cleaned(loaded, isSameFormat(loaded) ? null : picture, notes);
    }
    int[] seen = part == null ? null : around(part, picture);
    Picture before = part == null ? picture : picture.crop(seen[0], seen[1], seen[2], seen[3]);
    Picture after = before;
    if (!asItIs) {
      after = ensemble ? denoiser.cleanEnsemble(before) : denoiser.clean(before);
      moved(before, after).ifPresent(notes::add);
      after = (strength == null ? Strength.FULL : strength).apply(before, after);
    }
    if (part != null) {
      before = before.crop(part[0] - seen[0], part[1] - seen[1], part[2], part[3]);
      after = after.crop(part[0] - seen[0], part[1] - seen[1], part[2], part[3]);
    }
    return new Cleaned(loaded, compare ? before.beside(after) : after, notes);
  }

  private static String said(NoiseLevel level, boolean leave) {
    if (level.isClean() && leave) {
      return "already clean, left as it is (--strength 1 cleans it all the same)";
    }
    return Double.isNaN(level.sigma())
        ? "noise unknown"
        : "noise about %.1f of 255".formatted(level.sigma());
  }

  private int[] within(Picture picture, CleaningJob job) {
    boolean fits =
        preview[0] + (long) preview[2] <= picture.width()
            && preview[1] + (long) preview[3] <= picture.height();
    if (!fits) {
      throw new UserError(
          "%s: expected a part within %d × %d, got %d,%d,%d,%d — change --preview"
              .formatted(
                  job.name(),
                  picture.width(),
                  picture.height(),
                  preview[0],
                  preview[1],
                  preview[2],
                  preview[3]));
    }
    return preview;
  }

  private static int[] around(int[] part, Picture picture) {
    int left = Math.max(0, part[0] - AROUND);
    int top = Math.max(0, part[1] - AROUND);
    int right = Math.min(picture.width(), part[0] + part[2] + AROUND);
    int bottom = Math.min(picture.height(), part[1] + part[3] + AROUND);
    return new int[] {left, top, right - left, bottom - top};
  }

  /// Noise has no colour of its own, so cleaning must not change the mean.
  private static Optional<String> moved(Picture before, Picture after) {
    double[] sums = new double[COLORS.length];
    for (int i = 0; i < before.rgb().length; i++) {
      sums[i % sums.length] += after.rgb()[i] - before.rgb()[i];
    }
    for (int c = 0; c < sums.length; c++) {
      double shift = 255 * sums[c] / (before.rgb().length / sums.length);
      if (Math.abs(shift) > MEAN_MOVED) {
        return Optional.of(
            WARNING
                + "the mean of %s moved by %.1f of 255: the model does not fit this picture"
                    .formatted(COLORS[c], shift));
      }
    }
    return Optional.empty();
  }

  private static Format format(Loaded loaded) {
    Format named = loaded.job.format();
    return named == null ? loaded.opened.kept().format().written() : named;
  }

  private static boolean isSameFormat(Loaded loaded) {
    return format(loaded) == loaded.opened.kept().format();
  }

  /// @throws UserError if it cannot be written
  void write(Cleaned cleaned) {
    CleaningJob job = cleaned.loaded.job;
    try {
      if (job.target() == null) {
        PrintStream out = System.out;
        encode(cleaned, out);
        if (out.checkError()) {
          throw new UserError("standard output: expected it to take the picture, got an error");
        }
        return;
      }
      makeFolder(job.target().toAbsolutePath().getParent());
      AtomicFile.write(job.target(), out -> encode(cleaned, out));
    } catch (IOException e) {
      throw new UserError(job.name() + ": " + e.getMessage(), e);
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

  private void encode(Cleaned cleaned, OutputStream out) throws IOException {
    if (cleaned.picture == null) {
      out.write(cleaned.loaded.file);
      return;
    }
    Kept kept = cleaned.loaded.opened.kept();
    boolean whole = preview == null && !compare;
    PictureWriter.write(
        cleaned.picture,
        whole ? kept : kept.withoutOpacities(),
        format(cleaned.loaded),
        quality,
        out);
  }
}
