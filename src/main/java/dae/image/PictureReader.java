package dae.image;

import dae.Heap;
import dae.UserError;
import dae.file.PlainFile;
import dae.file.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.BufferUnderflowException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/// Reads a picture file of any format that [Format#isRead], whatever its name says, and what has to
/// be kept of it.
public final class PictureReader {
  private static final int PIECE = 1 << 16;

  private static final String NO_FILE = "no file";
  private static final String ANY = "a picture";

  private PictureReader() {}

  /// Judges a size before the pixels are unpacked.
  interface Limit {
    /// @param bytes that a pixel takes while it is read
    /// @throws UserError if it is too large
    void check(int height, int width, int bytes);
  }

  /// Reads a file.
  ///
  /// @throws UserError one line, when it is not a picture, a damaged one, or too large
  /// @throws IOException when the file cannot be read
  public static Opened read(Path path) throws IOException {
    return read(bytes(path), path.toString());
  }

  /// A picture file's bytes, as far as its name and its kind tell that it can be read.
  ///
  /// @throws UserError one line, when it is a folder, a pipe or a device, or not there
  /// @throws IOException when the file cannot be read
  public static byte[] bytes(Path path) throws IOException {
    requireFile(path);
    // Many of these are TIFFs whose first page is a small preview.
    if (Format.ofName(path).orElse(null) == Format.RAW) {
      throw refused(path.toString(), ANY, new byte[0], Format.RAW);
    }
    return content(path);
  }

  private static byte[] content(Path path) throws IOException {
    try {
      long size = Files.size(path);
      if (!Heap.holds(size)) {
        String what = "a file of %d MiB".formatted(size >> 20);
        throw Heap.tooSmall(path.toString(), what, size, "cut it into pieces");
      }
      return read(path, size);
    } catch (AccessDeniedException e) {
      throw new UserError(
          path + ": expected a readable file, got " + Reason.of(e) + " — check its permissions", e);
    }
  }

  /// In pieces: what is read in one goes through a buffer of its size outside the heap, which the
  /// JDK keeps.
  private static byte[] read(Path path, long size) throws IOException {
    byte[] file = new byte[(int) Math.min(size, Integer.MAX_VALUE)];
    int count = 0;
    try (InputStream in = PlainFile.open(path)) {
      for (int got = 0; got >= 0 && count < file.length; count += Math.max(got, 0)) {
        got = in.read(file, count, Math.min(PIECE, file.length - count));
      }
    }
    return count == file.length ? file : Arrays.copyOf(file, count);
  }

  /// @throws UserError one line, when it is a folder, a pipe or a device, or not there
  public static void requireFile(Path path) {
    requireFile(path, ANY);
  }

  /// Reads a file of one format alone.
  static Opened readOnly(Format format, Path path) throws IOException {
    requireFile(path, format.words() + " picture");
    byte[] file = content(path);
    Format got = Format.of(file).orElse(null);
    if (got != format) {
      throw refused(path.toString(), format.words() + " picture", file, got);
    }
    return read(file, path.toString());
  }

  /// Reads a file's bytes.
  ///
  /// @param name to call it by in messages
  /// @throws UserError one line, when it is not a picture, a damaged one, or too large
  public static Opened read(byte[] file, String name) {
    Format format = Format.of(file).orElse(null);
    if (format == null || !format.isRead()) {
      throw refused(name, ANY, file, format);
    }
    Limit limit = (height, width, bytes) -> requireSize(name, height, width, bytes);
    try {
      return read(file, format, limit);
    } catch (Decoder.UnreadException e) {
      throw new UserError(name + ": " + e.getMessage(), e);
    } catch (IOException e) {
      String what = format.words().substring(2);
      throw new UserError(
          "%s: expected a whole %s, got a damaged one%s — copy or save it again"
              .formatted(name, what, detail(e)),
          e);
    }
  }

  private static Opened read(byte[] file, Format format, Limit limit) throws IOException {
    try {
      return switch (format) {
        case PNG -> Png.read(file, limit);
        case JPEG -> Jpeg.read(file, limit);
        case BMP -> Bmp.read(file, limit);
        case TIFF -> Tiff.read(file, limit);
        case WEBP -> WebP.read(file, limit);
        default -> Gif.read(file, limit);
      };
    } catch (IndexOutOfBoundsException | BufferUnderflowException e) {
      // Where a length in the file is a lie.
      throw new Decoder.DamagedException("damaged: " + e, e);
    }
  }

  /// The pixels of a picture whose size was judged before.
  ///
  /// @throws IOException if it is not a picture that can be read
  static Picture decoded(byte[] file) throws IOException {
    Format format = Format.of(file).filter(Format::isRead).orElse(null);
    if (format == null) {
      throw new IOException("not a picture of a known format");
    }
    return read(file, format, (height, width, bytes) -> {}).picture();
  }

  /// Only what is in our own words: decoders' are for programmers.
  private static String detail(IOException e) {
    return e instanceof Decoder.DamagedException ? "" : " (" + e.getMessage() + ")";
  }

  /// A file that may be read from its start to its end: no folder, pipe or device.
  private static void requireFile(Path path, String expected) {
    if (Files.isRegularFile(path)) {
      return;
    }
    String got =
        !Files.exists(path)
            ? NO_FILE + " — check the path"
            : Files.isDirectory(path)
                ? "a folder — name a picture in it"
                : "a pipe or a device — write it to a file first, or to standard input";
    throw new UserError("%s: expected %s, got %s".formatted(path, expected, got));
  }

  private static UserError refused(String name, String expected, byte[] file, Format got) {
    String words =
        got != null ? got.words() : file.length == 0 ? "an empty file" : "something else";
    String advice = got != null ? got.advice() : Format.PNG.advice();
    return new UserError("%s: expected %s, got %s — %s".formatted(name, expected, words, advice));
  }

  private static void requireSize(String name, int height, int width, int each) {
    if (height > Picture.MAX_SIDE
        || width > Picture.MAX_SIDE
        || (long) height * width > Picture.MAX_PIXELS) {
      throw new UserError(
          "%s: expected at most %d megapixels and sides of %d, got %d × %d — cut it into pieces"
              .formatted(name, Picture.MAX_PIXELS / 1_000_000, Picture.MAX_SIDE, width, height));
    }
    long bytes = (long) height * width * each;
    if (!Heap.holds(bytes)) {
      String what = "a picture of %d × %d".formatted(width, height);
      throw Heap.tooSmall(name, what, bytes, "cut it into pieces");
    }
  }

  /// What a file is by its first bytes; null where it cannot be told or read.
  public static Format sniff(Path path) {
    try (InputStream in = PlainFile.open(path)) {
      return Format.of(in.readNBytes(Format.HEAD)).orElse(null);
    } catch (IOException e) {
      return null;
    }
  }
}
