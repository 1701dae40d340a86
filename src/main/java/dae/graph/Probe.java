package dae.graph;

import dae.kernel.Backend;
import dae.kernel.Write;
import dae.tensor.Shape;
import dae.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// One image through ops of one's choice, and back from any gradient: what an output depends on, by
/// the engine's own backward pass. For looking inside; a training needs nothing of it.
///
/// ```java
/// try (Probe probe = new Probe(backend, Mode.PLAIN_TRAINING, List.of(leaf), x -> relu("relu", x.getFirst()))) {
///   probe.set(0, image);
///   float[] y = probe.forward();
///   probe.backward(dy);
///   float[] dx = probe.gradient(0);
/// }
/// ```
public final class Probe implements AutoCloseable {
  /// What the ops start from.
  ///
  /// @param shape of an image
  /// @param learns whether its gradient is asked for; else it is data
  public record Leaf(String name, Shape shape, boolean learns) {}

  /// A leaf that learns is a parameter of an image's shape, so that its gradient has a place to
  /// stay.
  private record Learnt(Param image) implements Op {
    @Override
    public String label() {
      return image.name();
    }

    @Override
    public List<Value> inputs() {
      return List.of();
    }

    @Override
    public List<Param> params() {
      return List.of(image);
    }

    @Override
    public Shape output() {
      return image.shape();
    }

    @Override
    public Keeps keeps() {
      return Keeps.NOTHING;
    }

    @Override
    public void forward(Step s) {
      s.map().copy(s.n(), s.param(0), s.out(), Write.SET);
    }

    @Override
    public void backward(Step s) {
      s.map().copy(s.n(), s.gradOut(), s.paramGrad(0), Write.SET);
    }
  }

  /// Stands for all that follows y: a loss whose gradient with respect to y is dy. Its value is of
  /// no interest.
  record Follower(Value y, Value dy) implements Op {
    @Override
    public String label() {
      return "follower";
    }

    @Override
    public List<Value> inputs() {
      return List.of(y, dy);
    }

    @Override
    public Shape output() {
      return Shape.scalar();
    }

    @Override
    public Keeps keeps() {
      return Keeps.INPUTS;
    }

    @Override
    public void forward(Step s) {}

    @Override
    public void backward(Step s) {
      if (s.wants(0)) {
        s.map().copy(s.n(), s.in(1), s.gradIn(0), s.write(0));
      }
    }
  }

  private final Backend backend;
  private final List<Leaf> leaves;
  private final List<Value> inputs = new ArrayList<>();
  private final Value y;
  private final Value dy;
  private final Parameters parameters;
  private final Plan plan;

  /// Records the ops and takes the memory for one image.
  ///
  /// @param mode of training, possibly with rewrites
  /// @param ops make y from the leaves, an image or a loss
  public Probe(Backend backend, Mode mode, List<Leaf> leaves, Function<List<Value>, Value> ops) {
    this.backend = backend;
    this.leaves = List.copyOf(leaves);
    Graph graph = new Graph();
    for (Leaf leaf : leaves) {
      Param image = new Param(leaf.name(), leaf.shape(), Init.zeros(), true);
      inputs.add(
          leaf.learns() ? graph.add(new Learnt(image)) : graph.input(leaf.name(), leaf.shape()));
    }
    y = ops.apply(List.copyOf(inputs));
    boolean loss = y.shape().equals(Shape.scalar());
    dy = loss ? null : graph.input("dy", y.shape());
    List<Value> roots = loss ? List.of(y) : List.of(graph.add(new Follower(y, dy)), y);
    parameters = new Parameters(graph.params(), backend, 1);
    plan = new PlanDraft(graph, roots, mode, backend, 1).open(parameters);
  }

  /// Sets a leaf.
  public void set(int leaf, float[] values) {
    if (leaves.get(leaf).learns()) {
      parameters.set(leaves.get(leaf).name(), values);
    } else {
      plan.upload(inputs.get(leaf), values, 1);
    }
  }

  /// What the ops and the leaves learn, by name.
  public Parameters parameters() {
    return parameters;
  }

  /// The shape of y.
  public Shape output() {
    return y.shape();
  }

  /// Runs the ops and returns y.
  public float[] forward() {
    plan.forward(1);
    float[] values = new float[y.shape().size()];
    plan.download(y, values, 0);
    return values;
  }

  /// Runs them backwards, once after each [#forward]: gradients take the memory of values.
  ///
  /// @param gradient of what follows with respect to y; ignored where y is the loss itself
  public void backward(float[] gradient) {
    if (dy != null) {
      plan.upload(dy, gradient, 1);
    }
    plan.backward();
  }

  /// The gradient with respect to a leaf that learns.
  public float[] gradient(int leaf) {
    return gradient(leaves.get(leaf).name());
  }

  /// The gradient with respect to a parameter.
  public float[] gradient(String parameter) {
    Tensor gradient = parameters.gradient(parameters.all().get(parameter));
    float[] values = new float[gradient.shape().size()];
    backend.download(gradient, 1, values, 0);
    return values;
  }

  @Override
  public void close() {
    plan.close();
    parameters.close();
  }
}
