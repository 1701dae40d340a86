package dae.image;

import java.util.ArrayList;
import java.util.List;
import javax.imageio.stream.ImageInputStreamImpl;

/// Ranges of an array one behind the other, as a decoder's stream; they are not copied.
final class Ranges extends ImageInputStreamImpl {
  private final byte[] bytes;
  private final List<Range> ranges = new ArrayList<>();

  /// @param from its first byte
  /// @param until behind its last
  private record Range(int from, int until) {
    private int length() {
      return until - from;
    }
  }

  /// @param bytes stay as they are
  Ranges(byte[] bytes) {
    this.bytes = bytes;
  }

  /// Adds a range; one that starts where the last one ends becomes a part of it.
  void add(int from, int until) {
    if (!ranges.isEmpty() && ranges.getLast().until == from) {
      ranges.add(new Range(ranges.removeLast().from, until));
    } else {
      ranges.add(new Range(from, until));
    }
  }

  @Override
  public int read() {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] to, int offset, int length) {
    bitOffset = 0;
    long before = streamPos;
    for (Range range : ranges) {
      if (before < range.length()) {
        int count = (int) Math.min(length, range.length() - before);
        System.arraycopy(bytes, range.from + (int) before, to, offset, count);
        streamPos += count;
        return count;
      }
      before -= range.length();
    }
    return -1;
  }

  @Override
  public long length() {
    return ranges.stream().mapToLong(Range::length).sum();
  }
}
