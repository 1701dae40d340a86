package dae.op;

import dae.graph.Op;
import dae.graph.Step;
import dae.graph.Value;
import dae.tensor.Check;
import dae.tensor.Shape;
import java.util.List;

/// **Rectified linear unit** (Nair & Hinton 2010).
///
/// *In words.* Negative values become zero.
///
/// *Shapes.* x, y: N×H×W×C.
///
/// *Forward.* `y = max(x, 0)`
///
/// *Backward.* The slope is 1 where x > 0 and 0 where x < 0; at 0 we take 0, as Keras does. x > 0
/// is the same as y > 0, so the output is enough:
///
///     dx = dy   where y > 0,   else 0
///
/// *Keeps* y. *Costs* one read and one write forward, two reads and one write backward; after a
/// convolution nothing forward, after a batch norm nothing at all, because [Fusion] lets it ride
/// along.
///
/// *Runs* in [dae.kernel.MapKernels]: `ScalarMap`, `SimdMap`, `ClMap` with
/// `map_relu` and `map_relu_backward` of `kernels/map.cl`. *Proved* by
/// `MapOpTest`, `GoldenOpTest`.
public final class Relu implements Op {
  private final String label;
  private final Value x;

  private Relu(String label, Value x) {
    this.label = label;
    this.x = x;
  }

  /// Records max(x, 0).
  ///
  /// @param x N×H×W×C
  /// @return the same shape
  public static Value relu(String label, Value x) {
    Check.image(label, x.shape());
    return x.graph().add(new Relu(label, x));
  }

  @Override
  public void forward(Step s) {
    s.map().relu(s.n(), s.in(0), s.out());
  }

  @Override
  public void backward(Step s) {
    if (s.wants(0)) {
      s.map().reluBackward(s.n(), s.out(), s.gradOut(), s.gradIn(0), s.write(0));
    }
  }

  @Override
  public String label() {
    return label;
  }

  @Override
  public List<Value> inputs() {
    return List.of(x);
  }

  @Override
  public Shape output() {
    return x.shape();
  }

  @Override
  public int backwardInPlace() {
    return 0;
  }

  @Override
  public Keeps keeps() {
    return Keeps.OUTPUT;
  }
}
