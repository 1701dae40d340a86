package dae.image;

import dae.image.Decoder.DamagedException;
import dae.image.Decoder.UnreadException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// What stands in front of a JPEG's pixels.
///
/// @param kept segments of programs and comments, whole as they lie in the file
/// @param tables the quantisation tables by number, each 64 values row by row, or null
/// @param sampling of each component: horizontal and vertical factor and number of its table
/// @param progressive whether it comes in several passes
record JpegSegments(List<byte[]> kept, int[][] tables, int[][] sampling, boolean progressive)
    implements Kept.Own {
  static final int APP0 = 0xE0;
  static final int APP1 = 0xE1;
  static final int APP2 = 0xE2;
  private static final int APP14 = 0xEE;
  private static final int APP15 = 0xEF;
  private static final int COMMENT = 0xFE;
  private static final int TABLES = 0xDB;
  private static final int SCAN = 0xDA;
  private static final int PROGRESSIVE = 0xC2;

  /// Of frames of arithmetic coding, these or more.
  private static final int ARITHMETIC = 0xC9;

  private static final int MOST_TABLES = 4;
  private static final int TABLE = 64;

  static final String JFIF = "JFIF\0";
  static final String EXIF = "Exif\0\0";
  static final String XMP = "http://ns.adobe.com/xap/1.0/\0";
  static final String ICC = "ICC_PROFILE\0";
  private static final String MORE_PICTURES = "MPF\0";

  /// @param kept for the file that will be written
  /// @param forDecoder the file without what the decoder would only read to no end, or stumble over
  record Parsed(JpegSegments kept, byte[] forDecoder) {}

  /// Takes the segments of a file apart, up to its first scan.
  ///
  /// @throws DamagedException if it ends before
  /// @throws UnreadException if its pixels are coded as hardly any are
  static Parsed parse(byte[] file) throws DamagedException, UnreadException {
    List<byte[]> all = new ArrayList<>();
    List<byte[]> kept = new ArrayList<>();
    int[][] tables = new int[MOST_TABLES][];
    int[][] sampling = new int[0][];
    boolean progressive = false;
    int at = 2;
    while (true) {
      at = next(file, at);
      int marker = file[at + 1] & 0xFF;
      if (marker == SCAN) {
        JpegSegments own = new JpegSegments(kept, tables, sampling, progressive);
        return new Parsed(own, own.forDecoder(all, file, at));
      }
      int length = at + 4 > file.length ? 0 : ByteBuffer.wrap(file).getShort(at + 2) & 0xFFFF;
      if (length < 2 || at + 2 + length > file.length) {
        throw new DamagedException("damaged: it ends within a segment", null);
      }
      byte[] segment = Arrays.copyOfRange(file, at, at + 2 + length);
      all.add(segment);
      if (isKept(marker, segment)) {
        kept.add(segment);
      } else if (marker == TABLES) {
        readTables(segment, tables);
      } else if (isFrame(marker)) {
        requireKnown(marker, segment);
        sampling = sampling(segment);
        progressive = marker == PROGRESSIVE;
      }
      at += 2 + length;
    }
  }

  /// Inks need their profile, colours do not.
  private byte[] forDecoder(List<byte[]> all, byte[] file, int scan) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(file.length);
    out.write(file, 0, 2);
    for (byte[] segment : all) {
      boolean profile = sampling.length > Picture.CHANNELS && starts(segment, ICC);
      if (!isKept(segment[1] & 0xFF, segment) || starts(segment, JFIF) || profile) {
        out.writeBytes(segment);
      }
    }
    out.write(file, scan, file.length - scan);
    return out.toByteArray();
  }

  /// A marker may have several 0xFF in front; other bytes between segments are skipped, as by every
  /// decoder.
  private static int next(byte[] file, int from) throws DamagedException {
    for (int at = from; at + 1 < file.length; at++) {
      int marker = file[at + 1] & 0xFF;
      if (file[at] == (byte) 0xFF && marker >= 0xC0 && marker != 0xFF) {
        return at;
      }
    }
    throw new DamagedException("damaged: it ends before its pixels", null);
  }

  /// The colours are written anew, so what Adobe says about them ends; and so does an index of
  /// pictures behind the first, which are not copied.
  private static boolean isKept(int marker, byte[] segment) {
    return marker == COMMENT
        || marker >= APP0 && marker <= APP15 && marker != APP14 && !starts(segment, MORE_PICTURES);
  }

  private static boolean isFrame(int marker) {
    return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
  }

  private static void requireKnown(int marker, byte[] segment) throws UnreadException {
    String got =
        marker >= ARITHMETIC
            ? "arithmetic coding"
            : marker > PROGRESSIVE
                ? "lossless or hierarchical coding"
                : segment.length > 4 && segment[4] != 8 ? segment[4] + " bits" : null;
    if (got != null) {
      throw new UnreadException(
          "expected a JPEG of 8 bits in Huffman's code, got %s — convert it with what made it"
              .formatted(got));
    }
  }

  private static void readTables(byte[] segment, int[][] tables) throws DamagedException {
    ByteBuffer in = ByteBuffer.wrap(segment).position(4);
    while (in.hasRemaining()) {
      int head = in.get();
      boolean wide = (head & 0xF0) != 0;
      int number = head & 0x0F;
      if (number >= MOST_TABLES || in.remaining() < (wide ? 2 * TABLE : TABLE)) {
        throw new DamagedException("damaged: a quantisation table", null);
      }
      tables[number] = new int[TABLE];
      for (int place : ZigZag.PLACES) {
        int value = wide ? in.getShort() & 0xFFFF : in.get() & 0xFF;
        tables[number][place] = Math.clamp(value, 1, 255);
      }
    }
  }

  private static int[][] sampling(byte[] segment) throws DamagedException {
    int count = segment.length < 10 ? 0 : segment[9];
    if (count < 1 || segment.length < 10 + 3 * count) {
      throw new DamagedException("damaged: the frame", null);
    }
    int[][] sampling = new int[count][];
    for (int i = 0; i < count; i++) {
      int at = 10 + 3 * i;
      sampling[i] =
          new int[] {segment[at + 1] >> 4 & 0xF, segment[at + 1] & 0xF, segment[at + 2] & 0x3};
    }
    return sampling;
  }

  private static boolean starts(byte[] segment, String name) {
    return new String(segment, 4, segment.length - 4, StandardCharsets.ISO_8859_1).startsWith(name);
  }

  /// What follows a name in the segments that have it, one after the other; null where none has.
  byte[] data(String name, int skipped) {
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    boolean found = false;
    for (byte[] segment : kept) {
      int start = 4 + name.length() + skipped;
      if (starts(segment, name) && segment.length >= start) {
        data.write(segment, start, segment.length - start);
        found = true;
      }
    }
    return found ? data.toByteArray() : null;
  }

  /// The same without a profile.
  JpegSegments withoutProfile() {
    List<byte[]> others = kept.stream().filter(segment -> !starts(segment, ICC)).toList();
    return new JpegSegments(others, tables, sampling, progressive);
  }

  /// A whole segment; null where the data does not fit into one.
  static byte[] segment(int marker, byte[]... parts) {
    int length = 2;
    for (byte[] part : parts) {
      length += part.length;
    }
    if (length > 0xFFFF) {
      return null;
    }
    ByteBuffer segment = ByteBuffer.allocate(2 + length);
    segment.put((byte) 0xFF).put((byte) marker).putShort((short) length);
    for (byte[] part : parts) {
      segment.put(part);
    }
    return segment.array();
  }

  /// Where in a table's rows the values lie that a file lists along the diagonals.
  private static final class ZigZag {
    static final int[] PLACES = places();

    private static int[] places() {
      int[] places = new int[TABLE];
      int x = 0;
      int y = 0;
      for (int i = 0; i < TABLE; i++) {
        places[i] = y * 8 + x;
        boolean up = (x + y) % 2 == 0;
        if (up) {
          y += x == 7 ? 1 : y == 0 ? 0 : -1;
          x += x == 7 ? 0 : 1;
        } else {
          x += y == 7 ? 1 : x == 0 ? 0 : -1;
          y += y == 7 ? 0 : 1;
        }
      }
      return places;
    }
  }
}
