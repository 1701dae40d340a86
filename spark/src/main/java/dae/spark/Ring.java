package dae.spark;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;

/// **Ring all-reduce** (Patarasuk & Yuan 2009): N ranks, each with a vector, end with the sum of
/// all vectors, while each sends and receives 2·(N − 1)/N of one, whatever N is.
///
/// The vector is cut into N chunks. In N − 1 steps every rank sends a chunk to its right neighbour
/// and adds the one that it gets from its left to its own; then it has one chunk's whole sum, and
/// in N − 1 more steps the sums go round.
///
/// ```
///        step 0      step 1      step 2          ranks 0 1 2 3, chunk c
///     c → c+1 adds → c+2 adds → c+3 adds = sum, then copied round
/// ```
///
/// **Same bits.** Chunk c is always ((v_c + v_{c+1}) + v_{c+2}) + …, ranks modulo N, whenever what
/// arrives, and all ranks get copies of that one sum.
///
/// **No hang.** Sending and receiving go on side by side, and if for the time-out not a byte moves,
/// the ring ends with an exception, as it does when a neighbour is gone.
///
/// **Memory** is taken once, by this rank's own length. A message starts with its number and its
/// length; one that is not the expected is refused before anything in it is used.
final class Ring implements Closeable {
  private static final int HEADER = 2 * Integer.BYTES;

  private final int rank;
  private final int ranks;
  private final SocketChannel left;
  private final SocketChannel right;
  private final long timeoutMillis;
  private final Selector selector;
  private final float[] got;
  private final ByteBuffer out;
  private final ByteBuffer in;
  private int messages;

  /// @param left the neighbour that it hears, of rank − 1
  /// @param right the neighbour that it tells, of rank + 1; both have shown who they are
  /// @param most floats of a vector
  Ring(int rank, int ranks, SocketChannel left, SocketChannel right, int most, Duration timeout)
      throws IOException {
    this.rank = rank;
    this.ranks = ranks;
    this.left = left;
    this.right = right;
    timeoutMillis = timeout.toMillis();
    selector = Selector.open();
    for (SocketChannel each : new SocketChannel[] {left, right}) {
      each.configureBlocking(false);
      each.setOption(StandardSocketOptions.TCP_NODELAY, true);
    }
    int chunk = Math.ceilDiv(most, ranks);
    got = new float[chunk];
    out = buffer(chunk);
    in = buffer(chunk);
  }

  private static ByteBuffer buffer(int floats) {
    return ByteBuffer.allocateDirect(Math.addExact(HEADER, Math.multiplyExact(floats, Float.BYTES)))
        .order(ByteOrder.LITTLE_ENDIAN);
  }

  /// Replaces a vector by the sum of all ranks' vectors of the same length.
  ///
  /// @throws SocketTimeoutException if a neighbour stalls
  /// @throws IOException if one is gone, or sends what does not fit
  void sum(float[] vector) throws IOException {
    for (int step = 0; step < ranks - 1; step++) {
      int mine = rank - step - 1;
      int from = start(mine, vector.length);
      int length = exchange(vector, rank - step, mine);
      for (int i = 0; i < length; i++) {
        vector[from + i] = got[i] + vector[from + i];
      }
    }
    for (int step = 0; step < ranks - 1; step++) {
      int mine = rank - step;
      int length = exchange(vector, rank + 1 - step, mine);
      System.arraycopy(got, 0, vector, start(mine, vector.length), length);
    }
  }

  /// Makes sure that all ranks have the same number.
  ///
  /// @throws IOException if the left neighbour has another
  void requireSame(int number) throws IOException {
    begin(1);
    out.putInt(number);
    transfer(HEADER + Integer.BYTES);
    requireHeader(1);
    int theirs = in.getInt();
    if (theirs != number) {
      throw new IOException(
          "rank %d: expected the weights of rank %d to be its own, got others (%08x, %08x)"
              .formatted(rank, Math.floorMod(rank - 1, ranks), number, theirs));
    }
  }

  private int start(int chunk, int length) {
    return (int) ((long) Math.floorMod(chunk, ranks) * length / ranks);
  }

  private int end(int chunk, int length) {
    return (int) ((Math.floorMod(chunk, ranks) + 1L) * length / ranks);
  }

  /// Sends one chunk to the right and takes another from the left.
  ///
  /// @return floats that were got
  private int exchange(float[] vector, int sent, int taken) throws IOException {
    int from = start(sent, vector.length);
    int floats = end(sent, vector.length) - from;
    begin(floats);
    out.asFloatBuffer().put(vector, from, floats);
    out.position(HEADER + floats * Float.BYTES);
    int length = end(taken, vector.length) - start(taken, vector.length);
    transfer(HEADER + length * Float.BYTES);
    requireHeader(length);
    in.asFloatBuffer().get(got, 0, length);
    return length;
  }

  private void begin(int floats) {
    out.clear().putInt(messages).putInt(floats);
  }

  private void requireHeader(int floats) throws IOException {
    in.flip();
    int number = in.getInt();
    int length = in.getInt();
    if (number != messages || length != floats) {
      throw new IOException(
          "rank %d: expected message %d of %d floats, got message %d of %d"
              .formatted(rank, messages, floats, number, length));
    }
    messages++;
  }

  private void transfer(int bytes) throws IOException {
    out.flip();
    in.clear().limit(bytes);
    SelectionKey writing = right.register(selector, SelectionKey.OP_WRITE);
    SelectionKey reading = left.register(selector, SelectionKey.OP_READ);
    while (out.hasRemaining() || in.hasRemaining()) {
      writing.interestOps(out.hasRemaining() ? SelectionKey.OP_WRITE : 0);
      reading.interestOps(in.hasRemaining() ? SelectionKey.OP_READ : 0);
      if (selector.select(timeoutMillis) == 0) {
        if (Thread.currentThread().isInterrupted()) {
          throw new IOException("rank " + rank + ": interrupted");
        }
        throw new SocketTimeoutException(
            "rank %d: a neighbour has been silent for %d ms".formatted(rank, timeoutMillis));
      }
      selector.selectedKeys().clear();
      right.write(out);
      if (in.hasRemaining() && left.read(in) < 0) {
        throw new EOFException("rank " + rank + ": its left neighbour is gone");
      }
    }
  }

  @Override
  public void close() throws IOException {
    try (SocketChannel _ = left;
        SocketChannel _ = right;
        Selector _ = selector) {
      return;
    }
  }
}
