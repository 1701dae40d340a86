package dae.image;

import dae.image.Decoder.DamagedException;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.zip.CRC32;

/// The chunks of a PNG that say how to show its pixels, and its texts, whole as they lie in the
/// file.
///
/// ImageIO's decoder leaves checksums of pixels unchecked, calls a file damaged for a transparent
/// colour where there is an alpha channel, and unpacks what it does not need. So it is given the
/// chunks alone that hold pixels, checked before.
///
/// @param before those in front of the pixels
/// @param after those behind them
record PngChunks(List<byte[]> before, List<byte[]> after) implements Kept.Own {
  static final byte[] SIGNATURE = "\u0089PNG\r\n\u001a\n".getBytes(StandardCharsets.ISO_8859_1);
  static final int GREY = 0;
  static final int RGB = 2;
  static final int PALETTE = 3;

  /// Length, name and checksum around a chunk's data.
  private static final int AROUND = 12;

  private static final int HEADER = AROUND + 13;
  private static final int NAME = 4;
  private static final int DATA = 8;

  /// What ends with the picture's kind: transparent colours have become an alpha channel, the
  /// others speak of the samples as they were; animations, of which the first frame is taken.
  private static final Set<String> OF_OLD_PIXELS =
      Set.of("tRNS", "bKGD", "hIST", "sBIT", "sPLT", "acTL", "fcTL", "fdAT");

  /// @param width as the header says
  /// @param height as the header says
  /// @param bits of a sample
  /// @param type of pixels, as the header says
  /// @param colors of its palette
  /// @param transparent data of the chunk that names transparent colours; null where there is none
  /// @param animated whether there are more frames
  /// @param kept for the file that will be written
  /// @param pixels a PNG of nothing else, for the decoder; in the file's own array
  record Parsed(
      int width,
      int height,
      int bits,
      int type,
      int colors,
      byte[] transparent,
      boolean animated,
      PngChunks kept,
      Ranges pixels) {}

  /// Takes a file apart.
  ///
  /// @throws DamagedException if a chunk that holds pixels is missing, cut, or has a wrong checksum
  static Parsed parse(byte[] file) throws DamagedException {
    Ranges pixels = new Ranges(file);
    pixels.add(0, SIGNATURE.length);
    PngChunks kept = new PngChunks(new ArrayList<>(), new ArrayList<>());
    int colors = 0;
    byte[] transparent = null;
    boolean animated = false;
    boolean seenPixels = false;
    ByteBuffer in = ByteBuffer.wrap(file);
    int at = SIGNATURE.length;
    String name;
    do {
      int length = length(in, at);
      name = new String(file, at + NAME, 4, StandardCharsets.ISO_8859_1);
      boolean whole = checksum(file, at, length) == in.getInt(at + length - 4);
      boolean critical = (file[at + NAME] & 0x20) == 0;
      requireOrder(name, at == SIGNATURE.length, whole || !critical);
      seenPixels |= name.equals("IDAT");
      animated |= name.equals("acTL");
      if (critical) {
        pixels.add(at, at + length);
        colors = name.equals("PLTE") ? (length - AROUND) / 3 : colors;
      } else if (name.equals("tRNS")) {
        int type = file[SIGNATURE.length + DATA + 9];
        boolean fits = isTransparency(type, length - AROUND, colors);
        if (fits && whole && !seenPixels && transparent == null) {
          transparent = Arrays.copyOfRange(file, at + DATA, at + length - 4);
          if (type == PALETTE) {
            pixels.add(at, at + length);
          }
        }
      } else if (whole && !OF_OLD_PIXELS.contains(name) && isKept(name)) {
        (seenPixels ? kept.after : kept.before).add(Arrays.copyOfRange(file, at, at + length));
      }
      at += length;
    } while (!name.equals("IEND"));
    int width = in.getInt(SIGNATURE.length + DATA);
    int height = in.getInt(SIGNATURE.length + DATA + 4);
    if (width <= 0 || height <= 0 || !seenPixels) {
      throw new DamagedException("damaged: no pixels", null);
    }
    return new Parsed(
        width,
        height,
        file[SIGNATURE.length + DATA + 8],
        file[SIGNATURE.length + DATA + 9],
        colors,
        transparent,
        animated,
        kept,
        pixels);
  }

  /// Whether transparent colours are named as they can be; others are ignored, as libpng does.
  private static boolean isTransparency(int type, int bytes, int colors) {
    return switch (type) {
      case GREY -> bytes == Short.BYTES;
      case RGB -> bytes == 3 * Short.BYTES;
      case PALETTE -> bytes >= 1 && bytes <= colors;
      default -> false;
    };
  }

  private static int length(ByteBuffer in, int at) throws DamagedException {
    int rest = in.limit() - at;
    int data = rest < AROUND ? -1 : in.getInt(at);
    if (data < 0 || data > rest - AROUND) {
      throw new DamagedException("damaged: it ends within a chunk", null);
    }
    return data + AROUND;
  }

  private static void requireOrder(String name, boolean first, boolean sound)
      throws DamagedException {
    boolean known = Set.of("IHDR", "PLTE", "IDAT", "IEND").contains(name);
    boolean critical = Character.isUpperCase(name.charAt(0));
    if (!sound || first != name.equals("IHDR") || critical && !known) {
      throw new DamagedException("damaged: chunk " + printable(name), null);
    }
  }

  private static String printable(String name) {
    return name.replaceAll("[^A-Za-z]", "?");
  }

  /// Chunks that are not known are kept if they say that they may be.
  private static boolean isKept(String name) {
    boolean safe = (name.charAt(3) & 0x20) != 0;
    return safe
        || Set.of("gAMA", "cHRM", "iCCP", "sRGB", "cICP", "mDCV", "cLLI", "eXIf", "tIME")
            .contains(name);
  }

  /// The data of the first chunk of a name; null where there is none.
  byte[] data(String name) {
    for (List<byte[]> chunks : List.of(before, after)) {
      for (byte[] chunk : chunks) {
        if (name.equals(new String(chunk, NAME, 4, StandardCharsets.ISO_8859_1))) {
          return Arrays.copyOfRange(chunk, DATA, chunk.length - 4);
        }
      }
    }
    return null;
  }

  /// A whole chunk.
  static byte[] chunk(String name, byte[] data) {
    byte[] chunk = new byte[AROUND + data.length];
    ByteBuffer out = ByteBuffer.wrap(chunk).putInt(data.length);
    out.put(name.getBytes(StandardCharsets.ISO_8859_1)).put(data);
    return out.putInt(checksum(chunk, 0, chunk.length)).array();
  }

  /// @param at where a chunk starts
  /// @param length of all of it
  private static int checksum(byte[] bytes, int at, int length) {
    CRC32 checksum = new CRC32();
    checksum.update(bytes, at + NAME, length - AROUND + 4);
    return (int) checksum.getValue();
  }

  /// Puts the chunks into a PNG that is written through the stream: behind its header and in front
  /// of its end.
  OutputStream into(OutputStream out) {
    return new Splice(out);
  }

  private final class Splice extends FilterOutputStream {
    private static final int FRONT = 8 + HEADER;
    private final byte[] tail = new byte[AROUND];
    private int count;

    private Splice(OutputStream out) {
      super(out);
    }

    @Override
    public void write(int value) throws IOException {
      write(new byte[] {(byte) value}, 0, 1);
    }

    /// The last bytes are held back: they may be the end.
    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      int done = 0;
      if (count < FRONT) {
        done = Math.min(length, FRONT - count);
        out.write(bytes, offset, done);
        count += done;
        if (count == FRONT) {
          writeAll(before);
        }
      }
      hold(bytes, offset + done, length - done);
    }

    private void hold(byte[] bytes, int offset, int length) throws IOException {
      if (length == 0) {
        return;
      }
      int held = Math.min(count - FRONT, AROUND);
      byte[] all = Arrays.copyOf(tail, held + length);
      System.arraycopy(bytes, offset, all, held, length);
      int keep = Math.min(all.length, AROUND);
      out.write(all, 0, all.length - keep);
      System.arraycopy(all, all.length - keep, tail, 0, keep);
      count = FRONT + keep;
    }

    private void writeAll(List<byte[]> chunks) throws IOException {
      for (byte[] chunk : chunks) {
        out.write(chunk);
      }
    }

    /// Writes what was held back; the stream below stays open.
    @Override
    public void close() throws IOException {
      writeAll(after);
      out.write(tail, 0, Math.max(0, count - FRONT));
      out.flush();
    }
  }
}
