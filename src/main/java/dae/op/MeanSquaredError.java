package dae.op;

import dae.graph.Op;
import dae.graph.Step;
import dae.graph.Value;
import dae.tensor.Check;
import dae.tensor.Shape;
import java.util.List;

/// **Mean squared error**, the loss.
///
/// *In words.* The average of the squared differences between what came out and what should have.
///
/// *Shapes.* p (prediction), t (target): N×H×W×C; L: a scalar.
///
/// *Forward.* `L = Σ (p − t)² / (N·H·W·C)`
///
/// *Backward.* L is where the chain rule starts: dL = ∂L/∂L = 1. Each value of the prediction
/// appears in one square, and so does each of the target, so
///
///     dp = 2·(p − t) / (N·H·W·C)     dt = 2·(t − p) / (N·H·W·C)
///
/// A target that is data gets no gradient.
///
/// *Keeps* p and t. *Costs* two reads forward; two reads and one write backward.
///
/// *Runs* in [dae.kernel.MapKernels]: `ScalarMap`, `SimdMap` (partial sums of
/// fixed length, added in double in a fixed order), `ClMap` with
/// `map_squared_error_parts`, `map_mean` and `map_mean_squared_error_backward` of `kernels/map.cl`. *Proved* by
/// `MapOpTest`, `GoldenOpTest`.
public final class MeanSquaredError implements Op {
  private final String label;
  private final Value prediction;
  private final Value target;

  private MeanSquaredError(String label, Value prediction, Value target) {
    this.label = label;
    this.prediction = prediction;
    this.target = target;
  }

  /// Records the loss.
  ///
  /// @param prediction N×H×W×C
  /// @param target the same shape
  /// @return a scalar
  public static Value meanSquaredError(String label, Value prediction, Value target) {
    Check.image(label, prediction.shape());
    Check.same(label, prediction.shape(), target.shape());
    return prediction.graph().add(new MeanSquaredError(label, prediction, target));
  }

  @Override
  public void forward(Step s) {
    s.map().meanSquaredError(s.n(), s.in(0), s.in(1), s.out());
  }

  @Override
  public void backward(Step s) {
    if (s.wants(0)) {
      s.map().meanSquaredErrorBackward(s.n(), s.in(0), s.in(1), s.gradIn(0), s.write(0));
    }
    if (s.wants(1)) {
      s.map().meanSquaredErrorBackward(s.n(), s.in(1), s.in(0), s.gradIn(1), s.write(1));
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
