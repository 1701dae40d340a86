package dae.image;

import dae.UserError;
import dae.image.Kept.Blocks;
import dae.image.Kept.Density;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/// Reads and writes BMP, uncompressed, of 8 bits grey or 24 bits.
final class Bmp {
  /// Where the header has its pixels per metre, in each direction.
  private static final int DENSITY = 38;

  private static final int HEADER = 54;

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
    Kept kept =
        new Kept(
            Format.BMP,
            8,
            samples.grey(),
            null,
            Kept.UPRIGHT,
            new Blocks(null, null, null, density),
            null);
    return new Opened(samples.picture(), kept, List.of());
  }

  /// Writes a picture without opacities.
  static void write(Picture picture, Kept kept, OutputStream out) throws IOException {
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
}
