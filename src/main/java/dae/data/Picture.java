package dae.data;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/// One picture file of a folder whose header was read, but not its pixels.
///
/// @param file where it is
/// @param hash of its path inside the folder: the key of its split and of its crops
/// @param height rows
/// @param width columns
record Picture(Path file, long hash, int height, int width) {
  /// Larger pictures are refused before they are decoded: a file of 48 KB can unpack to 400 million
  /// pixels.
  static final long MOST_PIXELS = 64_000_000;

  private interface Reading<T> {
    T from(ImageReader reader) throws IOException;
  }

  /// Reads a file's dimensions.
  ///
  /// @param file the picture
  /// @param name its path inside the folder, with `/`
  /// @param smallest the least height and width that is of use
  /// @throws IOException if it is no picture that can be read, too small or too large
  static Picture inspect(Path file, String name, int smallest) throws IOException {
    Picture picture =
        open(
            file, reader -> new Picture(file, hash(name), reader.getHeight(0), reader.getWidth(0)));
    if (Math.min(picture.height, picture.width) < smallest) {
      throw new IOException(picture.size() + " pixels are too small");
    }
    if ((long) picture.height * picture.width > MOST_PIXELS) {
      throw new IOException(picture.size() + " pixels are more than 64 million");
    }
    return picture;
  }

  private String size() {
    return height + "×" + width;
  }

  /// Decodes the pixels; the caller holds one picture at a time.
  BufferedImage decode() throws IOException {
    BufferedImage image = open(file, reader -> reader.read(0));
    if (image.getHeight() != height || image.getWidth() != width) {
      throw new IOException("its header says " + size() + ", its content something else");
    }
    return image;
  }

  private static <T> T open(Path file, Reading<T> reading) throws IOException {
    // Not from a File: for one that cannot be opened ImageIO has no exception but null.
    try (InputStream bytes = Files.newInputStream(file);
        ImageInputStream in = new MemoryCacheImageInputStream(bytes)) {
      Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
      if (!readers.hasNext()) {
        throw new IOException("not a picture of a known format");
      }
      ImageReader reader = readers.next();
      try {
        reader.setInput(in, true, true);
        return reading.from(reader);
      } catch (RuntimeException e) {
        // ImageIO's decoders answer some damaged files with index or argument exceptions.
        throw new IOException("damaged: " + e, e);
      } finally {
        reader.dispose();
      }
    }
  }

  /// Copies a square of a decoded picture as interleaved RGB; transparency is ignored.
  static void crop(BufferedImage image, int top, int left, int side, byte[] into, int offset) {
    if (image.getColorModel().getColorSpace().getType() == ColorSpace.TYPE_GRAY) {
      cropGray(image, top, left, side, into, offset);
      return;
    }
    int[] argb = image.getRGB(left, top, side, side, null, 0, side);
    for (int i = 0; i < argb.length; i++) {
      into[offset + 3 * i] = (byte) (argb[i] >> 16);
      into[offset + 3 * i + 1] = (byte) (argb[i] >> 8);
      into[offset + 3 * i + 2] = (byte) argb[i];
    }
  }

  /// `getRGB` takes grey samples for linear light and brightens them; the file's values are wanted.
  private static void cropGray(
      BufferedImage image, int top, int left, int side, byte[] into, int offset) {
    int[] samples = image.getRaster().getSamples(left, top, side, side, 0, (int[]) null);
    int largest = (1 << image.getColorModel().getComponentSize(0)) - 1;
    for (int i = 0; i < samples.length; i++) {
      byte value = (byte) ((samples[i] * 255L + largest / 2) / largest);
      into[offset + 3 * i] = value;
      into[offset + 3 * i + 1] = value;
      into[offset + 3 * i + 2] = value;
    }
  }

  private static long hash(String name) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8));
      long hash = 0;
      for (int i = 0; i < Long.BYTES; i++) {
        hash = hash << 8 | digest[i] & 0xFF;
      }
      return hash;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
