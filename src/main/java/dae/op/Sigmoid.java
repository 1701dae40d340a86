package dae.op;

import dae.graph.Op;
import dae.graph.Step;
import dae.graph.Value;
import dae.tensor.Check;
import dae.tensor.Shape;
import java.util.List;

/// **Logistic sigmoid.**
///
/// *In words.* Squeezes any number into (0, 1), the range of a pixel.
///
/// *Shapes.* x, y: N×H×W×C.
///
/// *Forward.* `y = 1 / (1 + exp(−x))`
///
/// *Backward.* With e = exp(−x), dy/dx = e/(1 + e)² = 1/(1 + e) · (1 − 1/(1 + e)) = y·(1 − y), so
/// the output is enough:
///
///     dx = dy·y·(1 − y)
///
/// *Keeps* y. *Costs* one read and one write forward (the exponential is a polynomial,
/// [dae.kernel.Exp]), two reads and one write backward.
///
/// *Runs* in [dae.kernel.MapKernels]: `ScalarMap`, `SimdMap`, `ClMap` with
/// `map_sigmoid` and `map_sigmoid_backward` of `kernels/map.cl`. *Proved* by
/// `MapOpTest`, `GoldenOpTest`.
public final class Sigmoid implements Op {
  private final String label;
  private final Value x;

  private Sigmoid(String label, Value x) {
    this.label = label;
    this.x = x;
  }

  /// Records 1/(1 + exp(−x)).
  ///
  /// @param x N×H×W×C
  /// @return the same shape
  public static Value sigmoid(String label, Value x) {
    Check.image(label, x.shape());
    return x.graph().add(new Sigmoid(label, x));
  }

  @Override
  public void forward(Step s) {
    s.map().sigmoid(s.n(), s.in(0), s.out());
  }

  @Override
  public void backward(Step s) {
    if (s.wants(0)) {
      s.map().sigmoidBackward(s.n(), s.out(), s.gradOut(), s.gradIn(0), s.write(0));
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

  @Override
  public long flops() {
    return 20L * output().size();
  }
}
