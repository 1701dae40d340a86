package dae.train;

import dae.kernel.Backend;
import dae.kernel.Write;
import dae.tensor.Shape;
import dae.tensor.Tensor;

/// The losses of the latest steps, gathered where they are made. Reading waits for the device, so
/// it is done a few times a second and not after every step; where nothing runs by itself, after
/// every step.
final class Losses {
  private static final int MOST = 256;
  private static final long NANOS = 200_000_000;
  private static final Shape ONE = Shape.vector(1);

  private final Backend backend;
  private final Tensor gathered;
  private int most;
  private int count;
  private long since;

  Losses(Backend backend) {
    this.backend = backend;
    most = backend.asynchronous() ? MOST : 1;
    gathered = Tensor.dense(backend.allocate(most), 0, Shape.vector(most));
  }

  /// Gathers a step's loss.
  void add(Tensor loss) {
    if (count == 0) {
      since = System.nanoTime();
    }
    Tensor one = Tensor.dense(loss.storage(), loss.offset(), ONE);
    Tensor place = Tensor.dense(gathered.storage(), count, ONE);
    backend.pointwise().copy(1, one, place, Write.SET);
    count++;
  }

  /// Whether nothing has been gathered since the last [#read].
  boolean empty() {
    return count == 0;
  }

  /// Whether it is time to read.
  boolean due() {
    return count == most || count > 0 && System.nanoTime() - since > NANOS;
  }

  /// The losses in the order of their steps. Waits.
  float[] read() {
    float[] losses = new float[count];
    backend.download(Tensor.dense(gathered.storage(), 0, Shape.vector(count)), 1, losses, 0);
    count = 0;
    return losses;
  }

  /// Forgets what was gathered and not read.
  void clear() {
    count = 0;
  }

  /// From now on each loss is read by itself.
  void oneByOne() {
    most = 1;
  }

  /// Whether each is.
  boolean areOneByOne() {
    return most == 1;
  }
}
