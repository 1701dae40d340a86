package dae.image;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorConvertOp;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.IOException;

/// Between ImageIO's pictures and ours: samples as they are stored, whatever colours they mean.
///
/// `getRGB` is avoided: it takes grey samples for linear light and brightens them, and converts
/// colours that carry a profile.
///
/// @param picture the colours, and opacities of 8 bits
/// @param bits of a sample, 8 or 16
/// @param grey whether one sample stands for all three colours
/// @param opacities of 16 bits, where the samples have so many; null otherwise
record Samples(Picture picture, int bits, boolean grey, short[] opacities) {
  private static final int BYTE = 8;
  private static final int SHORT = 16;

  /// Takes the samples of a decoded picture. Palettes, and colours that are neither RGB nor grey,
  /// are converted to RGB of 8 bits.
  ///
  /// @throws IOException if they have more than 16 bits or are no whole numbers
  static Samples of(BufferedImage decoded) throws IOException {
    BufferedImage image = decoded;
    if (image.isAlphaPremultiplied()) {
      image.coerceData(false);
    }
    boolean grey = isGrey(image.getColorModel());
    if (!isStored(image.getColorModel())) {
      image = converted(image);
    }
    ColorModel colors = image.getColorModel();
    int bits = bits(colors) > BYTE ? SHORT : BYTE;
    int height = image.getHeight();
    int width = image.getWidth();
    float[] rgb = new float[Math.multiplyExact(height * width, Picture.CHANNELS)];
    byte[] alpha = colors.hasAlpha() ? new byte[height * width] : null;
    short[] opacities = alpha != null && bits == SHORT ? new short[height * width] : null;
    int bands = image.getRaster().getNumBands();
    int colorBands = bands < Picture.CHANNELS ? 1 : Picture.CHANNELS;
    float[] most = most(colors, bands);
    int[] row = new int[width * bands];
    for (int y = 0; y < height; y++) {
      image.getRaster().getPixels(0, y, width, 1, row);
      for (int x = 0; x < width; x++) {
        int pixel = y * width + x;
        for (int c = 0; c < Picture.CHANNELS; c++) {
          int band = c % colorBands;
          rgb[pixel * Picture.CHANNELS + c] = row[x * bands + band] / most[band];
        }
        if (alpha != null) {
          float opacity = row[x * bands + colorBands] / most[colorBands];
          alpha[pixel] = (byte) Math.round(opacity * 255);
          if (opacities != null) {
            opacities[pixel] = (short) row[x * bands + colorBands];
          }
        }
      }
    }
    return new Samples(new Picture(height, width, rgb, alpha), bits, grey, opacities);
  }

  private static float[] most(ColorModel colors, int bands) {
    float[] most = new float[bands];
    for (int band = 0; band < bands; band++) {
      most[band] = (1 << colors.getComponentSize(band)) - 1;
    }
    return most;
  }

  /// Bits of the largest sample.
  ///
  /// @throws IOException if they are more than 16, or not whole numbers
  static int bits(ColorModel colors) throws IOException {
    int bits = 0;
    for (int size : colors.getComponentSize()) {
      bits = Math.max(bits, size);
    }
    if (bits > SHORT || colors.getTransferType() >= DataBuffer.TYPE_FLOAT) {
      throw new Decoder.UnreadException(
          "expected whole numbers of at most 16 bits, got %s of %d bits"
              .formatted(
                  colors.getTransferType() >= DataBuffer.TYPE_FLOAT ? "fractions" : "whole numbers",
                  bits));
    }
    return bits;
  }

  /// Whether the raster's own samples are what is wanted.
  static boolean isStored(ColorModel colors) {
    int type = colors.getColorSpace().getType();
    return !(colors instanceof IndexColorModel)
        && (type == ColorSpace.TYPE_RGB || type == ColorSpace.TYPE_GRAY);
  }

  private static boolean isGrey(ColorModel colors) {
    if (!(colors instanceof IndexColorModel palette)) {
      return colors.getColorSpace().getType() == ColorSpace.TYPE_GRAY;
    }
    for (int i = 0; i < palette.getMapSize(); i++) {
      if (palette.getRed(i) != palette.getGreen(i) || palette.getGreen(i) != palette.getBlue(i)) {
        return false;
      }
    }
    return true;
  }

  /// The colours of a palette, or what a profile makes of others.
  static BufferedImage converted(BufferedImage image) {
    boolean alpha = image.getColorModel().hasAlpha();
    BufferedImage rgb =
        new BufferedImage(
            image.getWidth(),
            image.getHeight(),
            alpha ? BufferedImage.TYPE_INT_ARGB : BufferedImage.TYPE_INT_RGB);
    if (!(image.getColorModel() instanceof IndexColorModel)) {
      return new ColorConvertOp(null).filter(image, rgb);
    }
    int[] row = new int[image.getWidth()];
    for (int y = 0; y < image.getHeight(); y++) {
      image.getRGB(0, y, row.length, 1, row, 0, row.length);
      rgb.setRGB(0, y, row.length, 1, row, 0, row.length);
    }
    return rgb;
  }

  /// A picture for an encoder, rounded and clipped.
  ///
  /// @param kept says how many bits, whether grey, and holds opacities of 16 bits
  static BufferedImage image(Picture picture, Kept kept) {
    int width = picture.width();
    boolean alpha = picture.alpha() != null;
    int colorBands = kept.grey() ? 1 : Picture.CHANNELS;
    int bands = colorBands + (alpha ? 1 : 0);
    BufferedImage image = blank(width, picture.height(), kept.grey(), alpha, kept.bits());
    int most = (1 << kept.bits()) - 1;
    int[] row = new int[width * bands];
    for (int y = 0; y < picture.height(); y++) {
      for (int x = 0; x < width; x++) {
        int pixel = y * width + x;
        for (int c = 0; c < colorBands; c++) {
          float value = picture.rgb()[pixel * Picture.CHANNELS + c];
          row[x * bands + c] = Math.round(Math.clamp(value, 0f, 1f) * most);
        }
        if (alpha) {
          row[x * bands + colorBands] = opacity(picture, kept, pixel);
        }
      }
      image.getRaster().setPixels(0, y, width, 1, row);
    }
    return image;
  }

  private static int opacity(Picture picture, Kept kept, int pixel) {
    if (kept.opacities() != null) {
      return kept.opacities()[pixel] & 0xFFFF;
    }
    int opacity = picture.alpha()[pixel] & 0xFF;
    return kept.bits() == SHORT ? opacity * 0x101 : opacity;
  }

  private static BufferedImage blank(int width, int height, boolean grey, boolean alpha, int bits) {
    if (bits == BYTE && !alpha) {
      return new BufferedImage(
          width, height, grey ? BufferedImage.TYPE_BYTE_GRAY : BufferedImage.TYPE_3BYTE_BGR);
    }
    ColorSpace space = ColorSpace.getInstance(grey ? ColorSpace.CS_GRAY : ColorSpace.CS_sRGB);
    int type = bits == SHORT ? DataBuffer.TYPE_USHORT : DataBuffer.TYPE_BYTE;
    ColorModel colors =
        new ComponentColorModel(
            space, alpha, false, alpha ? ColorModel.TRANSLUCENT : ColorModel.OPAQUE, type);
    int bands = (grey ? 1 : Picture.CHANNELS) + (alpha ? 1 : 0);
    WritableRaster raster = Raster.createInterleavedRaster(type, width, height, bands, null);
    return new BufferedImage(colors, raster, false, null);
  }
}
