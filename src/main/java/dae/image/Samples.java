package dae.image;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorConvertOp;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.DataBufferUShort;
import java.awt.image.IndexColorModel;
import java.awt.image.PixelInterleavedSampleModel;
import java.awt.image.Raster;
import java.awt.image.SampleModel;
import java.awt.image.WritableRaster;
import java.io.IOException;
import java.util.Arrays;
import java.util.Iterator;
import javax.imageio.ImageReader;
import javax.imageio.ImageTypeSpecifier;

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

  /// Of a pixel of a kind that a decoder does not tell before: four samples of 16 bits, and as
  /// ours.
  private static final int MOST_BYTES = 17;

  private static final int[] RGB = {0, 1, 2};
  private static final int[] BGR = {2, 1, 0};

  /// Takes the samples of a picture that nobody else holds. Where they lie as ours do, but for
  /// their order, its array becomes ours: a large picture is in memory once.
  ///
  /// @throws IOException as [#of]
  static Samples take(BufferedImage decoded) throws IOException {
    Colors colors = isInterleaved(decoded) ? array(decoded) : null;
    if (colors == null) {
      return of(decoded);
    }
    Picture picture = new Picture(decoded.getHeight(), decoded.getWidth(), colors, null);
    return new Samples(picture, colors instanceof Colors.Shorts ? SHORT : BYTE, false, null);
  }

  private static boolean isInterleaved(BufferedImage image) {
    ColorModel model = image.getColorModel();
    return isStored(model)
        && model.getNumComponents() == Picture.CHANNELS
        && !model.hasAlpha()
        && image.getSampleModel() instanceof PixelInterleavedSampleModel samples
        && samples.getPixelStride() == Picture.CHANNELS
        && samples.getScanlineStride() == image.getWidth() * Picture.CHANNELS;
  }

  /// The array of a picture's samples, in our order; null where it is not ours to take.
  private static Colors array(BufferedImage image) {
    int[] bits = image.getColorModel().getComponentSize();
    int[] order = ((PixelInterleavedSampleModel) image.getSampleModel()).getBandOffsets();
    int length = image.getHeight() * image.getWidth() * Picture.CHANNELS;
    boolean bgr = Arrays.equals(order, BGR);
    if (image.getRaster().getDataBuffer() instanceof DataBufferByte buffer
        && Arrays.equals(bits, new int[] {BYTE, BYTE, BYTE})
        && buffer.getData().length == length
        && (bgr || Arrays.equals(order, RGB))) {
      byte[] values = buffer.getData();
      for (int i = 0; i < length && bgr; i += Picture.CHANNELS) {
        byte blue = values[i];
        values[i] = values[i + 2];
        values[i + 2] = blue;
      }
      return new Colors.Bytes(values);
    }
    return image.getRaster().getDataBuffer() instanceof DataBufferUShort buffer
            && Arrays.equals(bits, new int[] {SHORT, SHORT, SHORT})
            && buffer.getData().length == length
            && Arrays.equals(order, RGB)
        ? new Colors.Shorts(buffer.getData())
        : null;
  }

  /// Takes the samples of a decoded picture. Palettes, and colours that are neither RGB nor grey,
  /// are converted to RGB of 8 bits.
  ///
  /// @param decoded stays as it is
  /// @throws IOException if they have more than 16 bits or are no whole numbers
  static Samples of(BufferedImage decoded) throws IOException {
    BufferedImage image = decoded;
    if (image.isAlphaPremultiplied()) {
      image.coerceData(false);
    }
    boolean grey = isGrey(image.getColorModel());
    if (image.getColorModel() instanceof IndexColorModel palette) {
      requireColors(image, palette.getMapSize());
    }
    if (!isStored(image.getColorModel())) {
      image = converted(image);
    }
    ColorModel model = image.getColorModel();
    int bits = bits(model) > BYTE ? SHORT : BYTE;
    int height = image.getHeight();
    int width = image.getWidth();
    int bands = image.getRaster().getNumBands();
    int colorBands = bands < Picture.CHANNELS ? 1 : Picture.CHANNELS;
    float[] most = most(model, bands);
    Colors colors = blank(Math.multiplyExact(height * width, Picture.CHANNELS), bits, most);
    byte[] alpha = model.hasAlpha() ? new byte[height * width] : null;
    short[] opacities = alpha != null && bits == SHORT ? new short[height * width] : null;
    int[] row = new int[width * bands];
    float[] line = new float[width * Picture.CHANNELS];
    for (int y = 0; y < height; y++) {
      image.getRaster().getPixels(0, y, width, 1, row);
      for (int x = 0; x < width; x++) {
        for (int c = 0; c < Picture.CHANNELS; c++) {
          int band = c % colorBands;
          line[x * Picture.CHANNELS + c] = row[x * bands + band] / most[band];
        }
        if (alpha != null) {
          float opacity = row[x * bands + colorBands] / most[colorBands];
          alpha[y * width + x] = (byte) Math.round(opacity * 255);
          if (opacities != null) {
            opacities[y * width + x] = (short) row[x * bands + colorBands];
          }
        }
      }
      colors.write(line, 0, line.length, y * line.length);
    }
    return new Samples(new Picture(height, width, colors, alpha), bits, grey, opacities);
  }

  /// What a pixel takes while it is read: as it is decoded, as it is converted where it must be,
  /// and as ours where that is another array.
  static int bytes(ImageReader reader) throws IOException {
    Iterator<ImageTypeSpecifier> types = reader.getImageTypes(0);
    if (!types.hasNext()) {
      return MOST_BYTES;
    }
    ImageTypeSpecifier type = types.next();
    ColorModel model = type.getColorModel();
    SampleModel samples = type.getSampleModel();
    int sample = Math.max(1, DataBuffer.getDataTypeSize(samples.getDataType()) / BYTE);
    int decoded = sample * samples.getNumDataElements();
    if (!isStored(model)) {
      return decoded + Integer.BYTES + Picture.CHANNELS + 1;
    }
    if (samples.getNumDataElements() == Picture.CHANNELS) {
      return decoded;
    }
    int bits = bits(model);
    Colors none = blank(0, bits > BYTE ? SHORT : BYTE, most(model, samples.getNumBands()));
    int opacity = model.hasAlpha() ? bits > BYTE ? 1 + Short.BYTES : 1 : 0;
    return decoded + Picture.CHANNELS * none.bytes() + opacity;
  }

  private static float[] most(ColorModel colors, int bands) {
    float[] most = new float[bands];
    for (int band = 0; band < bands; band++) {
      most[band] = (1 << colors.getComponentSize(band)) - 1;
    }
    return most;
  }

  /// Whole numbers where they can say exactly what samples of up to these values do: those of 4
  /// bits fit into 8, those of 12 into none.
  private static Colors blank(int length, int bits, float[] most) {
    int whole = bits == SHORT ? Colors.Shorts.MOST : Colors.Bytes.MOST;
    for (float each : most) {
      if (whole % each != 0) {
        return new Colors.Floats(new float[length]);
      }
    }
    return bits == SHORT
        ? new Colors.Shorts(new short[length])
        : new Colors.Bytes(new byte[length]);
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
          "expected whole numbers of at most 16 bits, got %s of %d bits — save it as 16 bits"
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

  /// Decoders fill a palette that is too short with black.
  ///
  /// @throws IOException if a pixel has a colour that is not in the palette
  static void requireColors(BufferedImage image, int colors) throws IOException {
    int[] row = new int[image.getWidth()];
    for (int y = 0; y < image.getHeight(); y++) {
      image.getRaster().getSamples(0, y, row.length, 1, 0, row);
      for (int index : row) {
        if (index >= colors) {
          throw new Decoder.DamagedException("damaged: its palette is too short", null);
        }
      }
    }
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

  /// A picture for an encoder, rounded and clipped; a picture that is so already shares its array.
  ///
  /// @param kept says how many bits, whether grey, and holds opacities of 16 bits
  static BufferedImage image(Picture picture, Kept kept) {
    int width = picture.width();
    DataBuffer own = buffer(picture, kept);
    if (own != null) {
      int stride = width * Picture.CHANNELS;
      WritableRaster raster =
          Raster.createInterleavedRaster(
              own, width, picture.height(), stride, Picture.CHANNELS, RGB, null);
      return image(raster, false, false);
    }
    boolean alpha = picture.alpha() != null;
    int colorBands = kept.grey() ? 1 : Picture.CHANNELS;
    int bands = colorBands + (alpha ? 1 : 0);
    BufferedImage image = blank(width, picture.height(), kept.grey(), alpha, kept.bits());
    int most = (1 << kept.bits()) - 1;
    int[] row = new int[width * bands];
    float[] line = new float[width * Picture.CHANNELS];
    for (int y = 0; y < picture.height(); y++) {
      picture.colors().read(y * line.length, line.length, line, 0);
      for (int x = 0; x < width; x++) {
        for (int c = 0; c < colorBands; c++) {
          float value = line[x * Picture.CHANNELS + c];
          row[x * bands + c] = Math.round(Math.clamp(value, 0f, 1f) * most);
        }
        if (alpha) {
          row[x * bands + colorBands] = opacity(picture, kept, y * width + x);
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
    int type = bits == SHORT ? DataBuffer.TYPE_USHORT : DataBuffer.TYPE_BYTE;
    int bands = (grey ? 1 : Picture.CHANNELS) + (alpha ? 1 : 0);
    WritableRaster raster = Raster.createInterleavedRaster(type, width, height, bands, null);
    return image(raster, grey, alpha);
  }

  private static BufferedImage image(WritableRaster raster, boolean grey, boolean alpha) {
    ColorSpace space = ColorSpace.getInstance(grey ? ColorSpace.CS_GRAY : ColorSpace.CS_sRGB);
    int transparency = alpha ? ColorModel.TRANSLUCENT : ColorModel.OPAQUE;
    ColorModel colors =
        new ComponentColorModel(space, alpha, false, transparency, raster.getTransferType());
    return new BufferedImage(colors, raster, false, null);
  }

  /// The picture's own array where it lies as an encoder wants it, else null.
  private static DataBuffer buffer(Picture picture, Kept kept) {
    int length = picture.colors().length();
    if (kept.grey() || picture.alpha() != null) {
      return null;
    }
    return switch (picture.colors()) {
      case Colors.Bytes own when kept.bits() == BYTE -> new DataBufferByte(own.values(), length);
      case Colors.Shorts own when kept.bits() == SHORT ->
          new DataBufferUShort(own.values(), length);
      default -> null;
    };
  }
}
