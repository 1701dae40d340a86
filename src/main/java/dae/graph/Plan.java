package dae.graph;

import dae.kernel.Backend;
import dae.tensor.Storage;
import dae.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A graph laid out in memory, ready to be replayed any number of times.
///
/// ```java
/// plan.feed(pixels, images, seed, epoch);   // or plan.upload(input, floats, n)
/// plan.forward(n);
/// plan.backward();                           // gradients are now in the Parameters
/// ```
public final class Plan implements AutoCloseable {
  /// Training uses batch statistics and is followed by a backward pass; inference uses moving
  /// statistics.
  public enum Mode {
    TRAINING,
    INFERENCE
  }

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
  private final Feed feed = new Feed();
  private List<Node> tape;
  private Map<Value, Tensor> tensors;
  private Map<Value, Tensor> gradients;
  private List<Storage> arenas = List.of();
  private long floats;
  private Trace trace;
  private int n;
  private boolean closed;

  Plan(Backend backend, Mode mode, int capacity) {
    if (capacity < 1) {
      throw new IllegalArgumentException(
          "plan: expected a capacity of at least 1, got " + capacity);
    }
    this.backend = backend;
    this.mode = mode;
    this.capacity = capacity;
  }

  /// Lays out everything that the roots depend on.
  ///
  /// @param roots values to be read after a run; in training mode the first is the loss, a scalar
  /// @param parameters weights, shared by all plans of a model
  /// @param capacity the most images of one run
  /// @param rewrites fusions to apply, in order
  public static Plan compile(
      Graph graph,
      List<Value> roots,
      Parameters parameters,
      Backend backend,
      Mode mode,
      int capacity,
      List<Rewrite> rewrites) {
    Plan plan = new Plan(backend, mode, capacity);
    Layout layout = new Layout(graph, roots, plan, rewrites);
    layout.bind(parameters, backend);
    plan.tape = layout.nodes();
    plan.tensors = layout.tensors();
    plan.gradients = layout.gradients();
    plan.arenas = layout.arenas();
    plan.floats = layout.floats();
    return plan;
  }

  /// The [#bytes()] of the plan that [#compile] would make, without taking them.
  public static long bytes(
      Graph graph,
      List<Value> roots,
      Backend backend,
      Mode mode,
      int capacity,
      List<Rewrite> rewrites) {
    return 4 * new Layout(graph, roots, new Plan(backend, mode, capacity), rewrites).floats();
  }

  /// The bytes and noise coordinates for the next [#forward].
  public void feed(byte[] pixels, int[] images, long seed, int epoch) {
    feed.set(pixels, images, seed, epoch);
  }

  /// Copies n images into an input of the graph.
  public void upload(Value input, float[] numbers, int n) {
    backend.upload(numbers, 0, tensor(input), n);
  }

  /// Runs the tape on n images, 1 ≤ n ≤ capacity.
  public void forward(int n) {
    requireOpen();
    if (n < 1 || n > capacity) {
      throw new IllegalArgumentException(
          "plan: expected 1 to " + capacity + " images, got " + n + " — compile for more");
    }
    this.n = n;
    for (Node node : tape) {
      begin();
      node.op().forward(node.step());
      end(node.forward(), node.flops(), node.bytes());
    }
  }

  /// Backpropagation: the tape, reversed. Call after [#forward], in training mode.
  public void backward() {
    requireOpen();
    for (int i = tape.size() - 1; i >= 0; i--) {
      Node node = tape.get(i);
      if (node.step().gradOut() != null) {
        begin();
        node.op().backward(node.step());
        end(node.backward(), node.backFlops(), 2 * node.bytes());
      }
    }
  }

  /// Copies a root's numbers of the last run, n images (or the one scalar), into `to[at…]`.
  public void download(Value root, float[] to, int at) {
    backend.download(tensor(root), n, to, at);
  }

  /// A scalar root's number.
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

  /// Replays the last feed entry by entry and names the first one that makes a number that is
  /// infinite or not a number.
  public Optional<String> firstNotFinite() {
    for (Node node : tape) {
      node.op().forward(node.step());
      if (!finite(node.step().out())) {
        return Optional.of(node.forward());
      }
    }
    for (int i = tape.size() - 1; mode == Mode.TRAINING && i >= 0; i--) {
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
    int size = (tensor.shape().isImage() ? n : 1) * tensor.shape().size();
    float[] numbers = new float[size];
    backend.download(tensor, n, numbers, 0);
    for (float number : numbers) {
      if (!Float.isFinite(number)) {
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

  private void begin() {
    if (trace != null) {
      trace.begin();
    }
  }

  private void end(String what, double flops, double bytes) {
    if (trace != null) {
      trace.end(what, n * flops, n * bytes);
    }
  }

  /// Times every entry from now on; null stops that.
  public void trace(Trace trace) {
    this.trace = trace;
  }

  /// Bytes of everything but the parameters.
  public long bytes() {
    return 4 * floats;
  }

  public int capacity() {
    return capacity;
  }

  /// Gradients of values, for tests; null where there is none.
  Tensor gradient(Value value) {
    return gradients.get(value);
  }

  int n() {
    return n;
  }

  Mode mode() {
    return mode;
  }

  Feed feed() {
    return feed;
  }

  Backend backend() {
    return backend;
  }

  /// Gives the memory back. The backend and the parameters stay.
  @Override
  public void close() {
    closed = true;
    arenas.forEach(backend::free);
    arenas = List.of();
    tape = List.of();
    tensors = Map.of();
    gradients = Map.of();
  }
}
