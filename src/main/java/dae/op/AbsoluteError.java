package dae.op;

import dae.graph.Op;
import dae.graph.Step;
import dae.graph.Value;
import dae.tensor.Check;
import dae.tensor.Shape;
import java.util.List;

/// **Mean absolute error**, L1, a loss for damage.
///
/// *In words.* The average distance between what came out and what should have. A square would make
/// one large error worth many small ones, and a network that cannot know what was under a stain
/// would answer with the mean of all that might have been, which is grey; the distance makes it
/// answer with their median.
///
/// *Shapes.* p (prediction), t (target): N×H×W×C; L: a scalar.
///
/// *Forward.* `L = Σ |p − t| / (N·H·W·C)`
///
/// *Backward.* The slope of |p − t| is the sign of p − t; where both are equal we take 0:
///
///     dp = sign(p − t) / (N·H·W·C)     dt = sign(t − p) / (N·H·W·C)
///
/// Why the median: p answers several truths t best where these slopes cancel, that is where as many
/// of them lie above p as below. A square's slopes p − t cancel at the mean.
///
/// *Keeps* p and t. *Costs* two reads forward; two reads and one write backward.
///
/// *Runs* in [dae.kernel.PixelKernels]: `ScalarPixel`, `SimdPixel`, `ClPixel` with
/// `pixel_absolute_error_parts` and `pixel_absolute_error_backward` of `kernels/pixel.cl`, and
/// `map_mean`. *Proved* by `LossOpTest` (central differences), `PixelContractTest`.
public final class AbsoluteError implements Op {
  private final String label;
  private final Value prediction;
  private final Value target;

  private AbsoluteError(String label, Value prediction, Value target) {
    this.label = label;
    this.prediction = prediction;
    this.target = target;
  }

  /// Records the loss.
  ///
  /// @param prediction N×H×W×C
  /// @param target the same shape
  /// @return a scalar
  public static Value absoluteError(String label, Value prediction, Value target) {
    Check.image(label, prediction.shape());
    Check.same(label, prediction.shape(), target.shape());
    return prediction.graph().add(new AbsoluteError(label, prediction, target));
  }

  @Override
  public void forward(Step s) {
    s.pixel().absoluteError(s.n(), s.in(0), s.in(1), s.out());
  }

  @Override
  public void backward(Step s) {
    if (s.wants(0)) {
      s.pixel().absoluteErrorBackward(s.n(), s.in(0), s.in(1), s.gradIn(0), s.write(0));
    }
    if (s.wants(1)) {
      s.pixel().absoluteErrorBackward(s.n(), s.in(1), s.in(0), s.gradIn(1), s.write(1));
    }
  }

  @Override
  public String label() {
    return label;
  }

  @Override
  public List<Value> inputs() {
    return List.of(prediction, target);
  }

  @Override
  public Shape output() {
    return Shape.scalar();
  }

  @Override
  public Keeps keeps() {
    return Keeps.INPUTS;
  }

  @Override
  public long flops() {
    return 3L * prediction.shape().size();
  }
}
