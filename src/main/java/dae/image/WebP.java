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
    byte[] exif = chunk(file, "EXIF");
    Blocks blocks =
        new Blocks(exif, Icc.fits(icc, samples.grey()) ? icc : null, chunk(file, "XMP "), null);
    Kept kept =
        new Kept(Format.WEBP, 8, samples.grey(), null, Exif.orientation(exif), blocks, null);
    boolean animated = chunk(file, "ANIM") != null;
    return new Opened(
        samples.picture(),
        kept,
        animated ? List.of("animated: its first frame was taken") : List.of());
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
