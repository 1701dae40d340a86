package dae.image;

import dae.UserError;
import dae.file.PlainFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/// Lends ImageIO's decoder for a file, and makes one exception of the many that decoders throw.
final class Decoder {
  /// What is wanted of the decoder: the size of its image 0, or its pixels.
  interface Reading<T> {
    T from(ImageReader reader) throws IOException;
  }

  /// What the decoder of JPEG only warns of, and goes on with grey or with shifted colours.
  private static final Pattern DAMAGE =
      Pattern.compile("(?i).*(premature end|truncated|bad huffman code|missing eoi).*");

  private Decoder() {}

  /// Reads a file of whatever format its first bytes show.
  ///
  /// @throws DamagedException when the decoder fails
  /// @throws IOException when the file cannot be opened, or is of no format that ImageIO knows
  static <T> T ofAny(Path file, Reading<T> reading) throws IOException {
    // Not from a File: on a system without UTF-8 a File loses the name's other letters, and for one
    // that cannot be opened ImageIO returns null and throws nothing.
    // In memory: the default would need room in the system's temporary folder.
    try (InputStream bytes = PlainFile.open(file);
        ImageInputStream in = new MemoryCacheImageInputStream(bytes)) {
      var readers = ImageIO.getImageReaders(in);
      if (!readers.hasNext()) {
        throw new IOException("not a picture of a known format");
      }
      return lend(in, readers.next(), reading);
    }
  }

  /// Reads a file's bytes in a format.
  ///
  /// @throws DamagedException when the decoder fails
  static <T> T of(Format format, byte[] file, Reading<T> reading) throws IOException {
    return of(format, Ranges.of(file), reading);
  }

  /// The same of bytes that lie elsewhere.
  ///
  /// @param file is closed
  /// @throws DamagedException when the decoder fails
  static <T> T of(Format format, ImageInputStream file, Reading<T> reading) throws IOException {
    String name = format.name().toLowerCase(Locale.ROOT);
    try (file) {
      return lend(file, ImageIO.getImageReadersByFormatName(name).next(), reading);
    }
  }

  private static <T> T lend(ImageInputStream in, ImageReader reader, Reading<T> reading)
      throws IOException {
    StringBuilder damage = new StringBuilder();
    reader.addIIOReadWarningListener((source, warning) -> {
      if (DAMAGE.matcher(warning).matches()) {
        damage.append(warning);
      }
    });
    try {
      reader.setInput(in, true, true);
      T result = reading.from(reader);
      if (!damage.isEmpty()) {
        throw new DamagedException("damaged: " + damage, null);
      }
      return result;
    } catch (UserError | DamagedException | UnreadException e) {
      throw e;
    } catch (IOException e) {
      throw new DamagedException(e.getMessage(), e);
    } catch (RuntimeException e) {
      // ImageIO's decoders answer some damaged files with index or argument exceptions.
      throw new DamagedException("damaged: " + e, e);
    } finally {
      reader.dispose();
    }
  }

  /// The file is whole, but its pixels are of a kind that is not read.
  static final class UnreadException extends IOException {
    private static final long serialVersionUID = 1L;

    /// @param message what was expected, what there is, and what to do
    UnreadException(String message) {
      super(message);
    }
  }

  /// The file could be opened, but the decoder could not make sense of it.
  static final class DamagedException extends IOException {
    private static final long serialVersionUID = 1L;

    DamagedException(String message, Exception cause) {
      super(message, cause);
    }
  }
}
