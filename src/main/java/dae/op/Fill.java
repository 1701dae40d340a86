package dae.op;

import dae.graph.Op;
import dae.graph.Step;
import dae.graph.Value;
import dae.tensor.Check;
import dae.tensor.Shape;
import java.util.List;

/// **Fill**, a map of one value beside an image, such as the strength of its noise.
///
/// *In words.* Every pixel gets the same value, whatever the image.
///
/// *Shapes.* x: N×H×W×C, of which only the extents are read; y: N×H×W×1.
///
/// *Forward.* `y = value`. It depends on nothing, so there is no gradient.
///
/// *Keeps* nothing. *Costs* one write. *Runs* in [dae.kernel.DataKernels#constant] (`ScalarData`),
/// on a device `data_constant` of `kernels/data.cl`. *Proved* by `DataContractTest` and
/// `NetworkTest`.
public final class Fill implements Op {
  private final String label;
  private final Value x;
  private final float value;

  private Fill(String label, Value x, float value) {
    this.label = label;
    this.x = x;
    this.value = value;
  }

  /// Records the map.
  ///
  /// @param x the images that it lies beside, N×H×W×C
  /// @return N×H×W×1
  public static Value fill(String label, Value x, float value) {
    Check.image(label, x.shape());
    return x.graph().add(new Fill(label, x, value));
  }

  @Override
  public void forward(Step s) {
    s.data().constant(s.n(), value, s.out());
  }

  @Override
  public void backward(Step s) {}

  @Override
  public String label() {
    return label;
  }

  @Override
  public List<Value> inputs() {
    return List.of();
  }

  @Override
  public Shape output() {
    return Shape.image(x.shape().h(), x.shape().w(), 1);
  }

  @Override
  public Keeps keeps() {
    return Keeps.NOTHING;
  }
}
