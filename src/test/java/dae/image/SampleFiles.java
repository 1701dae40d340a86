package dae.image;

import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.plugins.tiff.TIFFDirectory;
import javax.imageio.plugins.tiff.TIFFField;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.w3c.dom.NodeList;

/// Picture files of every format, with everything in them that should survive.
final class SampleFiles {
  static final int HEIGHT = 21;
  static final int WIDTH = 34;

  private SampleFiles() {}

  /// Smooth, so that a JPEG keeps it, and of many colours.
  static Picture smooth(int height, int width, boolean grey, boolean alpha) {
    float[] rgb = new float[height * width * 3];
    byte[] opacity = alpha ? new byte[height * width] : null;
    for (int pixel = 0; pixel < height * width; pixel++) {
      for (int c = 0; c < 3; c++) {
        double phase = 0.11 * (pixel % width) + 0.07 * (pixel / width) + (grey ? 0 : c);
        rgb[3 * pixel + c] = (float) (0.5 + 0.4 * Math.sin(phase));
      }
      if (alpha) {
        opacity[pixel] = (byte) (pixel * 5);
      }
    }
    return new Picture(height, width, rgb, opacity);
  }

  static Picture smooth() {
    return smooth(HEIGHT, WIDTH, false, false);
  }

  static Kept kept(Format format, int bits, boolean grey) {
    return new Kept(format, bits, grey, null, Kept.UPRIGHT, Kept.Blocks.NONE, null);
  }

  static byte[] bytes(Picture picture, Kept kept, Format format) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PictureWriter.write(picture, kept, format, null, out);
    return out.toByteArray();
  }

  /// Read as a file.
  static Opened opened(byte[] file) {
    return PictureReader.read(file, "sample");
  }

  /// Written as `denoise` writes it.
  static byte[] again(Opened opened) throws IOException {
    return again(opened, opened.kept().format().written(), null);
  }

  /// Written in another format or quality.
  static byte[] again(Opened opened, Format format, Integer quality) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PictureWriter.write(opened.picture(), opened.kept(), format, quality, out);
    return out.toByteArray();
  }

  /// An EXIF block of two fields: orientation, and the name of a camera.
  static byte[] exif(int orientation) {
    byte[] name = "Camera of a test\0".getBytes(StandardCharsets.US_ASCII);
    ByteBuffer block = ByteBuffer.allocate(38 + name.length).order(ByteOrder.LITTLE_ENDIAN);
    block.put("II".getBytes(StandardCharsets.US_ASCII)).putShort((short) 42).putInt(8);
    block.putShort((short) 2);
    block.putShort((short) 0x0110).putShort((short) 2).putInt(name.length).putInt(38);
    block.putShort((short) 0x0112).putShort((short) 3).putInt(1).putInt(orientation);
    return block.putInt(0).put(name).array();
  }

  /// A profile that has a header and nothing else that could be used.
  static byte[] icc(String space, int length) {
    byte[] icc = new byte[length];
    for (int i = 0; i < length; i++) {
      icc[i] = (byte) (i * 31);
    }
    ByteBuffer.wrap(icc).putInt(0, length);
    System.arraycopy(space.getBytes(StandardCharsets.US_ASCII), 0, icc, 16, 4);
    return icc;
  }

  static byte[] xmp() {
    return "<x:xmpmeta xmlns:x='adobe:ns:meta/'>Grüße</x:xmpmeta>".getBytes(StandardCharsets.UTF_8);
  }

  /// A JPEG of a quality and a sampling, with segments put in behind its start.
  static byte[] jpeg(
      BufferedImage image, float quality, int[] luma, boolean progressive, List<byte[]> segments)
      throws IOException {
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    ImageWriteParam param = writer.getDefaultWriteParam();
    param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
    param.setCompressionQuality(quality);
    if (progressive) {
      param.setProgressiveMode(ImageWriteParam.MODE_DEFAULT);
    }
    IIOMetadata metadata = writer.getDefaultImageMetadata(new ImageTypeSpecifier(image), param);
    IIOMetadataNode tree = (IIOMetadataNode) metadata.getAsTree("javax_imageio_jpeg_image_1.0");
    NodeList components = tree.getElementsByTagName("componentSpec");
    if (components.getLength() == 3) {
      ((IIOMetadataNode) components.item(0)).setAttribute("HsamplingFactor", "" + luma[0]);
      ((IIOMetadataNode) components.item(0)).setAttribute("VsamplingFactor", "" + luma[1]);
    }
    metadata.setFromTree("javax_imageio_jpeg_image_1.0", tree);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (MemoryCacheImageOutputStream stream = new MemoryCacheImageOutputStream(out)) {
      writer.setOutput(stream);
      writer.write(null, new IIOImage(image, null, metadata), param);
    }
    return with(out.toByteArray(), segments);
  }

  static byte[] with(byte[] jpeg, List<byte[]> segments) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.write(jpeg, 0, 2);
    segments.forEach(all::writeBytes);
    all.write(jpeg, 2, jpeg.length - 2);
    return all.toByteArray();
  }

  static byte[] segment(int marker, String name, byte[] data) {
    return JpegSegments.segment(marker, name.getBytes(StandardCharsets.ISO_8859_1), data);
  }

  /// Inks as Photoshop stores them, inverted; of one colour.
  static byte[] cmyk(int cyan, int magenta, int yellow, int black) throws IOException {
    WritableRaster inks = Raster.createInterleavedRaster(DataBuffer.TYPE_BYTE, 40, 40, 4, null);
    int[] row = new int[4 * 40 * 40];
    int[] pixel = {255 - cyan, 255 - magenta, 255 - yellow, 255 - black};
    for (int i = 0; i < row.length; i++) {
      row[i] = pixel[i % 4];
    }
    inks.setPixels(0, 0, 40, 40, row);
    ImageWriter writer = writer("com.sun.imageio.plugins.jpeg.JPEGImageWriter", "jpeg");
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (MemoryCacheImageOutputStream stream = new MemoryCacheImageOutputStream(out)) {
      writer.setOutput(stream);
      writer.write(null, new IIOImage(inks, null, null), null);
    }
    byte[] adobe = {0, 100, 0, 0, 0, 0, 0};
    return with(out.toByteArray(), List.of(segment(0xEE, "Adobe", adobe)));
  }

  private static ImageWriter writer(String type, String format) {
    var writers = ImageIO.getImageWritersByFormatName(format);
    while (writers.hasNext()) {
      ImageWriter writer = writers.next();
      if (writer.getClass().getName().equals(type)) {
        return writer;
      }
    }
    throw new AssertionError(type);
  }

  /// A TIFF of one or more pages with fields in each.
  static byte[] tiff(BufferedImage image, String compression, int pages, List<TIFFField> fields)
      throws IOException {
    ImageWriter writer = writer("com.sun.imageio.plugins.tiff.TIFFImageWriter", "tiff");
    ImageWriteParam param = writer.getDefaultWriteParam();
    param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
    param.setCompressionType(compression);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (MemoryCacheImageOutputStream stream = new MemoryCacheImageOutputStream(out)) {
      writer.setOutput(stream);
      writer.prepareWriteSequence(null);
      for (int page = 0; page < pages; page++) {
        TIFFDirectory directory =
            TIFFDirectory.createFromMetadata(
                writer.getDefaultImageMetadata(new ImageTypeSpecifier(image), param));
        fields.forEach(directory::addTIFFField);
        writer.writeToSequence(new IIOImage(image, null, directory.getAsMetadata()), param);
      }
      writer.endWriteSequence();
    }
    return out.toByteArray();
  }

  /// A TIFF put together by hand, uncompressed and in one strip.
  ///
  /// @param meaning of its samples: 0 grey with white as 0, 1 grey, 2 RGB, 5 inks
  /// @param bits of a sample, whole numbers; 32 are fractions
  static byte[] tiff(int meaning, int samples, int bits, int width, int height, byte[] data) {
    return tiff(meaning, samples, bits, width, height, data, 1, 0);
  }

  /// The same, with a number of the compression that it claims, and of what its last sample is: 1
  /// an opacity by which colours are multiplied, 2 one by which they are not, 0 nothing said.
  static byte[] tiff(
      int meaning,
      int samples,
      int bits,
      int width,
      int height,
      byte[] data,
      int compression,
      int extra) {
    short[][] all = {
      {256, 3, 1, (short) width},
      {257, 3, 1, (short) height},
      {258, 3, 1, (short) bits},
      {259, 3, 1, (short) compression},
      {262, 3, 1, (short) meaning},
      {273, 4, 1, 0},
      {277, 3, 1, (short) samples},
      {278, 3, 1, (short) height},
      {279, 4, 1, 0},
      {338, 3, 1, (short) extra},
      {339, 3, 1, (short) (bits == 32 ? 3 : 1)}
    };
    short[][] fields =
        Arrays.stream(all).filter(field -> field[0] != 338 || extra > 0).toArray(short[][]::new);
    int start = 8 + 2 + 12 * fields.length + 4;
    int bitsAt = start + data.length;
    ByteBuffer file = ByteBuffer.allocate(bitsAt + 2 * samples).order(ByteOrder.LITTLE_ENDIAN);
    file.put("II".getBytes(StandardCharsets.US_ASCII)).putShort((short) 42).putInt(8);
    file.putShort((short) fields.length);
    for (short[] field : fields) {
      file.putShort(field[0]).putShort(field[1]);
      int count = field[0] == 258 ? samples : 1;
      int value =
          switch (field[0]) {
            case 258 -> samples > 2 ? bitsAt : bits;
            case 273 -> start;
            case 279 -> data.length;
            default -> field[3] & 0xFFFF;
          };
      file.putInt(count).putInt(value);
    }
    file.putInt(0).put(data);
    for (int i = 0; i < samples; i++) {
      file.putShort((short) bits);
    }
    return file.array();
  }

  /// A lossless WebP of one colour.
  ///
  /// @param beside whether profile, EXIF and XMP lie beside the pixels
  static byte[] webp(int width, int height, int argb, boolean beside) {
    Bits bits = new Bits();
    bits.put(0x2F, 8);
    bits.put(width - 1, 14);
    bits.put(height - 1, 14);
    bits.put(1, 1);
    bits.put(0, 3);
    // No transform, no cache of colours, one group of codes.
    bits.put(0, 3);
    for (int shift : new int[] {8, 16, 0, 24}) {
      // A simple code of one symbol of 8 bits, which then takes none.
      bits.put(1, 1);
      bits.put(0, 1);
      bits.put(1, 1);
      bits.put(argb >>> shift & 0xFF, 8);
    }
    bits.put(1, 4);
    bits.put(0, 4);
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    ByteBuffer extended = ByteBuffer.allocate(10).order(ByteOrder.LITTLE_ENDIAN);
    extended.put((byte) 0x3C).position(4);
    extended.putShort((short) (width - 1)).put((byte) 0).putShort((short) (height - 1));
    if (!beside) {
      extended.put(0, (byte) 0x10);
    }
    body.writeBytes(riff("VP8X", extended.array()));
    if (beside) {
      body.writeBytes(riff("ICCP", icc("RGB ", 200)));
    }
    body.writeBytes(riff("VP8L", bits.bytes()));
    if (beside) {
      body.writeBytes(riff("EXIF", exif(6)));
      body.writeBytes(riff("XMP ", xmp()));
    }
    ByteBuffer file = ByteBuffer.allocate(12 + body.size()).order(ByteOrder.LITTLE_ENDIAN);
    file.put("RIFF".getBytes(StandardCharsets.US_ASCII)).putInt(4 + body.size());
    return file.put("WEBP".getBytes(StandardCharsets.US_ASCII)).put(body.toByteArray()).array();
  }

  private static byte[] riff(String name, byte[] data) {
    int padded = data.length + data.length % 2;
    ByteBuffer chunk = ByteBuffer.allocate(8 + padded).order(ByteOrder.LITTLE_ENDIAN);
    chunk.put(name.getBytes(StandardCharsets.US_ASCII)).putInt(data.length).put(data);
    return chunk.array();
  }

  /// Bits from the lowest of each byte on.
  private static final class Bits {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private int current;
    private int count;

    void put(int value, int length) {
      for (int i = 0; i < length; i++) {
        current |= (value >>> i & 1) << count++;
        if (count == 8) {
          bytes.write(current);
          current = 0;
          count = 0;
        }
      }
    }

    byte[] bytes() {
      if (count > 0) {
        put(0, 8 - count);
      }
      bytes.write(0);
      return bytes.toByteArray();
    }
  }
}
