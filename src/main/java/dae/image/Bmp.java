package dae.image;

import dae.UserError;
import dae.image.Kept.Blocks;
import dae.image.Kept.Density;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/// Reads BMP of any kind that ImageIO knows, and writes it uncompressed: 8 bits grey, 24 bits, or
/// 32 bits where there are opacities.
final class Bmp {
  /// Where the header has its pixels per metre, in each direction.
  private static final int DENSITY = 38;

  private static final int HEADER = 54;

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
              limit.check(reader.getHeight(0), reader.getWidth(0));
              return Samples.of(reader.read(0));
            });
    Density density = null;
    if (file.length >= HEADER) {
      ByteBuffer in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
      density = Density.perMetre(in.getInt(DENSITY), in.getInt(DENSITY + 4));
    }
    Picture picture = samples.picture();
    if (picture.alpha() != null && isUnused(picture.alpha())) {
      picture = new Picture(picture.height(), picture.width(), picture.rgb(), null);
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
    ByteArrayOutputStream encoded = new ByteArrayOutputStream();
    try (MemoryCacheImageOutputStream bmp = new MemoryCacheImageOutputStream(encoded)) {
      if (!ImageIO.write(Samples.image(picture, eight), "bmp", bmp)) {
        throw new UserError("bmp: expected a picture of 8 bits, got another — write a PNG");
      }
    }
    byte[] file = encoded.toByteArray();
    Density density = kept.blocks().density();
    if (density != null) {
      ByteBuffer header = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
      header.putInt(DENSITY, density.metreX()).putInt(DENSITY + 4, density.metreY());
    }
    out.write(file);
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
    // From the bottom to the top.
    for (int y = picture.height() - 1; y >= 0; y--) {
      ByteBuffer line = ByteBuffer.allocate(row).order(ByteOrder.LITTLE_ENDIAN);
      for (int pixel = y * picture.width(); line.hasRemaining(); pixel++) {
        int rgb = Png.packed(picture.rgb(), pixel * Picture.CHANNELS);
        line.putInt((picture.alpha()[pixel] & 0xFF) << 24 | rgb);
      }
      out.write(line.array());
    }
  }
}
