package dae.image;

import dae.UserError;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
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

  private interface Choice {
    ImageReader among(ImageInputStream in) throws IOException;
  }

  private Decoder() {}

  /// Reads a file of whatever format its first bytes show.
  ///
  /// @throws DamagedException when the decoder fails
  /// @throws IOException when the file cannot be opened, or is of no format that ImageIO knows
  static <T> T ofAny(Path file, Reading<T> reading) throws IOException {
    return lend(
        file,
        in -> {
          var readers = ImageIO.getImageReaders(in);
          if (!readers.hasNext()) {
            throw new IOException("not a picture of a known format");
          }
          return readers.next();
        },
        reading);
  }

  /// Reads a file that is a PNG.
  ///
  /// @throws DamagedException when the decoder fails
  /// @throws IOException when the file cannot be opened
  static <T> T ofPng(Path file, Reading<T> reading) throws IOException {
    return lend(file, in -> ImageIO.getImageReadersByFormatName("png").next(), reading);
  }

  private static <T> T lend(Path file, Choice choice, Reading<T> reading) throws IOException {
    // Not from a File: on a system without UTF-8 a File loses the name's other letters, and for one
    // that cannot be opened ImageIO returns null and throws nothing.
    try (InputStream bytes = Files.newInputStream(file);
        ImageInputStream in = new MemoryCacheImageInputStream(bytes)) {
      ImageReader reader = choice.among(in);
      try {
        reader.setInput(in, true, true);
        return reading.from(reader);
      } catch (UserError e) {
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
  }

  /// The file could be opened, but the decoder could not make sense of it.
  static final class DamagedException extends IOException {
    private static final long serialVersionUID = 1L;

    DamagedException(String message, Exception cause) {
      super(message, cause);
    }
  }
}
