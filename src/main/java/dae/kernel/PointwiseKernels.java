package dae.kernel;

import dae.tensor.Tensor;

/// One number in, one number out, over all n images. Destinations of the backward passes may be dy
/// itself.
public interface PointwiseKernels {
  /// `y = max(x, 0)`.
  void relu(int n, Tensor x, Tensor y);

  /// `dx = dy` where y > 0, else 0.
  void reluBackward(int n, Tensor y, Tensor dy, Tensor dx, Write write);

  /// `y = 1 / (1 + exp(−x))`, with [Exp] as the exponential.
  void sigmoid(int n, Tensor x, Tensor y);

  /// `dx = dy·y·(1 − y)`.
  void sigmoidBackward(int n, Tensor y, Tensor dy, Tensor dx, Write write);

  /// `y = x`, whatever the two pitches: the definition of a concatenation, one call per input.
  void copy(int n, Tensor x, Tensor y, Write write);

  /// `loss = Σ (p − t)² / (n·size)`, a scalar.
  void meanSquaredError(int n, Tensor prediction, Tensor target, Tensor loss);

  /// `dp = 2·(p − t) / (n·size)`.
  void meanSquaredErrorBackward(
      int n, Tensor prediction, Tensor target, Tensor dPrediction, Write write);

  /// `clean = byte / 255`, bytes unsigned, in the order of the tensor's numbers.
  void pixels(int n, byte[] bytes, Tensor clean);

  /// `noisy = clip(clean + σ·normal, 0, 1)`; the normals of image i are [dae.random.Normals#fill]
  /// of (seed, epoch, images[i]).
  void noise(int n, Tensor clean, long seed, int epoch, int[] images, float sigma, Tensor noisy);

  /// Makes the loss NaN if any of the gradients is infinite or not a number.
  void guard(Tensor gradients, Tensor loss);

  /// One step of Adam (Kingma & Ba 2015) in Keras' form. With g the gradient, `m += (g − m)·(1 −
  /// β₁)`, `v += (g² − v)·(1 − β₂)`, `w −= rate·m / (√v + ε)`, where the caller's rate holds the
  /// bias correction `lr·√(1 − β₂ᵗ)/(1 − β₁ᵗ)`. Does nothing if the loss is not finite.
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

  /// A moving average of all weights: `average = (average − value)·keep + value`.
  void average(Tensor average, Tensor value, float keep);
}
