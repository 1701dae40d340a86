package dae.graph;

import dae.kernel.Backend;
import dae.kernel.Turn;
import dae.tensor.Storage;
import dae.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A graph laid out in memory, ready to be replayed any number of times.
///
/// ```java
/// plan.feed(images, pixels);                 // or plan.upload(input, floats, n)
/// plan.key(seed, epoch, indices);            // where something is drawn
/// plan.forward(n);
/// plan.backward();                           // gradients are now in the Parameters
/// ```
///
/// Plans on one backend may be used by several threads: their calls take turns ([dae.kernel.Turn]).
/// One plan may be shared by [#run], which is whole. Where a run is made of several calls, all of
/// them belong to one thread, and the next run may be another's: a call that would mix the two is
/// refused with an [IllegalStateException].
public final class Plan implements AutoCloseable {
  /// An entry with everything bound.
  record Node(
      Op op,
      Step step,
      String forward,
      String backward,
      double flops,
      double backFlops,
      double bytes) {}

  private final Backend backend;
  private final Mode mode;
  private final int capacity;
  private final long bytes;
  private final Feed feed = new Feed();
  private List<Node> tape;
  private Map<Value, Tensor> tensors;
  private Map<Value, Tensor> gradients;
  private List<Storage> arenas;
  private Trace trace;
  private boolean closed;

  /// Whose run it is; 0 before the first.
  private long runner;

  /// Whether something was handed over for a run that has not begun.
  private boolean fed;

  Plan(Layout layout, Parameters parameters) {
    backend = layout.backend;
    mode = layout.mode;
    capacity = layout.capacity;
    bytes = Float.BYTES * layout.floats();
    Binding binding = new Binding(layout, parameters, feed);
    tape = binding.nodes();
    tensors = binding.tensors();
    gradients = binding.gradients();
    arenas = binding.arenas();
  }

  /// Hands over the images of the next [#forward].
  ///
  /// @param pixels n images of interleaved bytes
  public void feed(Bytes input, byte[] pixels) {
    try (Turn _ = backend.turn().take()) {
      own(true);
      feed.set(input, pixels);
    }
  }

  /// Says which random numbers the next [#forward] draws.
  ///
  /// @param images the index of each image in its data set
  public void key(long seed, int epoch, int[] images) {
    try (Turn _ = backend.turn().take()) {
      own(true);
      feed.seed = seed;
      feed.epoch = epoch;
      feed.images = images;
    }
  }

  /// Copies n images into an input of the graph.
  public void upload(Value input, float[] values, int n) {
    try (Turn _ = backend.turn().take()) {
      Tensor to = tensor(input);
      requireImages(n);
      own(true);
      backend.upload(values, 0, to, n);
    }
  }

  /// Runs the tape on n images, 1 ≤ n ≤ capacity.
  public void forward(int n) {
    try (Turn _ = backend.turn().take()) {
      requireOpen();
      own(false);
      requireImages(n);
      fed = false;
      feed.n = n;
      for (Node node : tape) {
        begin();
        node.op().forward(node.step());
        end(node.forward(), node.flops(), node.bytes());
      }
    }
  }

  /// Backpropagation: the tape, reversed. Call after [#forward], in training mode.
  public void backward() {
    try (Turn _ = backend.turn().take()) {
      requireOpen();
      if (!mode.training()) {
        throw new IllegalStateException(
            "plan: expected one for training, got backward() on one for inference — open it with a mode of training");
      }
      own(false);
      requireRun();
      for (int i = tape.size() - 1; i >= 0; i--) {
        Node node = tape.get(i);
        if (node.step().gradOut() != null) {
          begin();
          node.op().backward(node.step());
          end(node.backward(), node.backFlops(), 2 * node.bytes());
        }
      }
    }
  }

  /// Copies a root's values from the last run, n images (or the one scalar), into `to[at…]`.
  public void download(Value root, float[] to, int at) {
    try (Turn _ = backend.turn().take()) {
      Tensor from = tensor(root);
      own(false);
      requireRun();
      backend.download(from, feed.n, to, at);
    }
  }

  /// A whole run in one turn, safe in several threads: [#upload], [#forward] and [#download].
  ///
  /// @param values n images for the graph's only input
  /// @param to where the root's values go from 0 on; may be `values`
  public void run(Value input, float[] values, int n, Value root, float[] to) {
    try (Turn _ = backend.turn().take()) {
      upload(input, values, n);
      forward(n);
      download(root, to, 0);
    }
  }

  /// Makes the run the calling thread's, if it may be.
  ///
  /// @param feeding whether something is handed over for the next run, which anybody may begin
  ///   unless another thread is about to
  private void own(boolean feeding) {
    long caller = Thread.currentThread().threadId();
    boolean mine = runner == caller || runner == 0 || feeding && !fed;
    if (!mine) {
      throw new IllegalStateException(
          "plan: expected all calls of a run from one thread, got another's in between — share a plan by run(…) only, or open one for each thread");
    }
    runner = caller;
    fed |= feeding;
  }

  /// A scalar root's value.
  public float scalar(Value root) {
    float[] one = new float[1];
    download(root, one, 0);
    return one[0];
  }

  /// Where a root or an input lives.
  public Tensor tensor(Value value) {
    requireOpen();
    Tensor tensor = tensors.get(value);
    if (tensor == null) {
      throw new IllegalArgumentException(
          "plan: expected an input or a root, got " + value + " — name it among the roots");
    }
    return tensor;
  }

  /// Replays the last feed entry by entry and names the first one that makes a value that is
  /// infinite or NaN.
  public Optional<String> firstNotFinite() {
    try (Turn _ = backend.turn().take()) {
      requireOpen();
      own(false);
      return replay();
    }
  }

  private Optional<String> replay() {
    for (Node node : tape) {
      node.op().forward(node.step());
      if (!finite(node.step().out())) {
        return Optional.of(node.forward());
      }
    }
    for (int i = tape.size() - 1; mode.training() && i >= 0; i--) {
      Node node = tape.get(i);
      if (node.step().gradOut() == null) {
        continue;
      }
      node.op().backward(node.step());
      boolean finite = true;
      for (int k = 0; k < node.op().inputs().size(); k++) {
        finite &= !node.step().wants(k) || finite(node.step().gradIn(k));
      }
      for (int k = 0; k < node.op().params().size(); k++) {
        finite &= !node.op().params().get(k).trainable() || finite(node.step().paramGrad(k));
      }
      if (!finite) {
        return Optional.of(node.backward());
      }
    }
    return Optional.empty();
  }

  private boolean finite(Tensor tensor) {
    int size = (tensor.shape().isImage() ? feed.n : 1) * tensor.shape().size();
    float[] values = new float[size];
    backend.download(tensor, feed.n, values, 0);
    for (float value : values) {
      if (!Float.isFinite(value)) {
        return false;
      }
    }
    return true;
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException(
          "plan: expected an open plan, got a closed one — compile another");
    }
  }

  private void requireImages(int n) {
    if (n < 1 || n > capacity) {
      throw new IllegalArgumentException(
          "plan: expected 1 to " + capacity + " images, got " + n + " — compile for more");
    }
  }

  private void requireRun() {
    if (feed.n == 0) {
      throw new IllegalStateException("plan: expected forward() first, got no run yet — call it");
    }
  }

  private void begin() {
    if (trace != null) {
      trace.begin();
    }
  }

  private void end(String what, double flops, double bytes) {
    if (trace != null) {
      trace.end(what, feed.n * flops, feed.n * bytes);
    }
  }

  /// Times every entry from now on; null stops that.
  public void trace(Trace trace) {
    this.trace = trace;
  }

  /// Bytes of everything but the parameters.
  public long bytes() {
    return bytes;
  }

  public int capacity() {
    return capacity;
  }

  /// Gradients of values, for tests; null where there is none.
  Tensor gradient(Value value) {
    return gradients.get(value);
  }

  /// Gives the memory back. The backend and the parameters stay.
  @Override
  public void close() {
    try (Turn _ = backend.turn().takeToClose()) {
      closed = true;
      arenas.forEach(backend::free);
      arenas = List.of();
      tape = List.of();
      tensors = Map.of();
      gradients = Map.of();
    }
  }
}
