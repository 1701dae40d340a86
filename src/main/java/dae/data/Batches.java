package dae.data;

import dae.UserError;
import dae.image.Canvas;
import java.util.stream.IntStream;

/// Goes through images in batches, each epoch in its own order, with a background thread that
/// gathers the next batch while the consumer works on this one.
///
/// The order is a function of (seed, epoch) alone, so an epoch that starts at any batch continues
/// exactly as an unbroken one would have. Each image occurs once; the last batch may be smaller.
///
/// Two buffers are allocated by the first epoch and reused by all others: a batch is valid until
/// the next one is asked for, and one epoch is open at a time. For one consuming thread.
///
/// ```java
/// try (Batches.Epoch epoch = batches.epoch(3, 0)) {
///   for (Batch batch = epoch.next(); batch != null; batch = epoch.next()) {
///     …
///   }
/// }
/// ```
public final class Batches implements AutoCloseable {
  private final ImageSource source;
  private final Orientations orientations;
  private final int batchSize;
  private final boolean shuffled;
  private final long seed;
  private Damage damage;
  private boolean covered;
  private int rank;
  private int ranks = 1;
  private Canvas canvas;
  private int[] order;
  private Slot[] slots;
  private Epoch open;

  /// Shuffled batches, for training.
  ///
  /// @param images the images to go through
  /// @param batchSize images in each batch but the last
  /// @param seed with the epoch's number, the key of its order
  /// @param flip whether an epoch sees a random half of the images mirrored, left and right
  ///   exchanged (as Krizhevsky et al. 2012)
  /// @param turn whether it sees each turned by a random number of quarter turns; the images must
  ///   be square then
  public Batches(ImageSource images, int batchSize, long seed, boolean flip, boolean turn) {
    this(
        images,
        flip || turn ? new Orientations(images, seed, flip, turn) : null,
        batchSize,
        true,
        seed);
  }

  /// Batches in the images' own order, for validation.
  public static Batches sequential(Images images, int batchSize) {
    return new Batches(images, null, batchSize, false, 0);
  }

  private Batches(
      ImageSource source, Orientations orientations, int batchSize, boolean shuffled, long seed) {
    if (batchSize < 1) {
      throw new IllegalArgumentException("Batches: expected a batch size ≥ 1, got " + batchSize);
    }
    this.source = source;
    this.orientations = orientations;
    this.batchSize = batchSize;
    this.shuffled = shuffled;
    this.seed = seed;
  }

  /// Has the reader paint on every image, from the first epoch on.
  ///
  /// @param by what; null for nothing
  /// @return these batches
  public Batches painted(Damage by) {
    damage = by;
    return this;
  }

  /// Has the reader keep how far each pixel was covered.
  ///
  /// @param keep whether to; something must be painted then
  /// @return these batches
  public Batches covered(boolean keep) {
    covered = keep;
    return this;
  }

  /// Reads only one machine's share of each batch: of n images those from ⌊n·rank/ranks⌋ on, up to
  /// the next one's. Of a last batch that may be none.
  ///
  /// @param rank which machine, from 0
  /// @param ranks how many share a batch
  /// @return these batches
  public Batches shared(int rank, int ranks) {
    if (rank < 0 || rank >= ranks) {
      throw new IllegalArgumentException(
          "Batches: expected a rank in 0 … %d, got %d".formatted(ranks - 1, rank));
    }
    this.rank = rank;
    this.ranks = ranks;
    return this;
  }

  private int coverPerImage() {
    return covered ? source.height() * source.width() : 0;
  }

  /// Images that a batch holds at most.
  public int capacity() {
    return Math.ceilDiv(Math.min(batchSize, source.count()), ranks);
  }

  private boolean damages() {
    return damage != null || source.pairs();
  }

  /// What the first epoch takes besides the images: the two buffers, the order and what is painted
  /// on; and what the images take while they are read.
  public long bytes() {
    long copies = damages() ? 2 : 1;
    long painted = damage == null ? 0 : Canvas.bytes(source.height(), source.width());
    return 2 * capacity() * (copies * source.bytesPerImage() + coverPerImage() + Integer.BYTES)
        + (long) Integer.BYTES * source.count()
        + painted
        + source.bufferBytes();
  }

  private void allocate() {
    if (order == null) {
      order = IntStream.range(0, source.count()).toArray();
      slots = new Slot[] {slot(), slot()};
      canvas = damage == null ? null : new Canvas(source.height(), source.width());
    }
  }

  private Slot slot() {
    return new Slot(new Batch(capacity(), source.bytesPerImage(), damages(), coverPerImage()));
  }

  /// Batches in an epoch: ⌈images / batch size⌉.
  public int count() {
    return Math.ceilDiv(source.count(), batchSize);
  }

  /// Images in each batch but the last.
  public int size() {
    return batchSize;
  }

  /// Opens an epoch and starts reading ahead; an epoch still open is closed.
  ///
  /// @param epoch its number, part of the key of its order
  /// @param firstBatch where to begin; the batches before it are passed over without being read
  public Epoch epoch(int epoch, int firstBatch) {
    if (firstBatch < 0 || firstBatch > count()) {
      throw new IllegalArgumentException(
          "Batches: expected a first batch in 0 … %d, got %d".formatted(count(), firstBatch));
    }
    close();
    allocate();
    if (shuffled) {
      source.order(seed, epoch, order);
    }
    open = new Epoch(epoch, firstBatch);
    return open;
  }

  /// Closes the epoch that is open, if any.
  @Override
  public void close() {
    if (open != null) {
      open.close();
      open = null;
    }
  }

  /// One of the two buffers, and whose turn it is: the reader's while not full, else the
  /// consumer's.
  private static final class Slot {
    final Batch batch;
    boolean full;

    Slot(Batch batch) {
      this.batch = batch;
    }
  }

  /// One way through the images. Monitors and not a queue, because a queue allocates while it
  /// waits.
  public final class Epoch implements AutoCloseable {
    private final int number;
    private final Thread reader;
    private int next;
    private boolean holding;
    private boolean closed;
    private Throwable failure;

    private Epoch(int number, int firstBatch) {
      this.number = number;
      next = firstBatch;
      slots[0].full = false;
      slots[1].full = false;
      reader = Thread.ofPlatform().daemon().name("batch-reader").start(() -> read(firstBatch));
    }

    /// The next batch, or null at the end. Gives the previous batch's buffer back to the reader.
    public synchronized Batch next() {
      if (holding) {
        slots[next - 1 & 1].full = false;
        holding = false;
        notifyAll();
      }
      if (closed || next == count()) {
        return null;
      }
      Slot slot = slots[next & 1];
      awaitUntilReady(slot);
      if (!slot.full) {
        throw failure instanceof UserError error
            ? error
            : new IllegalStateException("Batches: reading batch " + next + " failed", failure);
      }
      next++;
      holding = true;
      return slot.batch;
    }

    /// Waits for the reader, which is never long; an interrupt is kept for the caller to see.
    private void awaitUntilReady(Slot slot) {
      boolean interrupted = false;
      while (!slot.full && failure == null) {
        try {
          wait();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }

    private void read(int firstBatch) {
      try {
        for (int b = firstBatch; b < count(); b++) {
          Slot slot = slots[b & 1];
          if (!awaitUntilFree(slot)) {
            return;
          }
          gather(b, slot.batch);
          hand(slot);
        }
      } catch (Throwable e) {
        fail(e);
      }
    }

    private synchronized boolean awaitUntilFree(Slot slot) throws InterruptedException {
      while (slot.full && !closed) {
        wait();
      }
      return !closed;
    }

    private void gather(int b, Batch batch) {
      int whole = Math.min(batchSize, order.length - b * batchSize);
      int before = (int) ((long) whole * rank / ranks);
      int first = b * batchSize + before;
      int size = (int) ((long) whole * (rank + 1) / ranks) - before;
      for (int i = 0; i < size; i++) {
        int image = order[first + i];
        batch.indices()[i] = image;
        int at = i * source.bytesPerImage();
        source.copy(image, batch.pixels(), batch.damaged(), at);
        if (orientations != null) {
          orientations.choose(number, image);
          orientations.turn(batch.pixels(), at);
          if (source.pairs()) {
            orientations.turn(batch.damaged(), at);
          }
        }
        if (damage != null) {
          canvas.read(source.pairs() ? batch.damaged() : batch.pixels(), at);
          damage.paint(canvas, number, image);
          canvas.write(batch.damaged(), at);
          if (covered) {
            canvas.writeCover(batch.cover(), i * coverPerImage());
          }
        }
      }
      batch.resize(size);
    }

    private synchronized void hand(Slot slot) {
      slot.full = true;
      notifyAll();
    }

    private synchronized void fail(Throwable e) {
      failure = e;
      notifyAll();
    }

    /// Ends the epoch, at any time; returns when the reader has stopped, so the buffers are free.
    @Override
    public void close() {
      synchronized (this) {
        closed = true;
        notifyAll();
      }
      boolean interrupted = false;
      while (reader.isAlive()) {
        try {
          reader.join();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
