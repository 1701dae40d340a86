package dae.graph;

import dae.kernel.Backend;
import dae.kernel.Poisoned;
import dae.kernel.Write;
import dae.tensor.Shape;
import dae.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// Runs ops between sources that want gradients and the loss f = ⟨y, dy⟩, whose gradient with
/// respect to y is dy. The plan's memory starts as NaN. A scalar y is the loss itself.
public final class OpRun {
  /// An input that wants a gradient: its one weight, which nothing reads, makes it look learnt.
  private record Source(String label, Value input) implements Op {
    @Override
    public List<Value> inputs() {
      return List.of(input);
    }

    @Override
    public List<Param> params() {
      return List.of(new Param(label + "/idle", Shape.vector(1), Init.zeros(), true));
    }

    @Override
    public Shape output() {
      return input.shape();
    }

    @Override
    public Keeps keeps() {
      return Keeps.NOTHING;
    }

    @Override
    public void forward(Step s) {
      s.map().copy(s.n(), s.in(0), s.out(), Write.SET);
    }

    @Override
    public void backward(Step s) {}
  }

  private final Backend backend;
  private final List<Value> inputs = new ArrayList<>();
  private final List<Value> sources = new ArrayList<>();
  private final Value y;
  private final Value dy;
  private final Parameters parameters;
  private final Plan plan;
  private int n;

  /// @param op makes y from the sources
  public OpRun(
      Backend backend, Mode mode, int capacity, Function<List<Value>, Value> op, Shape... shapes) {
    this.backend = backend;
    Graph graph = new Graph();
    for (int i = 0; i < shapes.length; i++) {
      Value input = graph.input("x" + i, shapes[i]);
      inputs.add(input);
      sources.add(graph.add(new Source("source" + i, input)));
    }
    y = op.apply(sources);
    List<Value> roots;
    if (y.shape().equals(Shape.scalar())) {
      dy = null;
      roots = List.of(y);
    } else if (mode.training()) {
      dy = graph.input("dy", y.shape());
      roots = List.of(graph.add(new Probe.Follower(y, dy)), y);
    } else {
      dy = null;
      roots = List.of(y);
    }
    parameters = new Parameters(graph.params(), backend, 1);
    plan = new PlanDraft(graph, roots, mode, new Poisoned(backend), capacity).open(parameters);
  }

  /// A training run of one op without rewrites.
  public static OpRun training(
      Backend backend, int capacity, Function<List<Value>, Value> op, Shape... shapes) {
    return new OpRun(backend, Mode.PLAIN_TRAINING, capacity, op, shapes);
  }

  /// Forward, and backward from dy unless it is null.
  public void run(int n, float[] dy, float[]... x) {
    this.n = n;
    for (int i = 0; i < x.length; i++) {
      upload(inputs.get(i).name(), x[i], n);
    }
    if (dy != null && this.dy != null) {
      plan.upload(this.dy, dy, n);
    }
    plan.forward(n);
    if (dy != null) {
      plan.backward();
    }
  }

  /// Values of an input that the ops declared themselves.
  public void upload(String input, float[] values, int n) {
    for (Value value : y.graph().inputs()) {
      if (value.name().equals(input)) {
        plan.upload(value, values, n);
      }
    }
  }

  public Shape output() {
    return y.shape();
  }

  public float[] y() {
    return read(plan.tensor(y), y.shape().isImage() ? n : 1);
  }

  /// The gradient of source i.
  public float[] dx(int i) {
    return read(plan.gradient(sources.get(i)), n);
  }

  /// The parameters that the ops declared themselves.
  public List<String> learnt() {
    return parameters.all().keySet().stream().filter(name -> !name.endsWith("/idle")).toList();
  }

  public void set(String parameter, float[] values) {
    parameters.set(parameter, values);
  }

  public float[] get(String parameter) {
    return parameters.get(parameter);
  }

  public float[] gradient(String parameter) {
    return read(parameters.gradient(parameters.all().get(parameter)), 1);
  }

  private float[] read(Tensor tensor, int n) {
    float[] values = new float[n * tensor.shape().size()];
    backend.download(tensor, n, values, 0);
    return values;
  }
}
