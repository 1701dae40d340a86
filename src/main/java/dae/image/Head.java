package dae.image;

import java.io.ByteArrayOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.function.UnaryOperator;

/// Changes the first bytes of a file that is written through it.
final class Head extends FilterOutputStream {
  private final int length;
  private final UnaryOperator<byte[]> change;
  private ByteArrayOutputStream held = new ByteArrayOutputStream();

  /// @param out stays open
  /// @param length bytes to change; fewer where the file has fewer
  /// @param change makes of them what is written
  Head(OutputStream out, int length, UnaryOperator<byte[]> change) {
    super(out);
    this.length = length;
    this.change = change;
  }

  @Override
  public void write(int value) throws IOException {
    write(new byte[] {(byte) value}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int count) throws IOException {
    int first = held == null ? 0 : Math.min(count, length - held.size());
    if (held != null) {
      held.write(bytes, offset, first);
      if (held.size() == length) {
        release();
      }
    }
    out.write(bytes, offset + first, count - first);
  }

  private void release() throws IOException {
    out.write(change.apply(held.toByteArray()));
    held = null;
  }

  /// An encoder flushes whenever it likes.
  @Override
  public void flush() {}

  @Override
  public void close() throws IOException {
    if (held != null) {
      release();
    }
    out.flush();
  }
}
