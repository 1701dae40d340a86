package dae.op;

import dae.graph.Bytes;
import dae.graph.Op;
import dae.graph.Step;
import dae.graph.Value;
import dae.tensor.Shape;
import java.util.List;

/// **Pixels**, where a run on stored images starts.
///
/// *In words.* The bytes that the host fed become values from 0 to 1.
///
/// *Shapes.* y: N×H×W×C from N·H·W·C bytes in the same order.
///
/// *Forward.* `y = byte / 255`. There is nothing to differentiate.
///
/// *Runs* in [dae.kernel.DataKernels#pixels] (`ScalarData`), on a device `data_pixels` of
/// `kernels/data.cl`. *Proved* by `DataContractTest`.
public final class Pixels implements Op {
  private final Bytes images;

  private Pixels(Bytes images) {
    this.images = images;
  }

  /// Records the start of the tape.
  ///
  /// @param images N×H×W×C, which [dae.graph.Plan#feed] brings
  /// @return the same shape
  public static Value pixels(Bytes images) {
    return images.graph().add(new Pixels(images));
  }

  @Override
  public void forward(Step s) {
    s.data().pixels(s.n(), s.bytes(images), s.out());
  }

  @Override
  public void backward(Step s) {}

  @Override
  public String label() {
    return "pixels";
  }

  @Override
  public List<Value> inputs() {
    return List.of();
  }

  @Override
  public Shape output() {
    return images.shape();
  }

  @Override
  public Keeps keeps() {
    return Keeps.NOTHING;
  }
}
