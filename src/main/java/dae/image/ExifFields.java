package dae.image;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import javax.imageio.plugins.tiff.TIFFField;

/// EXIF as the fields of a TIFF, and back. Both are one structure, but that the first directory of
/// a TIFF describes pixels and that of EXIF does not; so one is added there, or taken away.
final class ExifFields {
  private static final int ENTRY = 12;
  private static final short LONG = 4;

  /// A grey pixel, the byte at 8.
  private static final int[][] PIXEL = {
    {256, 1}, {257, 1}, {258, 8}, {259, 1}, {262, 1}, {273, 8}, {277, 1}, {278, 1}, {279, 1}
  };

  /// A block of EXIF is made where one of these is there: description, maker, model, date, artist,
  /// copyright, directories of EXIF and GPS.
  private static final Set<Integer> TELLING = Set.of(270, 271, 272, 306, 315, 33432, 34665, 34853);

  /// What other blocks hold, and may be larger than EXIF in a JPEG: XMP, IPTC, Photoshop's, the
  /// profile.
  private static final Set<Integer> ELSEWHERE = Set.of(700, 33723, 34377, 34675);

  private static final int ORIENTATION = 274;

  private ExifFields() {}

  /// The fields of a block but its orientation, for pixels that are turned; none where it is null
  /// or damaged.
  static List<TIFFField> of(byte[] exif) {
    if (exif == null) {
      return List.of();
    }
    try {
      return Tiff.fields(described(exif, PIXEL)).stream()
          .filter(field -> isOfExif(field) && field.getTagNumber() != ORIENTATION)
          .toList();
    } catch (IOException | RuntimeException e) {
      return List.of();
    }
  }

  /// A block of the fields; null where they tell nothing, or cannot be written.
  static byte[] block(List<TIFFField> fields) {
    List<TIFFField> telling = fields.stream().filter(ExifFields::isOfExif).toList();
    if (telling.stream().noneMatch(field -> TELLING.contains(field.getTagNumber()))) {
      return null;
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      Tiff.write(new BufferedImage(1, 1, BufferedImage.TYPE_BYTE_GRAY), telling, null, out);
      return described(out.toByteArray(), new int[0][]);
    } catch (IOException | RuntimeException e) {
      return null;
    }
  }

  private static boolean isOfExif(TIFFField field) {
    int tag = field.getTagNumber();
    return !Tiff.OF_OLD_PIXELS.contains(tag) && !ELSEWHERE.contains(tag);
  }

  /// The structure with another first and only directory, at its end.
  ///
  /// @param pixels fields of whole numbers in the place of those that describe pixels
  private static byte[] described(byte[] tiff, int[][] pixels) {
    ByteOrder order = tiff[0] == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
    ByteBuffer in = ByteBuffer.wrap(tiff).order(order);
    int at = in.getInt(4);
    TreeMap<Integer, byte[]> entries = new TreeMap<>();
    for (int left = in.getShort(at) & 0xFFFF, from = at + 2; left > 0; left--, from += ENTRY) {
      int tag = in.getShort(from) & 0xFFFF;
      if (!Tiff.OF_OLD_PIXELS.contains(tag)) {
        entries.put(tag, Arrays.copyOfRange(tiff, from, from + ENTRY));
      }
    }
    for (int[] field : pixels) {
      ByteBuffer entry = ByteBuffer.allocate(ENTRY).order(order);
      entry.putShort((short) field[0]).putShort(LONG).putInt(1).putInt(field[1]);
      entries.put(field[0], entry.array());
    }
    int start = tiff.length + tiff.length % 2;
    ByteBuffer out = ByteBuffer.allocate(start + 2 + ENTRY * entries.size() + 4).order(order);
    out.put(tiff).putInt(4, start).position(start).putShort((short) entries.size());
    entries.values().forEach(out::put);
    return out.array();
  }
}
