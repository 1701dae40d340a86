package dae.op;

import dae.graph.Op;
import dae.graph.Step;
import dae.graph.Value;
import dae.tensor.Check;
import dae.tensor.Shape;
import java.util.List;

/// **Sum** of two images: residual and skip connections (He et al. 2016).
///
/// *In words.* What a block makes is added to what it was given, so that it only has to learn the
/// difference; and the gradient has a way past it.
///
/// *Shapes.* a, b, y: N×H×W×C.
///
/// *Forward.* `y = a + b`
///
/// *Backward.* ∂y/∂a = ∂y/∂b = 1, so the gradient goes both ways unchanged:
///
///     da = dy     db = dy
///
/// *Keeps* nothing. *Costs* two reads and one write forward. Backward, da as a rule lies where dy
/// does ([Step#sharesGradient]) and only db is copied. Where one of the two comes from a
/// convolution that nothing else reads, [Fusion] lets the product add itself to the other.
///
/// *Runs* in [dae.kernel.MapKernels#add] and [dae.kernel.MapKernels#copy] (`ScalarMap`), on a device `map_add` and
/// `map_copy` of `kernels/map.cl`. *Proved* by `AddTest` (central differences, fan-out, placement),
/// `FusionTest`, `GoldenOpTest`.
public final class Add implements Op {
  private final String label;
  private final Value a;
  private final Value b;

  private Add(String label, Value a, Value b) {
    this.label = label;
    this.a = a;
    this.b = b;
  }

  /// Records a sum.
  ///
  /// @param a N×H×W×C
  /// @param b the same shape
  /// @return the same shape
  public static Value add(String label, Value a, Value b) {
    Check.image(label, a.shape());
    Check.same(label, a.shape(), b.shape());
    return a.graph().add(new Add(label, a, b));
  }

  /// The summand that is not this one; null where both are.
  Value other(Value one) {
    return a == b ? null : one == a ? b : a;
  }

  @Override
  public void forward(Step s) {
    s.map().add(s.n(), s.in(0), s.in(1), s.out());
  }

  @Override
  public void backward(Step s) {
    // In this order: where a and b are one value, the second adds to what the first has set.
    s.passGradient(0);
    s.passGradient(1);
  }

  @Override
  public String label() {
    return label;
  }

  @Override
  public List<Value> inputs() {
    return List.of(a, b);
  }

  @Override
  public Shape output() {
    return a.shape();
  }

  @Override
  public int forwardInPlace() {
    return 0;
  }

  @Override
  public int backwardInPlace() {
    return 0;
  }

  @Override
  public Keeps keeps() {
    return Keeps.NOTHING;
  }
}
