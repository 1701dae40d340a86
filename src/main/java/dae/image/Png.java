package dae.image;

import dae.UserError;
import dae.file.AtomicFile;
import dae.image.Kept.Blocks;
import dae.image.Kept.Density;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/// Reads and writes PNG.
///
/// @since 0.1.0
public final class Png {
  /// A profile is unpacked no further.
  private static final int MOST_PROFILE = 1 << 24;

  private static final String XMP = "XML:com.adobe.xmp\0\0\0\0\0";

  private Png() {}

  /// Reads a PNG of any kind: grey, palette, RGB, with or without transparency, 1 to 16 bits.
  ///
  /// @throws UserError one line, when it is not a PNG, a damaged one, or too large
  /// @throws IOException when the file cannot be read
  public static Picture read(Path path) throws IOException {
    return PictureReader.readOnly(Format.PNG, path).picture();
  }

  /// Writes an 8-bit RGB picture, or RGBA where there is an `alpha`, through [AtomicFile].
  ///
  /// @throws IOException when it cannot be written; an old file stays intact
  public static void write(Picture picture, Path target) throws IOException {
    AtomicFile.write(target, out -> write(picture, Kept.plain(Format.PNG), out));
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
    AtomicFile.write(target, out -> encode(image, out));
  }

  private static void encode(BufferedImage image, OutputStream out) throws IOException {
    // In memory: the default would need room in the system's temporary folder.
    try (MemoryCacheImageOutputStream png = new MemoryCacheImageOutputStream(out)) {
      if (!ImageIO.write(image, "png", png)) {
        throw new IOException("no PNG writer for this kind of picture");
      }
    }
  }

  /// Reads a file's bytes, and keeps what they say besides.
  static Opened read(byte[] file, PictureReader.Limit limit) throws IOException {
    PngChunks.Parsed parsed = PngChunks.parse(file);
    int alpha = parsed.transparent() == null ? 0 : 1;
    Samples samples =
        Decoder.of(
            Format.PNG,
            parsed.pixels(),
            reader -> {
              limit.check(parsed.height(), parsed.width(), Samples.bytes(reader) + alpha);
              BufferedImage decoded = reader.read(0);
              if (parsed.type() == PngChunks.PALETTE) {
                Samples.requireColors(decoded, parsed.colors());
              }
              return Samples.take(decoded);
            });
    Picture picture = samples.picture();
    boolean key = parsed.type() == PngChunks.GREY || parsed.type() == PngChunks.RGB;
    if (parsed.transparent() != null && key) {
      picture = keyed(picture, parsed);
    }
    Blocks blocks = blocks(parsed.kept());
    // A palette of greys that carries a profile of colours must stay colours.
    boolean grey =
        samples.grey() && (parsed.type() != PngChunks.PALETTE || Icc.fits(blocks.icc(), true));
    Kept kept =
        new Kept(
            Format.PNG,
            samples.bits(),
            grey,
            samples.opacities(),
            Exif.orientation(blocks.exif()),
            blocks,
            parsed.kept());
    return new Opened(
        picture,
        kept,
        parsed.animated() ? List.of("animated: its first frame was taken") : List.of());
  }

  /// One colour is transparent, named by its samples.
  private static Picture keyed(Picture picture, PngChunks.Parsed parsed) {
    byte[] data = parsed.transparent();
    int colors = parsed.type() == PngChunks.GREY ? 1 : Picture.CHANNELS;
    float most = (1 << parsed.bits()) - 1;
    int[] key = new int[Picture.CHANNELS];
    for (int c = 0; c < key.length; c++) {
      key[c] = ByteBuffer.wrap(data).getShort(c % colors * Short.BYTES) & (int) most;
    }
    byte[] alpha = new byte[picture.height() * picture.width()];
    float[] line = new float[picture.width() * Picture.CHANNELS];
    for (int pixel = 0; pixel < alpha.length; pixel++) {
      int at = pixel % picture.width() * Picture.CHANNELS;
      if (at == 0) {
        picture.colors().read(pixel * Picture.CHANNELS, line.length, line, 0);
      }
      boolean same = true;
      for (int c = 0; c < key.length; c++) {
        same &= Math.round(line[at + c] * most) == key[c];
      }
      alpha[pixel] = (byte) (same ? 0 : 0xFF);
    }
    return new Picture(picture.height(), picture.width(), picture.colors(), alpha);
  }

  private static Blocks blocks(PngChunks chunks) {
    byte[] density = chunks.data("pHYs");
    boolean metres = density != null && density.length == 9 && density[8] == 1;
    byte[] text = chunks.data("iTXt");
    byte[] name = XMP.getBytes(StandardCharsets.ISO_8859_1);
    boolean xmp =
        text != null
            && Arrays.equals(text, 0, Math.min(name.length, text.length), name, 0, name.length);
    return new Blocks(
        chunks.data("eXIf"),
        profile(chunks.data("iCCP")),
        xmp ? Arrays.copyOfRange(text, name.length, text.length) : null,
        metres
            ? Density.perMetre(
                ByteBuffer.wrap(density).getInt(0), ByteBuffer.wrap(density).getInt(4))
            : null);
  }

  /// Behind a name and a zero for the method of packing. One that cannot be unpacked is none.
  private static byte[] profile(byte[] chunk) {
    int name = 0;
    while (chunk != null && name < chunk.length && chunk[name] != 0) {
      name++;
    }
    if (chunk == null || name + 2 > chunk.length) {
      return null;
    }
    int start = name + 2;
    try (InflaterInputStream in =
        new InflaterInputStream(new ByteArrayInputStream(chunk, start, chunk.length - start))) {
      byte[] profile = in.readNBytes(MOST_PROFILE);
      return in.read() < 0 ? profile : null;
    } catch (IOException e) {
      return null;
    }
  }

  /// Writes a picture in the depth that its file had, with what that said besides.
  static void write(Picture picture, Kept kept, OutputStream out) throws IOException {
    PngChunks chunks = kept.own() instanceof PngChunks own ? own : chunks(kept);
    try (OutputStream spliced = chunks.into(out)) {
      encode(Samples.image(picture, kept), spliced);
    }
  }

  private static PngChunks chunks(Kept kept) throws IOException {
    List<byte[]> chunks = new ArrayList<>();
    Blocks blocks = kept.blocks();
    if (blocks.icc() != null && Icc.fits(blocks.icc(), kept.grey())) {
      ByteArrayOutputStream packed = new ByteArrayOutputStream();
      packed.writeBytes("ICC profile\0\0".getBytes(StandardCharsets.ISO_8859_1));
      try (DeflaterOutputStream deflater = new DeflaterOutputStream(packed)) {
        deflater.write(blocks.icc());
      }
      chunks.add(PngChunks.chunk("iCCP", packed.toByteArray()));
    }
    if (blocks.density() != null) {
      ByteBuffer density = ByteBuffer.allocate(9);
      density.putInt(blocks.density().metreX()).putInt(blocks.density().metreY()).put((byte) 1);
      chunks.add(PngChunks.chunk("pHYs", density.array()));
    }
    if (blocks.exif() != null) {
      chunks.add(PngChunks.chunk("eXIf", blocks.exif()));
    }
    if (blocks.xmp() != null) {
      ByteArrayOutputStream text = new ByteArrayOutputStream();
      text.writeBytes(XMP.getBytes(StandardCharsets.ISO_8859_1));
      text.writeBytes(blocks.xmp());
      chunks.add(PngChunks.chunk("iTXt", text.toByteArray()));
    }
    return new PngChunks(chunks, List.of());
  }
}
