package dae.image;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.stream.ImageInputStreamImpl;

/// Ranges of an array one behind the other, as a decoder's stream; they are not copied. The array
/// is let go on closing: ImageIO's streams have finalizers, which would keep it, as large as a
/// picture, over a collection of garbage.
final class Ranges extends ImageInputStreamImpl {
  private byte[] bytes;
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

  /// All of an array.
  static Ranges of(byte[] bytes) {
    Ranges all = new Ranges(bytes);
    all.add(0, bytes.length);
    return all;
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
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] to, int offset, int length) throws IOException {
    checkClosed();
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

  @Override
  public void close() throws IOException {
    super.close();
    bytes = null;
  }
}
