package dae.image;

import dae.image.Kept.Blocks;
import dae.image.Kept.Density;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.plugins.jpeg.JPEGQTable;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;

/// Reads and writes JPEG. What is written has the quantisation tables and the subsampling of the
/// file that was read, unless another quality is asked for: finer ones would store its artefacts
/// with care, coarser ones would add to them.
final class Jpeg {
  private static final String TREE = "javax_imageio_jpeg_image_1.0";

  /// For a picture that was no JPEG.
  private static final int QUALITY = 92;

  /// Blocks of all components that a scan may interleave.
  private static final int MOST_BLOCKS = 10;

  /// Bytes that hold what the encoder writes before its tables.
  private static final int HEAD = 64;

  private Jpeg() {}

  /// Reads a file's bytes, and keeps what they say besides. CMYK becomes RGB.
  static Opened read(byte[] file, PictureReader.Limit limit) throws IOException {
    JpegSegments.Parsed parsed = JpegSegments.parse(file);
    JpegSegments segments = parsed.kept();
    Samples samples =
        Decoder.of(
            Format.JPEG,
            parsed.forDecoder(),
            reader -> {
              limit.check(reader.getHeight(0), reader.getWidth(0), Samples.bytes(reader));
              return Samples.take(reader.read(0));
            });
    byte[] icc = segments.data(JpegSegments.ICC, 2);
    if (!Icc.fits(icc, samples.grey())) {
      segments = segments.withoutProfile();
      icc = null;
    }
    byte[] exif = segments.data(JpegSegments.EXIF, 0);
    Blocks blocks = new Blocks(exif, icc, segments.data(JpegSegments.XMP, 0), density(segments));
    Kept kept =
        new Kept(Format.JPEG, 8, samples.grey(), null, Exif.orientation(exif), blocks, segments);
    return new Opened(samples.picture(), kept, List.of());
  }

  private static Density density(JpegSegments segments) {
    byte[] jfif = segments.data(JpegSegments.JFIF, 0);
    if (jfif == null || jfif.length < 7) {
      return null;
    }
    ByteBuffer in = ByteBuffer.wrap(jfif);
    double x = in.getShort(3) & 0xFFFF;
    double y = in.getShort(5) & 0xFFFF;
    return switch (jfif[2]) {
      case 1 -> new Density(x, y);
      case 2 -> Density.perMetre(100 * x, 100 * y);
      default -> null;
    };
  }

  /// Writes a picture without opacities.
  ///
  /// @param quality 1 to 100, or null for the file's own
  static void write(Picture picture, Kept kept, Integer quality, OutputStream out)
      throws IOException {
    Kept eight = new Kept(kept.format(), 8, kept.grey(), null, 1, kept.blocks(), kept.own());
    try (OutputStream spliced = new Head(out, HEAD, head -> spliced(head, kept))) {
      encode(Samples.image(picture, eight), kept, quality, spliced);
    }
  }

  /// The encoder's own JFIF header gives way to the file's, which comes from the segments.
  private static byte[] spliced(byte[] head, Kept kept) {
    ByteArrayOutputStream result = new ByteArrayOutputStream();
    result.write(head, 0, 2);
    segments(kept).forEach(result::writeBytes);
    int rest = 2;
    while ((head[rest + 1] & 0xFF) == JpegSegments.APP0) {
      rest += 2 + (ByteBuffer.wrap(head).getShort(rest + 2) & 0xFFFF);
    }
    result.write(head, rest, head.length - rest);
    return result.toByteArray();
  }

  private static List<byte[]> segments(Kept kept) {
    if (kept.own() instanceof JpegSegments own) {
      return own.kept();
    }
    Blocks blocks = kept.blocks();
    List<byte[]> segments = new ArrayList<>();
    Density density = blocks.density() == null ? new Density(1, 1) : blocks.density();
    ByteBuffer jfif =
        ByteBuffer.allocate(14).put(bytes(JpegSegments.JFIF)).putShort((short) 0x0102);
    jfif.put((byte) (blocks.density() == null ? 0 : 1));
    jfif.putShort((short) Math.round(density.x())).putShort((short) Math.round(density.y()));
    segments.add(JpegSegments.segment(JpegSegments.APP0, jfif.array()));
    if (blocks.exif() != null) {
      segments.add(
          JpegSegments.segment(JpegSegments.APP1, bytes(JpegSegments.EXIF), blocks.exif()));
    }
    if (blocks.xmp() != null) {
      segments.add(JpegSegments.segment(JpegSegments.APP1, bytes(JpegSegments.XMP), blocks.xmp()));
    }
    if (blocks.icc() != null && Icc.fits(blocks.icc(), kept.grey())) {
      addProfile(blocks.icc(), segments);
    }
    segments.removeIf(segment -> segment == null);
    return segments;
  }

  private static void addProfile(byte[] icc, List<byte[]> segments) {
    int most = 65_000;
    int count = Math.ceilDiv(icc.length, most);
    for (int i = 0; i < count; i++) {
      byte[] part = Arrays.copyOfRange(icc, i * most, Math.min(icc.length, (i + 1) * most));
      byte[] number = {(byte) (i + 1), (byte) count};
      segments.add(JpegSegments.segment(JpegSegments.APP2, bytes(JpegSegments.ICC), number, part));
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static void encode(BufferedImage image, Kept kept, Integer quality, OutputStream out)
      throws IOException {
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    JpegSegments own = kept.own() instanceof JpegSegments segments ? segments : null;
    try (Outward jpeg = new Outward(out)) {
      ImageWriteParam param = writer.getDefaultWriteParam();
      boolean asRead = quality == null && own != null && own.tables()[0] != null;
      if (!asRead) {
        param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
        param.setCompressionQuality((quality == null ? QUALITY : quality) / 100f);
      }
      if (own != null && own.progressive()) {
        param.setProgressiveMode(ImageWriteParam.MODE_DEFAULT);
      }
      IIOMetadata metadata = writer.getDefaultImageMetadata(new ImageTypeSpecifier(image), param);
      if (own != null) {
        Node tree = metadata.getAsTree(TREE);
        sample(tree, own);
        if (asRead) {
          quantise(tree, own);
        }
        metadata.setFromTree(TREE, tree);
      }
      writer.setOutput(jpeg);
      writer.write(null, new IIOImage(image, null, metadata), param);
    } finally {
      writer.dispose();
    }
  }

  /// Colours are sampled as in the file, if it had the three that are written and the encoder can.
  private static void sample(Node tree, JpegSegments own) {
    List<IIOMetadataNode> components = all(tree, "componentSpec");
    boolean one = components.size() == 1;
    if (components.size() != own.sampling().length || !one && !isWritten(own.sampling())) {
      return;
    }
    for (int i = 0; i < components.size(); i++) {
      int[] factors = one ? new int[] {1, 1} : own.sampling()[i];
      components.get(i).setAttribute("HsamplingFactor", "" + factors[0]);
      components.get(i).setAttribute("VsamplingFactor", "" + factors[1]);
    }
  }

  /// The encoder interleaves all components in one scan and takes no mean of one pixel and a half.
  private static boolean isWritten(int[][] sampling) {
    int blocks = 0;
    int[] most = {1, 1};
    for (int[] factors : sampling) {
      blocks += factors[0] * factors[1];
      most[0] = Math.max(most[0], factors[0]);
      most[1] = Math.max(most[1], factors[1]);
    }
    for (int[] factors : sampling) {
      if (factors[0] < 1
          || factors[1] < 1
          || most[0] % factors[0] != 0
          || most[1] % factors[1] != 0) {
        return false;
      }
    }
    return blocks <= MOST_BLOCKS;
  }

  /// The encoder's table 0 is for brightness, its table 1 for colours.
  private static void quantise(Node tree, JpegSegments own) {
    for (IIOMetadataNode table : all(tree, "dqtable")) {
      int component = Integer.parseInt(table.getAttribute("qtableId"));
      int number = own.sampling()[Math.min(component, own.sampling().length - 1)][2];
      int[] values = own.tables()[number] == null ? own.tables()[0] : own.tables()[number];
      table.setUserObject(new JPEGQTable(values));
    }
  }

  private static List<IIOMetadataNode> all(Node tree, String name) {
    NodeList nodes = ((IIOMetadataNode) tree).getElementsByTagName(name);
    List<IIOMetadataNode> all = new ArrayList<>();
    for (int i = 0; i < nodes.getLength(); i++) {
      all.add((IIOMetadataNode) nodes.item(i));
    }
    return all;
  }
}
