package dae.op;

import dae.graph.Op;
import dae.graph.Step;
import dae.graph.Value;
import dae.tensor.Check;
import dae.tensor.Shape;
import java.util.List;

/// **Leaky rectified linear unit** (Maas et al. 2013) of slope 0.1.
///
/// *In words.* Negative values become a tenth of themselves. A ReLU's zeros let no gradient through,
/// so that a channel that is negative everywhere never learns again; here it does.
///
/// *Shapes.* x, y: N×H×W×C.
///
/// *Forward.* With s = [dae.kernel.Activation#SLOPE], `y = x where x > 0, else s·x`.
///
/// *Backward.* The slope is 1 where x > 0 and s where x < 0; at 0 we take s. As s > 0, x and y have
/// the same sign, so the output is enough:
///
///     dx = dy   where y > 0,   else s·dy
///
/// *Keeps* y. *Costs* one read and one write forward, two reads and one write backward; after a
/// convolution nothing forward, because [Fusion] lets it ride along.
///
/// *Runs* in [dae.kernel.MapKernels]: `ScalarMap`, `SimdMap`, `ClMap` with
/// `map_leaky_relu` and `map_leaky_relu_backward` of `kernels/map.cl`. *Proved* by
/// `MapOpTest`, `GoldenOpTest`.
public final class LeakyRelu implements Op {
  private final String label;
  private final Value x;

  private LeakyRelu(String label, Value x) {
    this.label = label;
    this.x = x;
  }

  /// Records x where x > 0, else 0.1·x.
  ///
  /// @param x N×H×W×C
  /// @return the same shape
  public static Value leakyRelu(String label, Value x) {
    Check.image(label, x.shape());
    return x.graph().add(new LeakyRelu(label, x));
  }

  @Override
  public void forward(Step s) {
    s.map().leakyRelu(s.n(), s.in(0), s.out());
  }

  @Override
  public void backward(Step s) {
    if (s.wants(0)) {
      s.map().leakyReluBackward(s.n(), s.out(), s.gradOut(), s.gradIn(0), s.write(0));
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
