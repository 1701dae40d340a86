package dae.image;

import dae.image.Kept.Blocks;
import dae.image.Kept.Density;
import java.awt.Rectangle;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import javax.imageio.IIOImage;
import javax.imageio.ImageReader;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.plugins.tiff.BaselineTIFFTagSet;
import javax.imageio.plugins.tiff.TIFFDirectory;
import javax.imageio.plugins.tiff.TIFFField;
import javax.imageio.plugins.tiff.TIFFImageReadParam;
import javax.imageio.plugins.tiff.TIFFTag;
import javax.imageio.spi.IIORegistry;
import javax.imageio.spi.ImageReaderSpi;
import javax.imageio.spi.ImageWriterSpi;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/// Reads and writes TIFF: pixels by the decoder that knows all compressions, fields by the JDK's
/// plugin, which keeps and writes every one.
final class Tiff {
  private static final String READER = "com.sun.imageio.plugins.tiff.TIFFImageReaderSpi";
  private static final String WRITER = "com.sun.imageio.plugins.tiff.TIFFImageWriterSpi";
  private static final int ICC = 34675;
  private static final int XMP = 700;

  /// Its number before it had one of its own.
  private static final int OLD_DEFLATE = 32946;

  private static final double CENTIMETRES = 2.54;

  /// Of an opacity, by which the colours are multiplied.
  private static final int ASSOCIATED = 1;

  /// Of samples: two's complement.
  private static final int SIGNED = 2;

  /// LZMA, Zstandard, WebP, JPEG XL.
  private static final Set<Integer> UNREAD = Set.of(34925, 50000, 50001, 50002);

  /// What is written where the file was compressed in a way that loses or that nobody writes.
  private static final String DEFLATE = "ZLib";

  /// What describes the old pixels or points to parts of the old file.
  static final Set<Integer> OF_OLD_PIXELS =
      Set.of(
          254, 255, 256, 257, 258, 259, 262, 263, 264, 265, 266, 273, 277, 278, 279, 280, 281, 284,
          288, 289, 290, 291, 292, 293, 297, 301, 317, 318, 319, 320, 321, 322, 323, 324, 325, 330,
          332, 333, 334, 336, 338, 339, 340, 341, 342, 347, 512, 513, 514, 515, 517, 518, 519, 520,
          521, 529, 530, 531, 532, 37724);

  private Tiff() {}

  /// @param fields of the first page that do not describe its pixels
  /// @param compression by the name that the JDK's writer has for it
  record Fields(List<TIFFField> fields, String compression) implements Kept.Own {}

  /// Reads a file's bytes, and keeps what they say besides. Of several pages the first is taken.
  static Opened read(byte[] file, PictureReader.Limit limit) throws IOException {
    List<String> notes = new ArrayList<>();
    List<TIFFField> fields = fields(file, notes);
    requireKnown(fields);
    boolean associated = number(fields, BaselineTIFFTagSet.TAG_EXTRA_SAMPLES, 0) == ASSOCIATED;
    Samples samples =
        Decoder.of(
            Format.TIFF,
            file,
            reader -> {
              limit.check(reader.getHeight(0), reader.getWidth(0), Samples.bytes(reader));
              int pages = reader.getNumImages(true);
              if (pages > 1) {
                notes.add("%d pages: the first was taken".formatted(pages));
              }
              BufferedImage decoded = reader.read(0);
              return Samples.take(associated ? multiplied(decoded) : decoded);
            });
    String compression = compression(fields);
    List<TIFFField> kept = new ArrayList<>();
    for (TIFFField field : fields) {
      boolean unfit = field.getTagNumber() == ICC && !Icc.fits(bytes(field), samples.grey());
      if (!OF_OLD_PIXELS.contains(field.getTagNumber()) && !unfit) {
        kept.add(field);
      }
    }
    Blocks blocks =
        new Blocks(ExifFields.block(kept), bytes(kept, ICC), bytes(kept, XMP), density(kept));
    return new Opened(
        samples.picture(),
        new Kept(
            Format.TIFF,
            samples.bits(),
            samples.grey(),
            samples.opacities(),
            number(kept, BaselineTIFFTagSet.TAG_ORIENTATION, Kept.UPRIGHT),
            blocks,
            new Fields(kept, compression)),
        notes);
  }

  /// What is read wrongly, or not at all though the file is whole.
  private static void requireKnown(List<TIFFField> fields) throws Decoder.UnreadException {
    int bits = number(fields, BaselineTIFFTagSet.TAG_BITS_PER_SAMPLE, 8);
    int samples = number(fields, BaselineTIFFTagSet.TAG_SAMPLES_PER_PIXEL, 1);
    if (samples >= Picture.CHANNELS && bits < 8) {
      throw new Decoder.UnreadException(
          "expected 8 or 16 bits a sample, got %d — save it as 8 bits".formatted(bits));
    }
    int kind = number(fields, BaselineTIFFTagSet.TAG_SAMPLE_FORMAT, 1);
    if (kind == SIGNED) {
      throw new Decoder.UnreadException(
          "expected samples without a sign, got some with one — save it as unsigned 8 or 16 bits");
    }
    int compression = number(fields, BaselineTIFFTagSet.TAG_COMPRESSION, 1);
    if (UNREAD.contains(compression)) {
      throw new Decoder.UnreadException(
          "expected a TIFF compressed by LZW, Deflate, JPEG or the like, got compression %d"
                  .formatted(compression)
              + " — save it with one of these");
    }
  }

  /// The decoder gives colours of 8 bits that are multiplied by their opacity as if they were not.
  private static BufferedImage multiplied(BufferedImage decoded) {
    ColorModel model = decoded.getColorModel();
    if (!model.hasAlpha()
        || model.isAlphaPremultiplied()
        || !(model instanceof ComponentColorModel)) {
      return decoded;
    }
    ColorModel colors =
        new ComponentColorModel(
            model.getColorSpace(), true, true, model.getTransparency(), model.getTransferType());
    return new BufferedImage(colors, decoded.getRaster(), true, null);
  }

  private static List<TIFFField> fields(byte[] file, List<String> notes) {
    try {
      return fields(file);
    } catch (IOException | RuntimeException e) {
      // The JDK's plugin does not know BigTIFF, and is strict about fields.
      notes.add("its fields (EXIF, profile, density) cannot be read and are not kept");
      return List.of();
    }
  }

  /// All there are, with their directories.
  static List<TIFFField> fields(byte[] file) throws IOException {
    ImageReader reader = plugin(READER, ImageReaderSpi.class).createReaderInstance();
    try (Ranges in = Ranges.of(file)) {
      reader.setInput(in, true, false);
      TIFFImageReadParam all = (TIFFImageReadParam) reader.getDefaultReadParam();
      all.setReadUnknownTags(true);
      all.setSourceRegion(new Rectangle(1, 1));
      readCorner(reader, all);
      return List.of(TIFFDirectory.createFromMetadata(reader.getImageMetadata(0)).getTIFFFields());
    } finally {
      reader.dispose();
    }
  }

  /// The plugin takes its parameters for the fields only together with pixels; whether it can
  /// decode those does not matter.
  private static void readCorner(ImageReader reader, TIFFImageReadParam all) {
    try {
      reader.read(0, all);
    } catch (IOException | RuntimeException e) {
      return;
    }
  }

  private static <T> T plugin(String name, Class<T> type) throws IOException {
    Iterator<T> all = IIORegistry.getDefaultInstance().getServiceProviders(type, false);
    while (all.hasNext()) {
      T plugin = all.next();
      if (plugin.getClass().getName().equals(name)) {
        return plugin;
      }
    }
    throw new IOException("this Java has no plugin for TIFF");
  }

  private static TIFFField find(List<TIFFField> fields, int tag) {
    return fields.stream().filter(f -> f.getTagNumber() == tag).findFirst().orElse(null);
  }

  private static int number(List<TIFFField> fields, int tag, int otherwise) {
    TIFFField field = find(fields, tag);
    return field != null && field.isIntegral() && field.getCount() > 0
        ? field.getAsInt(0)
        : otherwise;
  }

  private static byte[] bytes(List<TIFFField> fields, int tag) {
    TIFFField field = find(fields, tag);
    return field == null ? null : bytes(field);
  }

  private static byte[] bytes(TIFFField field) {
    return field.getData() instanceof byte[] bytes ? bytes : null;
  }

  private static String compression(List<TIFFField> fields) {
    return switch (number(fields, BaselineTIFFTagSet.TAG_COMPRESSION, 1)) {
      case BaselineTIFFTagSet.COMPRESSION_NONE -> null;
      case BaselineTIFFTagSet.COMPRESSION_LZW -> "LZW";
      case BaselineTIFFTagSet.COMPRESSION_PACKBITS -> "PackBits";
      case OLD_DEFLATE -> "Deflate";
      default -> DEFLATE;
    };
  }

  private static Density density(List<TIFFField> fields) {
    TIFFField x = find(fields, BaselineTIFFTagSet.TAG_X_RESOLUTION);
    TIFFField y = find(fields, BaselineTIFFTagSet.TAG_Y_RESOLUTION);
    if (x == null || y == null) {
      return null;
    }
    double scale =
        switch (number(fields, BaselineTIFFTagSet.TAG_RESOLUTION_UNIT, 2)) {
          case 2 -> 1;
          case 3 -> CENTIMETRES;
          default -> 0;
        };
    boolean known = scale > 0 && x.getAsDouble(0) > 0 && y.getAsDouble(0) > 0;
    return known ? new Density(scale * x.getAsDouble(0), scale * y.getAsDouble(0)) : null;
  }

  /// Writes a picture in the depth and compression that its file had.
  static void write(Picture picture, Kept kept, OutputStream out) throws IOException {
    Fields own = kept.own() instanceof Fields fields ? fields : new Fields(fresh(kept), DEFLATE);
    write(Samples.image(picture, kept), own.fields, own.compression, out);
  }

  /// @param compression null for none
  static void write(
      BufferedImage image, List<TIFFField> fields, String compression, OutputStream out)
      throws IOException {
    ImageWriter writer = plugin(WRITER, ImageWriterSpi.class).createWriterInstance();
    try (MemoryCacheImageOutputStream tiff = new MemoryCacheImageOutputStream(out)) {
      ImageWriteParam param = writer.getDefaultWriteParam();
      param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
      if (compression == null) {
        param.setCompressionMode(ImageWriteParam.MODE_DISABLED);
      } else {
        param.setCompressionType(compression);
      }
      TIFFDirectory directory =
          TIFFDirectory.createFromMetadata(
              writer.getDefaultImageMetadata(new ImageTypeSpecifier(image), param));
      fields.forEach(directory::addTIFFField);
      writer.setOutput(tiff);
      writer.write(null, new IIOImage(image, null, directory.getAsMetadata()), param);
    } finally {
      writer.dispose();
    }
  }

  /// Fields for what came from a file of another format.
  private static List<TIFFField> fresh(Kept kept) {
    Blocks blocks = kept.blocks();
    List<TIFFField> fields = new ArrayList<>(ExifFields.of(blocks.exif()));
    if (blocks.icc() != null && Icc.fits(blocks.icc(), kept.grey())) {
      fields.add(undefined(ICC, "ICC Profile", blocks.icc()));
    }
    if (blocks.xmp() != null) {
      fields.add(undefined(XMP, "XMP", blocks.xmp()));
    }
    if (blocks.density() != null) {
      BaselineTIFFTagSet tags = BaselineTIFFTagSet.getInstance();
      fields.add(ratio(tags, BaselineTIFFTagSet.TAG_X_RESOLUTION, blocks.density().x()));
      fields.add(ratio(tags, BaselineTIFFTagSet.TAG_Y_RESOLUTION, blocks.density().y()));
      fields.add(new TIFFField(tags.getTag(BaselineTIFFTagSet.TAG_RESOLUTION_UNIT), 2));
    }
    return fields;
  }

  private static TIFFField undefined(int number, String name, byte[] data) {
    TIFFTag tag = new TIFFTag(name, number, 1 << TIFFTag.TIFF_UNDEFINED);
    return new TIFFField(tag, TIFFTag.TIFF_UNDEFINED, data.length, data);
  }

  private static TIFFField ratio(BaselineTIFFTagSet tags, int tag, double value) {
    long[][] ratio = {{Math.round(value * 1000), 1000}};
    return new TIFFField(tags.getTag(tag), TIFFTag.TIFF_RATIONAL, 1, ratio);
  }
}
