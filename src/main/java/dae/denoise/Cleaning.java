package dae.denoise;

import dae.Heap;
import dae.UserError;
import dae.file.AtomicFile;
import dae.image.Format;
import dae.image.Kept;
import dae.image.Opened;
import dae.image.Picture;
import dae.image.PictureReader;
import dae.image.PictureWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What is done with a picture file: it is read, cleaned and written, each a call of its own, so
/// that one picture may be read while another is cleaned. [Denoiser#clean(Path, Path)] does all
/// three.
///
/// @param options how it is cleaned and written
/// @param preview the part to clean: left, top, width and height; null for all of it
/// @param shows what is written
/// @since 0.1.0
public record Cleaning(Options options, int[] preview, Shows shows) {
  /// What is written of a picture.
  public enum Shows {
    /// The clean one.
    CLEAN,
    /// The one as it was at the left, the clean one at the right.
    BOTH,
    /// Where it was repainted, white on black.
    MASK
  }

  /// Pixels around a preview that are shown to the network too.
  private static final int AROUND = 64;

  /// A mean that moves by more is no noise: the model does not fit.
  private static final double MEAN_MOVED = 8;

  /// How a note starts that is said whatever is asked for.
  public static final String WARNING = "warning: ";

  private static final String[] COLORS = {"red", "green", "blue"};

  /// A picture that has been read.
  ///
  /// @param name to call it by in messages
  /// @param original writes its bytes; they are not held, as a picture may be large
  /// @param opened what is in them
  public record Loaded(String name, AtomicFile.Body original, Opened opened) {
    /// Its size.
    ///
    /// @return millions of pixels
    public double megapixels() {
      return 1e-6 * opened.picture().height() * opened.picture().width();
    }
  }

  /// A picture that has been cleaned.
  ///
  /// @param loaded as it was
  /// @param picture null where it was left as it is
  /// @param notes what the user should know, one line each
  public record Cleaned(Loaded loaded, Picture picture, List<String> notes) {}

  /// Reads a file.
  ///
  /// @param source a picture of any format that [Format#isRead]
  /// @return what is in it
  /// @throws UserError if it cannot be read
  public static Loaded load(Path source) {
    try {
      Opened opened = PictureReader.read(PictureReader.bytes(source), source.toString());
      return new Loaded(source.toString(), out -> Files.copy(source, out), opened);
    } catch (ClosedByInterruptException e) {
      throw Denoiser.cancelled();
    } catch (IOException e) {
      throw new UserError(source + ": expected a readable file, got " + e.getMessage(), e);
    }
  }

  /// Reads a file's bytes.
  ///
  /// @param file its bytes
  /// @param name to call it by in messages
  /// @return what is in them; it holds them too
  /// @throws UserError if they are no picture, or damaged
  public static Loaded load(byte[] file, String name) {
    return new Loaded(name, out -> out.write(file), PictureReader.read(file, name));
  }

  /// Cleans a picture.
  ///
  /// @param loaded as it was read
  /// @param denoiser with the model to use
  /// @return the clean one, not written yet
  /// @throws UserError if the model or the memory does not do, or the preview is not within
  public Cleaned clean(Loaded loaded, Denoiser denoiser) {
    Picture picture = loaded.opened.picture();
    List<String> notes = new ArrayList<>(loaded.opened.notes());
    int[] part = preview == null ? null : within(picture, loaded.name);
    NoiseLevel level = NoiseLevel.of(picture);
    Strength strength = options.strength();
    boolean asItIs = strength == null ? level.isClean() && !denoiser.hasMask() : strength.isNone();
    notes.add(said(level, asItIs, strength == null));
    if (asItIs && part == null && shows == Shows.CLEAN) {
      return new Cleaned(loaded, null, notes);
    }
    int[] seen = part == null ? null : around(part, picture);
    Picture before = part == null ? picture : picture.crop(seen[0], seen[1], seen[2], seen[3]);
    if (shows == Shows.BOTH) {
      requireRoomForBoth(before, loaded.name);
    }
    Picture after = before;
    if (shows == Shows.MASK) {
      after = denoiser.mask(before);
    } else if (!asItIs) {
      CleanPicture clean = denoiser.cleaned(before, options);
      ModelFit.warning(denoiser.checkpoint(), level).ifPresent(line -> notes.add(WARNING + line));
      moved(clean).ifPresent(notes::add);
      after = clean.picture();
    }
    if (part != null) {
      before = before.crop(part[0] - seen[0], part[1] - seen[1], part[2], part[3]);
      after = after.crop(part[0] - seen[0], part[1] - seen[1], part[2], part[3]);
    }
    if (shows == Shows.BOTH) {
      // The plan may have taken what both need.
      if (!Heap.holds(2 * bytes(after))) {
        denoiser.rest();
      }
      after = before.beside(after);
    }
    return new Cleaned(loaded, after, notes);
  }

  /// Before the work, not after it.
  private static void requireRoomForBoth(Picture before, String name) {
    long bytes = 3 * bytes(before);
    if (!Heap.holds(bytes)) {
      String what =
          "two pictures of %d × %d side by side".formatted(before.width(), before.height());
      throw Heap.tooSmall(name, what, bytes, "compare a part (--preview)");
    }
  }

  private static long bytes(Picture picture) {
    long opacities = picture.alpha() == null ? 0 : picture.alpha().length;
    return (long) picture.colors().bytes() * picture.colors().length() + opacities;
  }

  private static String said(NoiseLevel level, boolean asItIs, boolean usual) {
    if (asItIs && usual) {
      return "already clean, left as it is (--strength 1 cleans it all the same)";
    }
    String noise =
        Double.isNaN(level.sigma())
            ? "noise unknown"
            : "noise about %.1f of 255".formatted(level.sigma());
    return noise + (asItIs ? ", left as it is" : ", cleaned");
  }

  private int[] within(Picture picture, String name) {
    boolean fits =
        preview[0] + (long) preview[2] <= picture.width()
            && preview[1] + (long) preview[3] <= picture.height();
    if (!fits) {
      throw new UserError(
          "%s: expected a part within %d × %d, got %d,%d,%d,%d — change --preview"
              .formatted(
                  name,
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
  private static Optional<String> moved(CleanPicture clean) {
    for (int c = 0; c < COLORS.length; c++) {
      double shift = 255 * clean.moved(c);
      if (Math.abs(shift) > MEAN_MOVED) {
        return Optional.of(
            WARNING
                + "the mean of %s moved by %.1f of 255: the model does not fit this picture"
                    .formatted(COLORS[c], shift));
      }
    }
    return Optional.empty();
  }

  /// The format that a file is written in.
  ///
  /// @param target its name
  /// @return what the name asks for
  /// @throws UserError if it asks for none that is written
  public static Format format(Path target) {
    return Format.ofName(target)
        .filter(format -> format.written() == format)
        .orElseThrow(() ->
            new UserError(
                "%s: expected a name that ends in .png, .jpg, .tif or .bmp, which are what it writes, got %s — change the name"
                    .formatted(target, ending(target))));
  }

  private static String ending(Path target) {
    String name = "" + target.getFileName();
    int dot = name.lastIndexOf('.');
    return dot < 1 ? "none" : name.substring(dot);
  }

  /// Whether two names stand for one file that is there: a clean picture must not take the place of
  /// its source.
  ///
  /// @param source a name
  /// @param target another
  /// @return whether they do, however both are written
  public static boolean isSame(Path source, Path target) {
    try {
      return Files.exists(target) && Files.isSameFile(source, target);
    } catch (IOException e) {
      return false;
    }
  }

  /// Writes a picture to a file, whole or not at all.
  ///
  /// @param cleaned the picture
  /// @param target the file; one that is there is replaced if the options allow it
  /// @throws UserError if it cannot be written
  public void write(Cleaned cleaned, Path target) {
    Format format = format(target);
    try {
      AtomicFile.Body body =
          out -> {
            encode(cleaned, format, out);
            Denoiser.requireNotCancelled();
          };
      if (options.overwrite()) {
        AtomicFile.write(target, body);
      } else {
        AtomicFile.create(target, body);
      }
    } catch (IOException e) {
      throw new UserError(cleaned.loaded.name + ": " + e.getMessage(), e);
    }
  }

  /// Writes a picture with what was in its file.
  ///
  /// @param cleaned the picture
  /// @param format to write; null for its own, or PNG where that is not written
  /// @param out stays open
  /// @throws UserError if the format cannot hold the picture
  /// @throws IOException if it cannot be written
  public void encode(Cleaned cleaned, Format format, OutputStream out) throws IOException {
    Opened opened = cleaned.loaded.opened;
    Format own = opened.kept().format();
    Format written = format == null ? own.written() : format;
    if (cleaned.picture == null && written == own) {
      cleaned.loaded.original.to(out);
      return;
    }
    Picture noisy = opened.picture();
    Picture picture = cleaned.picture == null ? noisy : cleaned.picture;
    if (picture.alpha() != null && written == Format.JPEG) {
      throw new UserError(
          cleaned.loaded.name
              + ": expected a picture without transparency for a JPEG, got one with it"
              + " — write a PNG");
    }
    Kept kept = opened.kept();
    if (preview != null || shows != Shows.CLEAN) {
      int[] part = preview == null ? new int[] {0, 0, noisy.width(), noisy.height()} : preview;
      kept = kept.part(noisy.width(), part, shows == Shows.BOTH ? 2 : 1);
    }
    PictureWriter.write(picture, kept, written, options.quality(), out);
  }
}
