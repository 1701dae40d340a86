package dae.image;

import dae.image.Decoder.DamagedException;
import dae.image.Kept.Blocks;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/// Reads WebP. Nothing in Java writes it.
final class WebP {
  private static final int START = 12;
  private static final int HEAD = 8;

  /// A name that no decoder knows.
  private static final byte[] OTHER = "none".getBytes(StandardCharsets.US_ASCII);

  private WebP() {}

  /// Reads a file's bytes, and keeps what they say besides.
  static Opened read(byte[] file, PictureReader.Limit limit) throws IOException {
    requireWhole(file);
    byte[] icc = chunk(file, "ICCP");
    Samples samples =
        Decoder.of(
            Format.WEBP,
            withoutProfile(file),
            reader -> {
              limit.check(reader.getHeight(0), reader.getWidth(0), Samples.bytes(reader));
              return Samples.take(reader.read(0));
            });
    Picture picture = samples.picture();
    byte[] opacities = plain(chunk(file, "ALPH"), picture.height(), picture.width());
    if (opacities != null) {
      picture = new Picture(picture.height(), picture.width(), picture.colors(), opacities);
    }
    byte[] exif = chunk(file, "EXIF");
    Blocks blocks =
        new Blocks(exif, Icc.fits(icc, samples.grey()) ? icc : null, chunk(file, "XMP "), null);
    Kept kept =
        new Kept(Format.WEBP, 8, samples.grey(), null, Exif.orientation(exif), blocks, null);
    boolean animated = chunk(file, "ANIM") != null;
    return new Opened(
        picture, kept, animated ? List.of("animated: its first frame was taken") : List.of());
  }

  /// Opacities that are not compressed, which the decoder leaves out: a byte that says how, then
  /// differences to the left, to what is above, or to what both let expect. Null where there are
  /// none.
  static byte[] plain(byte[] chunk, int height, int width) throws DamagedException {
    if (chunk == null || chunk.length == 0 || (chunk[0] & 3) != 0) {
      return null;
    }
    if (chunk.length - 1 < height * width) {
      throw new DamagedException("damaged: its transparency ends too early", null);
    }
    int filter = chunk[0] >> 2 & 3;
    byte[] opacities = new byte[height * width];
    for (int i = 0; i < opacities.length; i++) {
      int x = i % width;
      int left = x > 0 ? opacities[i - 1] & 0xFF : i > 0 ? opacities[i - width] & 0xFF : 0;
      int above = i >= width ? opacities[i - width] & 0xFF : left;
      int corner = i >= width && x > 0 ? opacities[i - width - 1] & 0xFF : left;
      int expected =
          switch (filter) {
            case 0 -> 0;
            case 1 -> left;
            case 2 -> above;
            default -> i < width || x == 0 ? left : Math.clamp(left + above - corner, 0, 255);
          };
      opacities[i] = (byte) (chunk[1 + i] + expected);
    }
    return opacities;
  }

  /// Decoders fill in what a file lacks.
  private static void requireWhole(byte[] file) throws DamagedException {
    if (file.length < START || little(file).getInt(4) + (long) HEAD > file.length) {
      throw new DamagedException("damaged: it ends too early", null);
    }
  }

  private static ByteBuffer little(byte[] file) {
    return ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
  }

  /// The decoder would read the profile, and refuse a damaged one.
  private static byte[] withoutProfile(byte[] file) {
    int at = find(file, "ICCP");
    if (at < 0) {
      return file;
    }
    byte[] other = file.clone();
    System.arraycopy(OTHER, 0, other, at, OTHER.length);
    return other;
  }

  /// The data of the first chunk of a name; null where there is none.
  private static byte[] chunk(byte[] file, String name) {
    int at = find(file, name);
    return at < 0
        ? null
        : Arrays.copyOfRange(file, at + HEAD, at + HEAD + little(file).getInt(at + 4));
  }

  /// Where the first chunk of a name starts; -1 where there is none.
  private static int find(byte[] file, String name) {
    int at = START;
    while (at + HEAD <= file.length) {
      int length = little(file).getInt(at + 4);
      if (length < 0 || length > file.length - at - HEAD) {
        return -1;
      }
      if (name.equals(new String(file, at, 4, StandardCharsets.ISO_8859_1))) {
        return at;
      }
      at += HEAD + length + length % 2;
    }
    return -1;
  }
}
