package dae.image;

import dae.Heap;
import dae.UserError;
import dae.file.AtomicFile;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.IOException;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/// Reads and writes PNG.
public final class Png {
  /// While it is read: four samples of 16 bits as they are decoded, three floats and the opacity.
  private static final int BYTES_PER_PIXEL = 4 * Short.BYTES + 3 * Float.BYTES + 1;

  private Png() {}

  /// Reads a PNG of any kind: grey, palette, RGB, with or without transparency, 1 to 16 bits.
  ///
  /// @throws UserError one line, when it is not a PNG, a damaged one, or too large
  /// @throws IOException when the file cannot be read
  public static Picture read(Path path) throws IOException {
    Format.requirePng(path);
    try {
      return Decoder.ofPng(
          path,
          reader -> {
            requireSize(path, reader.getHeight(0), reader.getWidth(0));
            requireRoom(path, reader.getHeight(0), reader.getWidth(0));
            return of(reader.read(0));
          });
    } catch (Decoder.DamagedException e) {
      throw new UserError(
          path + ": expected a whole PNG, got a damaged one — copy or save it again", e);
    }
  }

  private static void requireSize(Path path, int height, int width) {
    if (height > Picture.MAX_SIDE
        || width > Picture.MAX_SIDE
        || (long) height * width > Picture.MAX_PIXELS) {
      throw new UserError(
          "%s: expected at most %d megapixels and sides of %d, got %d × %d — cut it into pieces"
              .formatted(path, Picture.MAX_PIXELS / 1_000_000, Picture.MAX_SIDE, width, height));
    }
  }

  private static void requireRoom(Path path, int height, int width) {
    long bytes = (long) height * width * BYTES_PER_PIXEL;
    if (!Heap.holds(bytes)) {
      String what = "a picture of %d × %d".formatted(width, height);
      throw Heap.tooSmall(path.toString(), what, bytes, "cut it into pieces");
    }
  }

  private static Picture of(BufferedImage image) {
    int height = image.getHeight();
    int width = image.getWidth();
    ColorModel colors = image.getColorModel();
    float[] rgb = new float[height * width * Picture.CHANNELS];
    byte[] alpha = colors.hasAlpha() ? new byte[height * width] : null;
    if (colors instanceof IndexColorModel) {
      readPalette(image, rgb, alpha);
    } else {
      readSamples(image.getRaster(), colors.getComponentSize(0), rgb, alpha);
    }
    return new Picture(height, width, rgb, alpha);
  }

  private static void readPalette(BufferedImage image, float[] rgb, byte[] alpha) {
    int width = image.getWidth();
    int[] row = new int[width];
    for (int y = 0; y < image.getHeight(); y++) {
      image.getRGB(0, y, width, 1, row, 0, width);
      for (int x = 0; x < width; x++) {
        int pixel = y * width + x;
        rgb[pixel * Picture.CHANNELS] = (row[x] >> 16 & 0xFF) / 255f;
        rgb[pixel * Picture.CHANNELS + 1] = (row[x] >> 8 & 0xFF) / 255f;
        rgb[pixel * Picture.CHANNELS + 2] = (row[x] & 0xFF) / 255f;
        if (alpha != null) {
          alpha[pixel] = (byte) (row[x] >>> 24);
        }
      }
    }
  }

  /// Grey has one or two bands, colour three or four; the opacity is the last of two or four.
  private static void readSamples(Raster raster, int bits, float[] rgb, byte[] alpha) {
    int width = raster.getWidth();
    int bands = raster.getNumBands();
    int colors = bands < Picture.CHANNELS ? 1 : Picture.CHANNELS;
    float most = (1 << bits) - 1;
    int[] row = new int[width * bands];
    for (int y = 0; y < raster.getHeight(); y++) {
      raster.getPixels(0, y, width, 1, row);
      for (int x = 0; x < width; x++) {
        int pixel = y * width + x;
        for (int c = 0; c < Picture.CHANNELS; c++) {
          rgb[pixel * Picture.CHANNELS + c] = row[x * bands + c % colors] / most;
        }
        if (alpha != null) {
          alpha[pixel] = (byte) Math.round(row[x * bands + colors] / most * 255);
        }
      }
    }
  }

  /// Writes an 8-bit RGB picture, or RGBA where there is an `alpha`, through [AtomicFile].
  ///
  /// @throws IOException when it cannot be written; an old file stays intact
  public static void write(Picture picture, Path target) throws IOException {
    int height = picture.height();
    int width = picture.width();
    float[] rgb = picture.rgb();
    byte[] alpha = picture.alpha();
    int type = alpha == null ? BufferedImage.TYPE_INT_RGB : BufferedImage.TYPE_INT_ARGB;
    BufferedImage image = new BufferedImage(width, height, type);
    int[] row = new int[width];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int pixel = y * width + x;
        int opacity = alpha == null ? 0xFF : alpha[pixel] & 0xFF;
        row[x] = opacity << 24 | packed(rgb, pixel * Picture.CHANNELS);
      }
      image.setRGB(0, y, width, 1, row, 0, width);
    }
    write(image, target);
  }

  /// Three values from `offset` on, clipped to [0, 1] and rounded to 0xRRGGBB.
  public static int packed(float[] rgb, int offset) {
    return rounded(rgb[offset]) << 16 | rounded(rgb[offset + 1]) << 8 | rounded(rgb[offset + 2]);
  }

  private static int rounded(float value) {
    return Math.round(Math.clamp(value, 0f, 1f) * 255);
  }

  /// Writes any picture as PNG through [AtomicFile].
  ///
  /// @throws IOException when it cannot be written; an old file stays intact
  public static void write(BufferedImage image, Path target) throws IOException {
    AtomicFile.write(
        target,
        out -> {
          // In memory: the default would need room in the system's temporary folder.
          try (MemoryCacheImageOutputStream png = new MemoryCacheImageOutputStream(out)) {
            if (!ImageIO.write(image, "png", png)) {
              throw new IOException("no PNG writer for this kind of picture");
            }
          }
        });
  }
}
