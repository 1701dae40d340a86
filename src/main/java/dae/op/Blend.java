package dae.op;

import dae.graph.Op;
import dae.graph.Step;
import dae.graph.Value;
import dae.tensor.Check;
import dae.tensor.Shape;
import java.util.List;

/// **Blend**: a change of an image where a mask says so.
///
/// *In words.* A network that repaints stains should leave the rest of a photograph alone. So it
/// makes a change r and a mask m from 0 to 1: where m is 0, what was there stays to the last bit,
/// and m can be shown.
///
/// *Shapes.* x, r, y: N×H×W×C; m: N×H×W×1, the same for all channels of a pixel.
///
/// *Forward.* `y[…, c] = x[…, c] + m·r[…, c]`
///
/// *Backward.* x reaches y unchanged, r m-fold, and m reaches all channels of its pixel, each as
/// often as r says, so that its gradient is a sum:
///
///     dx = dy     dr[…, c] = m·dy[…, c]     dm = Σ_c r[…, c]·dy[…, c]
///
/// Where r and m are both 0, neither can learn from y: one of them has to start elsewhere.
///
/// *Keeps* m and r. *Costs* three reads and one write forward, about as much for each gradient.
///
/// *Runs* in [dae.kernel.PixelKernels]: `ScalarPixel`, `SimdPixel`, `ClPixel` with `pixel_blend`,
/// `pixel_scale` and `pixel_dot` of `kernels/pixel.cl`. *Proved* by `BlendTest` (central
/// differences), `PixelContractTest`.
public final class Blend implements Op {
  private final String label;
  private final Value x;
  private final Value m;
  private final Value r;

  private Blend(String label, Value x, Value m, Value r) {
    this.label = label;
    this.x = x;
    this.m = m;
    this.r = r;
  }

  /// Records x + m·r.
  ///
  /// @param x N×H×W×C
  /// @param mask N×H×W×1
  /// @param change N×H×W×C
  /// @return N×H×W×C
  public static Value blend(String label, Value x, Value mask, Value change) {
    Check.image(label, x.shape());
    Check.same(label, x.shape(), change.shape());
    Check.same(label, Shape.image(x.shape().h(), x.shape().w(), 1), mask.shape());
    return x.graph().add(new Blend(label, x, mask, change));
  }

  @Override
  public void forward(Step s) {
    s.pixel().blend(s.n(), s.in(0), s.in(1), s.in(2), s.out());
  }

  @Override
  public void backward(Step s) {
    s.passGradient(0);
    if (s.wants(1)) {
      s.pixel().dot(s.n(), s.in(2), s.gradOut(), s.gradIn(1), s.write(1));
    }
    // Last: dr may lie where dy does.
    if (s.wants(2)) {
      s.pixel().scale(s.n(), s.in(1), s.gradOut(), s.gradIn(2), s.write(2));
    }
  }

  @Override
  public String label() {
    return label;
  }

  @Override
  public List<Value> inputs() {
    return List.of(x, m, r);
  }

  @Override
  public Shape output() {
    return x.shape();
  }

  @Override
  public int backwardInPlace() {
    return 2;
  }

  @Override
  public Keeps keeps() {
    return Keeps.INPUTS;
  }

  @Override
  public long flops() {
    return 2L * output().size();
  }
}
