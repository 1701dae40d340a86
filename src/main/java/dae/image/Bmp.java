package dae.image;

import dae.UserError;
import dae.image.Kept.Blocks;
import dae.image.Kept.Density;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.imageio.ImageIO;

/// Reads BMP of any kind that ImageIO knows, and writes it uncompressed: 8 bits grey, 24 bits, or
/// 32 bits where there are opacities.
final class Bmp {
  /// Where the header has its pixels per metre, in each direction.
  private static final int DENSITY = 38;

  private static final int HEADER = 54;

  /// Where it has other things.
  private static final int START = 10;

  private static final int HEIGHT = 22;
  private static final int BITS = 28;
  private static final int COMPRESSION = 30;
  private static final int OPACITY_MASK = 66;

  /// Of the file and of its fourth version, the first that says where opacities are.
  private static final int FILE_HEADER = 14;

  private static final int HEADER_4 = 108;
  private static final int BIT_FIELDS = 3;
  private static final int RGBA = 4;

  private Bmp() {}

  /// Reads a file's bytes.
  static Opened read(byte[] file, PictureReader.Limit limit) throws IOException {
    Samples samples =
        Decoder.of(
            Format.BMP,
            file,
            reader -> {
              limit.check(reader.getHeight(0), reader.getWidth(0), Samples.bytes(reader));
              return Samples.take(reader.read(0));
            });
    Density density = null;
    if (file.length >= HEADER) {
      ByteBuffer in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
      density = Density.perMetre(in.getInt(DENSITY), in.getInt(DENSITY + 4));
    }
    Picture picture = samples.picture();
    byte[] masked = masked(file, picture);
    if (masked != null) {
      picture = new Picture(picture.height(), picture.width(), picture.colors(), masked);
    }
    if (picture.alpha() != null && isUnused(picture.alpha())) {
      picture = new Picture(picture.height(), picture.width(), picture.colors(), null);
    }
    Kept kept =
        new Kept(
            Format.BMP,
            8,
            samples.grey(),
            null,
            Kept.UPRIGHT,
            new Blocks(null, null, null, density),
            null);
    return new Opened(picture, kept, List.of());
  }

  /// Opacities of a picture of 16 bits a pixel, which the decoder leaves out; null where it has
  /// none.
  private static byte[] masked(byte[] file, Picture picture) {
    ByteBuffer in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    if (file.length < OPACITY_MASK + 4
        || in.getInt(FILE_HEADER) + FILE_HEADER < OPACITY_MASK + 4
        || in.getShort(BITS) != 16
        || in.getInt(COMPRESSION) != BIT_FIELDS) {
      return null;
    }
    int mask = in.getInt(OPACITY_MASK) & 0xFFFF;
    if (mask == 0) {
      return null;
    }
    int shift = Integer.numberOfTrailingZeros(mask);
    int height = picture.height();
    int width = picture.width();
    int stride = Math.ceilDiv(width * 2, 4) * 4;
    boolean upwards = in.getInt(HEIGHT) > 0;
    byte[] opacities = new byte[height * width];
    for (int i = 0; i < opacities.length; i++) {
      int line = upwards ? height - 1 - i / width : i / width;
      int pixel = in.getShort(in.getInt(START) + line * stride + i % width * 2);
      int opacity = (pixel & mask) >> shift;
      opacities[i] = (byte) Math.round(opacity * 255f / (mask >> shift));
    }
    return opacities;
  }

  /// Many programs declare opacities and leave them 0; nobody means a picture that cannot be seen.
  private static boolean isUnused(byte[] alpha) {
    for (byte opacity : alpha) {
      if (opacity != 0) {
        return false;
      }
    }
    return true;
  }

  /// Writes a picture.
  static void write(Picture picture, Kept kept, OutputStream out) throws IOException {
    if (picture.alpha() != null) {
      writeOpacities(picture, kept.blocks().density(), out);
      return;
    }
    Kept eight = new Kept(Format.BMP, 8, kept.grey(), null, 1, kept.blocks(), null);
    Density density = kept.blocks().density();
    try (OutputStream whole = new Head(out, HEADER, head -> with(density, head));
        Outward bmp = new Outward(whole)) {
      if (!ImageIO.write(Samples.image(picture, eight), "bmp", bmp)) {
        throw new UserError("bmp: expected a picture of 8 bits, got another — write a PNG");
      }
    }
  }

  private static byte[] with(Density density, byte[] header) {
    if (density != null) {
      ByteBuffer in = ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN);
      in.putInt(DENSITY, density.metreX()).putInt(DENSITY + 4, density.metreY());
    }
    return header;
  }

  /// By hand: ImageIO's encoder leaves opacities out.
  private static void writeOpacities(Picture picture, Density density, OutputStream out)
      throws IOException {
    int start = FILE_HEADER + HEADER_4;
    int row = RGBA * picture.width();
    int size = row * picture.height();
    ByteBuffer header = ByteBuffer.allocate(start).order(ByteOrder.LITTLE_ENDIAN);
    header.put((byte) 'B').put((byte) 'M').putInt(start + size).putInt(0).putInt(start);
    header.putInt(HEADER_4).putInt(picture.width()).putInt(picture.height());
    header.putShort((short) 1).putShort((short) (8 * RGBA)).putInt(BIT_FIELDS).putInt(size);
    header.putInt(density == null ? 0 : density.metreX());
    header.putInt(density == null ? 0 : density.metreY());
    header.putInt(0).putInt(0);
    header.putInt(0xFF0000).putInt(0xFF00).putInt(0xFF).putInt(0xFF000000);
    header.put("BGRs".getBytes(StandardCharsets.US_ASCII));
    out.write(header.array());
    float[] colors = new float[picture.width() * Picture.CHANNELS];
    // From the bottom to the top.
    for (int y = picture.height() - 1; y >= 0; y--) {
      picture.colors().read(y * colors.length, colors.length, colors, 0);
      ByteBuffer line = ByteBuffer.allocate(row).order(ByteOrder.LITTLE_ENDIAN);
      for (int x = 0; x < picture.width(); x++) {
        int rgb = Png.packed(colors, x * Picture.CHANNELS);
        line.putInt((picture.alpha()[y * picture.width() + x] & 0xFF) << 24 | rgb);
      }
      out.write(line.array());
    }
  }
}
