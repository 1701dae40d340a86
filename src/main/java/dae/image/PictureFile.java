package dae.image;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;

/// A picture file of any format that ImageIO knows, whose header was read, but not its pixels.
///
/// @param path where it is
/// @param height rows
/// @param width columns
public record PictureFile(Path path, int height, int width) {
  /// Reads a file's dimensions.
  ///
  /// @param smallest the smallest height and width that are of use
  /// @throws IOException if it is not a picture that can be read, too small or too large
  public static PictureFile inspect(Path path, int smallest) throws IOException {
    PictureFile picture =
        Decoder.ofAny(
            path, reader -> new PictureFile(path, reader.getHeight(0), reader.getWidth(0)));
    if (Math.min(picture.height, picture.width) < smallest) {
      throw new IOException(picture.size() + " pixels are too small");
    }
    if ((long) picture.height * picture.width > Picture.MAX_PIXELS) {
      throw new IOException(
          "%s pixels are more than %d million"
              .formatted(picture.size(), Picture.MAX_PIXELS / 1_000_000));
    }
    return picture;
  }

  private String size() {
    return height + "×" + width;
  }

  /// Decodes the pixels, for [#crop]; the caller holds one picture at a time.
  ///
  /// @throws IOException if they cannot be decoded, or are not as many as the header said
  public BufferedImage decode() throws IOException {
    BufferedImage image = Decoder.ofAny(path, reader -> reader.read(0));
    if (image.getHeight() != height || image.getWidth() != width) {
      throw new IOException("its header says " + size() + ", its content something else");
    }
    return image;
  }

  /// Decodes the whole picture.
  ///
  /// @return height × width × 3 bytes of interleaved RGB; transparency is ignored
  /// @throws IOException as [#decode]
  public byte[] rgb() throws IOException {
    BufferedImage image = decode();
    byte[] rgb = new byte[height * width * Picture.CHANNELS];
    for (int row = 0; row < height; row++) {
      copy(image, row, 0, 1, width, rgb, row * width * Picture.CHANNELS);
    }
    return rgb;
  }

  /// Copies a square of a decoded picture as interleaved RGB; transparency is ignored.
  ///
  /// @param into takes side × side × 3 values from `offset` on
  public static void crop(
      BufferedImage image, int top, int left, int side, byte[] into, int offset) {
    copy(image, top, left, side, side, into, offset);
  }

  private static void copy(
      BufferedImage image, int top, int left, int h, int w, byte[] into, int offset) {
    if (image.getColorModel().getColorSpace().getType() == ColorSpace.TYPE_GRAY) {
      copyGray(image, top, left, h, w, into, offset);
      return;
    }
    int[] argb = image.getRGB(left, top, w, h, null, 0, w);
    for (int i = 0; i < argb.length; i++) {
      into[offset + 3 * i] = (byte) (argb[i] >> 16);
      into[offset + 3 * i + 1] = (byte) (argb[i] >> 8);
      into[offset + 3 * i + 2] = (byte) argb[i];
    }
  }

  /// `getRGB` takes grey samples for linear light and brightens them; the file's values are wanted.
  private static void copyGray(
      BufferedImage image, int top, int left, int h, int w, byte[] into, int offset) {
    int[] samples = image.getRaster().getSamples(left, top, w, h, 0, (int[]) null);
    int largest = (1 << image.getColorModel().getComponentSize(0)) - 1;
    for (int i = 0; i < samples.length; i++) {
      byte value = (byte) ((samples[i] * 255L + largest / 2) / largest);
      into[offset + 3 * i] = value;
      into[offset + 3 * i + 1] = value;
      into[offset + 3 * i + 2] = value;
    }
  }
}
