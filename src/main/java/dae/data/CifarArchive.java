package dae.data;

import dae.Printable;
import dae.UserError;
import dae.file.PlainFile;
import dae.file.Reason;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/// Reads splits out of a `.tar.gz` without extracting it. Always reads to the archive's end, since
/// the checksum over its content comes only there.
final class CifarArchive {
  private static final int NAMES_SHOWN = 6;

  private final Path file;
  private final CifarFormat format;

  CifarArchive(Path file, CifarFormat format) {
    this.file = file;
    this.format = format;
  }

  /// Reads all files that a split wants.
  ///
  /// @param along a split that is read as far as its files are there
  /// @throws UserError if a file is missing or the archive is damaged, dangerous or something else
  void read(CifarRecords records, CifarRecords along) {
    List<String> names = new ArrayList<>();
    try (InputStream raw = PlainFile.open(file);
        InputStream content = new Bounded(new GZIPInputStream(raw, 1 << 16));
        TarArchiveInputStream tar = new TarArchiveInputStream(content)) {
      for (TarArchiveEntry e = tar.getNextEntry(); e != null; e = tar.getNextEntry()) {
        check(e);
        String name = Path.of(e.getName()).getFileName().toString();
        if (!e.isDirectory() && names.size() < NAMES_SHOWN) {
          names.add(name);
        }
        for (CifarRecords split : List.of(records, along)) {
          if (!e.isDirectory() && split.wants(name)) {
            split.read(name, file + "!" + name, e.getSize(), tar);
          }
        }
      }
      content.transferTo(OutputStream.nullOutputStream());
    } catch (IOException | IllegalArgumentException e) {
      // Some of the library's parsers answer a damaged header with IllegalArgumentException.
      throw wrong("a whole archive", "a damaged or foreign one (" + Reason.of(e) + ")", e);
    }
    if (!records.missing().isEmpty()) {
      throw wrong(
          String.join(", ", records.missing()),
          names.isEmpty() ? "an empty archive" : "only " + String.join(", ", names),
          null);
    }
  }

  private void check(TarArchiveEntry entry) {
    String name = entry.getName();
    boolean regular =
        !(entry.isSymbolicLink()
            || entry.isLink()
            || entry.isCharacterDevice()
            || entry.isBlockDevice()
            || entry.isFIFO()
            || entry.isSparse());
    boolean absolute = name.startsWith("/") || name.startsWith("\\") || name.contains(":");
    boolean climbs = List.of(name.split("[/\\\\]")).contains("..");
    if (!regular || absolute || climbs || name.isEmpty()) {
      throw wrong(
          "only plain files below a folder", "the entry '" + Printable.shortened(name) + "'", null);
    }
  }

  private UserError wrong(String expected, String got, Exception cause) {
    return new UserError(
        "%s: expected %s in %s, got %s — move it away and run `fetch %s` for the official archive"
            .formatted(format.id, expected, file, got, format.id),
        cause);
  }

  /// Ends archives that decompress without end.
  private static final class Bounded extends FilterInputStream {
    private long left = CifarRecords.LARGEST;

    Bounded(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      int value = super.read();
      count(value < 0 ? 0 : 1);
      return value;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      int got = super.read(into, offset, length);
      count(Math.max(got, 0));
      return got;
    }

    @Override
    public long skip(long n) throws IOException {
      long skipped = super.skip(n);
      count(skipped);
      return skipped;
    }

    private void count(long read) throws IOException {
      left -= read;
      if (left < 0) {
        throw new IOException("it unpacks to more than 256 MiB");
      }
    }
  }
}
