package dae.image;

import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
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
    return width + "×" + height;
  }

  /// Decodes the pixels, for [#crop]; the caller holds one picture at a time.
  ///
  /// @throws IOException if they cannot be decoded, or are not as many as the header said
  public BufferedImage decode() throws IOException {
    BufferedImage image = Decoder.ofAny(path, reader -> reader.read(0));
    if (image.getHeight() != height || image.getWidth() != width) {
      throw new IOException("its header says " + size() + ", its content something else");
    }
    Samples.bits(image.getColorModel());
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
    ColorModel colors = image.getColorModel();
    if (!Samples.isStored(colors)) {
      BufferedImage rgb = Samples.converted(image.getSubimage(left, top, w, h));
      copy(rgb, 0, 0, h, w, into, offset);
      return;
    }
    int bands = image.getRaster().getNumBands();
    int colorBands = bands < Picture.CHANNELS ? 1 : Picture.CHANNELS;
    int[] samples = image.getRaster().getPixels(left, top, w, h, (int[]) null);
    for (int i = 0; i < h * w; i++) {
      for (int c = 0; c < Picture.CHANNELS; c++) {
        int band = c % colorBands;
        int largest = (1 << colors.getComponentSize(band)) - 1;
        long value = (samples[i * bands + band] * 255L + largest / 2) / largest;
        into[offset + Picture.CHANNELS * i + c] = (byte) value;
      }
    }
  }
}
