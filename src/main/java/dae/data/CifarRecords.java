package dae.data;

import dae.UserError;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/// Collects the files of one split, in any order, into one array of interleaved pixels. Decodes
/// record by record, so that the pixels are never in memory twice.
final class CifarRecords {
  /// No official file and no official archive is larger; a bound for what a wrong one may cost.
  static final long LARGEST = 256L << 20;

  private final CifarFormat format;
  private final List<String> files;
  private final List<String> missing;
  private int recordsPerFile;
  private byte[] pixels;

  CifarRecords(CifarFormat format, List<String> files) {
    this.format = format;
    this.files = files;
    this.missing = new ArrayList<>(files);
  }

  /// Whether the split has a file of this name.
  boolean wants(String file) {
    return files.contains(file);
  }

  /// The split's files that have not been read yet.
  List<String> missing() {
    return missing;
  }

  /// Decodes one file of the split.
  ///
  /// @param file its name
  /// @param where the file or archive entry, for messages
  /// @param size its length in bytes
  /// @param in its content
  /// @throws IOException if the content cannot be read or ends early
  void read(String file, String where, long size, InputStream in) throws IOException {
    int records = checkedRecords(file, where, size);
    if (pixels == null) {
      recordsPerFile = records;
      pixels = Images.room(format.id, files.size() * records * 3 * CifarFormat.PLANE);
    }
    byte[] record = new byte[format.recordBytes()];
    int at = files.indexOf(file) * records * 3 * CifarFormat.PLANE;
    for (int r = 0; r < records; r++) {
      int got = in.readNBytes(record, 0, record.length);
      if (got < record.length) {
        throw new IOException("%s ends in record %d of %d".formatted(where, r + 1, records));
      }
      checkLabels(record, where, r);
      at = interleave(record, at);
    }
    missing.remove(file);
  }

  private int checkedRecords(String file, String where, long size) {
    int length = format.recordBytes();
    if (size == 0 || size % length != 0 || size * files.size() > LARGEST) {
      throw wrong(where, "whole records of " + length + " bytes", size + " bytes");
    }
    int records = (int) (size / length);
    if (pixels != null && records != recordsPerFile) {
      throw wrong(where, recordsPerFile + " records as in the other files", records + " records");
    }
    if (!missing.contains(file)) {
      throw wrong(where, "each file once", "it twice");
    }
    return records;
  }

  private void checkLabels(byte[] record, String where, int r) {
    for (int i = 0; i < format.classes.size(); i++) {
      int label = record[i] & 0xFF;
      if (label >= format.classes.get(i)) {
        throw wrong(
            where,
            "labels below " + format.classes.get(i),
            "label %d in record %d".formatted(label, r + 1));
      }
    }
  }

  /// Planes to pixels: red, green and blue of a pixel lie 1,024 bytes apart in the record.
  private int interleave(byte[] record, int at) {
    int red = format.classes.size();
    int green = red + CifarFormat.PLANE;
    int blue = green + CifarFormat.PLANE;
    for (int p = 0; p < CifarFormat.PLANE; p++) {
      pixels[at] = record[red + p];
      pixels[at + 1] = record[green + p];
      pixels[at + 2] = record[blue + p];
      at += 3;
    }
    return at;
  }

  private UserError wrong(String where, String expected, String got) {
    return new UserError(
        ("%s: expected %s in %s, got %s — this is not %s's binary version, or it is damaged:"
                + " fetch it again with `fetch %s`")
            .formatted(format.id, expected, where, got, format.title, format.id));
  }

  /// All images of the split, in the order of its files.
  Images images() {
    return new Images(CifarFormat.SIDE, CifarFormat.SIDE, pixels);
  }
}
