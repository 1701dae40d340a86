package dae.op;

import dae.graph.Op;
import dae.graph.Step;
import dae.graph.Value;
import dae.kernel.Write;
import dae.tensor.Check;
import dae.tensor.Shape;
import java.util.List;

/// **Concatenation along the channels** (Keras' `concatenate`).
///
/// *In words.* Two feature maps of the same size are laid side by side, pixel by pixel: the skip
/// connections of a U-Net.
///
/// *Shapes.* a: N×H×W×A, b: N×H×W×B, y: N×H×W×(A+B).
///
/// *Forward.* `y[…, 0…A−1] = a`, `y[…, A…A+B−1] = b`
///
/// *Backward.* Every value of the output is one value of an input, so the gradient is cut where the
/// output was joined:
///
///     da = dy[…, 0…A−1]     db = dy[…, A…A+B−1]
///
/// *Keeps* nothing. *Costs* nothing as a rule: the plan lets both inputs live inside the output as
/// channel slices (their pixel pitch is A+B), and the gradients likewise, so both passes find their
/// work done ([Step#placed]). Where that is impossible, because an input is read again later or
/// lives elsewhere already, the values are copied: this is the definition.
///
/// *Runs* in [dae.kernel.MapKernels#copy] (`ScalarMap`), on a device `map_copy` of
/// `kernels/map.cl`. *Proved* by `ConcatTest` (placed against copied,
/// central differences).
public final class Concat implements Op {
  private final String label;
  private final Value a;
  private final Value b;

  private Concat(String label, Value a, Value b) {
    this.label = label;
    this.a = a;
    this.b = b;
  }

  /// Records a concatenation.
  ///
  /// @param a N×H×W×A
  /// @param b N×H×W×B
  /// @return N×H×W×(A+B)
  public static Value concat(String label, Value a, Value b) {
    Check.image(label, a.shape());
    Check.image(label, b.shape());
    Check.that(
        a.shape().h() == b.shape().h() && a.shape().w() == b.shape().w(),
        label,
        "two images of one size",
        a + " and " + b,
        "bring them to the same H×W first");
    return a.graph().add(new Concat(label, a, b));
  }

  @Override
  public void forward(Step s) {
    int from = 0;
    for (int i = 0; i < 2; i++) {
      int c = s.in(i).shape().c();
      if (!s.placed(i)) {
        s.map().copy(s.n(), s.in(i), s.out().slice(from, c), Write.SET);
      }
      from += c;
    }
  }

  @Override
  public void backward(Step s) {
    int from = 0;
    for (int i = 0; i < 2; i++) {
      int c = s.in(i).shape().c();
      if (s.wants(i) && !s.placed(i)) {
        s.map().copy(s.n(), s.gradOut().slice(from, c), s.gradIn(i), s.write(i));
      }
      from += c;
    }
  }

  @Override
  public boolean concatenates() {
    return true;
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
    Shape s = a.shape();
    return Shape.image(s.h(), s.w(), s.c() + b.shape().c());
  }

  @Override
  public Keeps keeps() {
    return Keeps.NOTHING;
  }

  @Override
  public long flops() {
    return 0;
  }
}
