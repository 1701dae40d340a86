package dae.op;

import dae.graph.Op;
import dae.graph.Step;
import dae.graph.Value;
import dae.kernel.Write;
import dae.tensor.Check;
import dae.tensor.Shape;
import java.util.List;

/// **Clipping to the range of a pixel**, in inference alone.
///
/// *In words.* A network that ends in a sum may leave the range from 0 to 1, which no clean pixel
/// does. Cutting off what is beyond only ever brings it nearer to the truth. In training nothing is
/// cut: what is too large should feel the whole error, and a clipped value would feel none.
///
/// *Shapes.* x, y: N×H×W×C.
///
/// *Forward, training.* `y = x`. *Inference.* `y = max(0, min(1, x))`
///
/// *Backward.*
///
///     dx = dy        (cut, it would be 0 wherever x is beyond 0 or 1)
///
/// *Keeps* nothing. *Costs* nothing in training, where [Fusion] leaves it out; in inference one read
/// and one write in place.
///
/// *Runs* in [dae.kernel.MapKernels#clip] and [dae.kernel.MapKernels#copy] (`ScalarMap`), on a device `map_clip`
/// and `map_copy` of `kernels/map.cl`. *Proved* by `MapOpTest`, `FusionTest`.
public final class Clip implements Op {
  private final String label;
  private final Value x;

  private Clip(String label, Value x) {
    this.label = label;
    this.x = x;
  }

  /// Records the clipping.
  ///
  /// @param x N×H×W×C
  /// @return the same shape
  public static Value clip(String label, Value x) {
    Check.image(label, x.shape());
    return x.graph().add(new Clip(label, x));
  }

  @Override
  public void forward(Step s) {
    if (s.training()) {
      s.map().copy(s.n(), s.in(0), s.out(), Write.SET);
    } else {
      s.map().clip(s.n(), s.in(0), s.out());
    }
  }

  @Override
  public void backward(Step s) {
    s.passGradient(0);
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
