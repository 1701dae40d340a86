package dae.kernel;

import dae.tensor.Tensor;

/// What makes new weights from old ones. All trainable values lie side by side, so weights and what
/// belongs to each of them (gradient, moments) are vectors of one length.
public interface OptimiserKernels {
  /// Sets loss, a scalar, to NaN if any of the gradients is infinite or NaN, and leaves it alone
  /// otherwise. No two arguments may overlap.
  void guard(Tensor gradients, Tensor loss);

  /// `g = g·most/‖g‖` where ‖g‖ = √(Σ g²) is more than `most`. Reads gradients and sets them.
  void clip(Tensor gradients, float most);

  /// One step of Adam (Kingma & Ba 2015) in Keras' form. With g the gradient, `m += (g − m)·(1 −
  /// β₁)`, `v += (g² − v)·(1 − β₂)`, `w −= rate·m / (√v + ε)`, where the caller's rate holds the
  /// bias correction `lr·√(1 − β₂ᵗ)/(1 − β₁ᵗ)`. Does nothing if the loss is not finite.
  ///
  /// Adds to w, m and v. No two arguments may overlap.
  void adam(
      Tensor w,
      Tensor g,
      Tensor m,
      Tensor v,
      float rate,
      float beta1,
      float beta2,
      float epsilon,
      Tensor loss);

  /// A moving average of all weights: `average += (value − average)·(1 − keep)`, computed as
  /// `(average − value)·keep + value`. No two arguments may overlap.
  void average(Tensor average, Tensor value, float keep);
}
