package dae.optim;

import dae.graph.Parameters;
import dae.kernel.Backend;
import dae.tensor.Shape;
import dae.tensor.Tensor;
import java.util.List;

/// **Adam** (Kingma & Ba 2015), in Keras' form.
///
/// *In words.* Each weight moves against a running mean of its gradient, divided by the root of a
/// running mean of its square: steps of about the learning rate, whatever the gradient's scale.
///
/// With g the gradient and t = 1, 2, 3 … the step,
///
///     m ← m + (1 − β₁)·(g − m)
///     v ← v + (1 − β₂)·(g² − v)
///     w ← w − α·√(1 − β₂ᵗ)/(1 − β₁ᵗ) · m/(√v + ε)
///
/// m and v start at 0 and so are too small at first; the factor in front corrects that. Keras adds
/// ε to the uncorrected √v, PyTorch to the corrected one; after 12 steps the two differ by 2·10⁻³
/// in the loss.
///
/// All trainable numbers lie side by side, so a step is one call of
/// [dae.kernel.PointwiseKernels#adam]. If the loss or any gradient is not finite, nothing changes.
public final class Adam {
  public static final float BETA_1 = 0.9f;
  public static final float BETA_2 = 0.999f;
  public static final float EPSILON = 1e-7f;

  private final Backend backend;
  private final Parameters parameters;
  private final Tensor m;
  private final Tensor v;
  private long t;

  /// @param parameters what to optimise; its gradients are read at each step
  public Adam(Parameters parameters, Backend backend) {
    this.backend = backend;
    this.parameters = parameters;
    Shape shape = parameters.trainable().shape();
    m = Tensor.dense(backend.allocate(shape.size()), 0, shape);
    v = Tensor.dense(backend.allocate(shape.size()), 0, shape);
  }

  /// One step.
  ///
  /// @param rate the learning rate α
  /// @param loss the scalar loss of this step; becomes NaN if a gradient is not finite
  public void step(double rate, Tensor loss) {
    t++;
    double correction = Math.sqrt(1 - Math.pow(BETA_2, t)) / (1 - Math.pow(BETA_1, t));
    backend.pointwise().guard(parameters.gradients(), loss);
    backend
        .pointwise()
        .adam(
            parameters.trainable(),
            parameters.gradients(),
            m,
            v,
            (float) (rate * correction),
            BETA_1,
            BETA_2,
            EPSILON,
            loss);
    parameters.changed();
  }

  /// Steps made so far.
  public long steps() {
    return t;
  }

  /// Both moments where they lie; with [#rewind] they take the optimiser back to where it was.
  public List<Tensor> moments() {
    return List.of(m, v);
  }

  /// Forgets all steps after the given one; the moments are the caller's to put back.
  public void rewind(long steps) {
    t = steps;
  }

  /// A copy of the first moments, in the order of [Parameters#trainable].
  public float[] firstMoments() {
    return read(m);
  }

  /// A copy of the second moments.
  public float[] secondMoments() {
    return read(v);
  }

  /// Goes on where another run stopped.
  public void restore(long steps, float[] firstMoments, float[] secondMoments) {
    t = steps;
    backend.upload(firstMoments, 0, m, 1);
    backend.upload(secondMoments, 0, v, 1);
  }

  private float[] read(Tensor tensor) {
    float[] numbers = new float[tensor.shape().size()];
    backend.download(tensor, 1, numbers, 0);
    return numbers;
  }
}
