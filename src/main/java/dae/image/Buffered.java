package dae.image;

import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.IOException;

/// A picture that a program holds as a `BufferedImage`: its values as they are stored, and the way
/// back to an image of the same kind.
///
/// @param image with samples that can be taken as they are: the program's own, or a copy of it
/// @param picture its colours and opacities
/// @since 0.1.0
public record Buffered(BufferedImage image, Picture picture) {
  /// Takes an image's values. It is not changed. Of a palette, of colours that are neither RGB nor
  /// grey and of colours multiplied by their opacity a plain copy is made first.
  ///
  /// @param image of any type with whole numbers of up to 16 bits
  /// @return the image or its copy, with its values
  /// @throws IllegalArgumentException if its samples are larger, or no whole numbers
  public static Buffered of(BufferedImage image) {
    BufferedImage plain = image;
    if (image.isAlphaPremultiplied()) {
      WritableRaster copy = image.copyData(blank(image).getRaster());
      plain = new BufferedImage(image.getColorModel(), copy, true, null);
      plain.coerceData(false);
    }
    if (!Samples.isStored(plain.getColorModel())) {
      plain = Samples.converted(plain);
    }
    try {
      return new Buffered(plain, Samples.of(plain).picture());
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "image: expected whole numbers of up to 16 bits, got " + e.getMessage(), e);
    }
  }

  /// The image with other colours, rounded and clipped; type, colour model and opacities are the
  /// same.
  ///
  /// @param clean of the same size
  /// @return a new image
  public BufferedImage with(Picture clean) {
    BufferedImage result = blank(image);
    ColorModel colors = image.getColorModel();
    int width = image.getWidth();
    int bands = image.getRaster().getNumBands();
    int colorBands = bands < Picture.CHANNELS ? 1 : Picture.CHANNELS;
    int[] row = new int[width * bands];
    float[] line = new float[width * Picture.CHANNELS];
    for (int y = 0; y < image.getHeight(); y++) {
      clean.colors().read(y * line.length, line.length, line, 0);
      image.getRaster().getPixels(0, y, width, 1, row);
      for (int x = 0; x < width; x++) {
        for (int c = 0; c < colorBands; c++) {
          float value = line[x * Picture.CHANNELS + c];
          int most = (1 << colors.getComponentSize(c)) - 1;
          row[x * bands + c] = Math.round(Math.clamp(value, 0f, 1f) * most);
        }
      }
      result.getRaster().setPixels(0, y, width, 1, row);
    }
    return result;
  }

  private static BufferedImage blank(BufferedImage image) {
    WritableRaster raster =
        Raster.createWritableRaster(
            image.getSampleModel().createCompatibleSampleModel(image.getWidth(), image.getHeight()),
            null);
    return new BufferedImage(image.getColorModel(), raster, image.isAlphaPremultiplied(), null);
  }
}
