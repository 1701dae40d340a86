package dae.image;

import java.io.IOException;
import java.io.OutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/// The stream of an encoder that never goes back: what it has written leaves memory.
final class Outward extends MemoryCacheImageOutputStream {
  /// Kept until there is so much.
  private static final int ENOUGH = 1 << 16;

  /// @param out stays open
  Outward(OutputStream out) {
    super(out);
  }

  @Override
  public void write(int value) throws IOException {
    super.write(value);
    hand();
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    super.write(bytes, offset, length);
    hand();
  }

  private void hand() throws IOException {
    if (getStreamPosition() - getFlushedPosition() >= ENOUGH) {
      flush();
    }
  }
}
