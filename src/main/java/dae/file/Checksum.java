package dae.file;

import dae.Printable;
import dae.UserError;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;

/// The checksum of a [Safetensors] file: CRC-32C (Castagnoli 1993) of header and values, as eight
/// hexadecimal digits in the header itself, where zeros stand for it while it is computed. It tells
/// any one, two or three flipped bits, and any burst of up to 32.
final class Checksum {
  /// Its name among the metadata.
  static final String KEY = "dae.crc32c";

  /// What stands in its place.
  static final String NONE = "00000000";

  private static final byte[] BEFORE = ("\"" + KEY + "\":\"").getBytes(StandardCharsets.US_ASCII);

  private final CRC32C sum = new CRC32C();

  /// @param header with or without a checksum
  Checksum(byte[] header) {
    byte[] blank = header.clone();
    write(NONE, blank);
    sum.update(blank);
  }

  /// Whoever reads these values from it has them summed up.
  InputStream of(InputStream values) {
    return new CheckedInputStream(values, sum);
  }

  /// Whoever writes these values to it has them summed up.
  OutputStream of(OutputStream values) {
    return new CheckedOutputStream(values, sum);
  }

  /// Puts it in its place.
  void enter(byte[] header) {
    write(toString(), header);
  }

  /// @param written what the file says, null for nothing
  /// @throws UserError if that is something else
  void require(String written, String source) {
    if (written != null && !written.equals(toString())) {
      throw new UserError(
          "%s: expected bytes with the checksum %s, got %s%s"
              .formatted(source, Printable.shortened(written), this, SafetensorsHeader.DAMAGED));
    }
  }

  @Override
  public String toString() {
    return "%08x".formatted(sum.getValue());
  }

  private static void write(String digits, byte[] header) {
    for (int at = 0; at + BEFORE.length + NONE.length() <= header.length; at++) {
      int k = 0;
      while (k < BEFORE.length && header[at + k] == BEFORE[k]) {
        k++;
      }
      if (k == BEFORE.length) {
        byte[] bytes = digits.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(bytes, 0, header, at + k, bytes.length);
        return;
      }
    }
  }
}
