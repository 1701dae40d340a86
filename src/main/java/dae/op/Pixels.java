package dae.op;

import dae.graph.Graph;
import dae.graph.Op;
import dae.graph.Step;
import dae.graph.Value;
import dae.tensor.Shape;
import java.util.List;

/// **Pixels**, where a run on stored images starts.
///
/// *In words.* The bytes that the host fed become numbers from 0 to 1.
///
/// *Shapes.* y: N×H×W×3 from N·H·W·3 bytes in the same order.
///
/// *Forward.* `y = byte / 255`. There is nothing to differentiate.
///
/// *Runs* in [dae.kernel.PointwiseKernels#pixels], on a device `pointwise_pixels` of
/// `kernels/pointwise.cl`.
public final class Pixels implements Op {
  private final Shape shape;

  private Pixels(Shape shape) {
    this.shape = shape;
  }

  /// Records the start of the tape; the bytes come with [dae.graph.Plan#feed].
  ///
  /// @return N×h×w×3
  public static Value pixels(Graph graph, int h, int w) {
    return graph.add(new Pixels(Shape.image(h, w, 3)));
  }

  @Override
  public void forward(Step s) {
    s.pointwise().pixels(s.n(), s.feed().pixels(), s.out());
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
    return shape;
  }

  @Override
  public Keeps keeps() {
    return Keeps.NOTHING;
  }
}
