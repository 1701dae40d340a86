package dae.kernel;

import dae.tensor.Shape;
import dae.tensor.Tensor;

/// Reductions over all pixels, one result per channel, and the maps that use them. M = n·H·W is the
/// number of pixels, r = 1/√(variance + ε), x̂ = (x − mean)·r, and f is the activation. Means,
/// variances and sums are vectors of C numbers.
public interface ChannelKernels {
  /// Called when a plan is compiled, for every shape of images that the other methods will see.
  void prepare(Shape x, int capacity);

  /// `mean = Σ x / M`, `variance = Σ (x − mean)² / M` (biased).
  void moments(int n, Tensor x, Tensor mean, Tensor variance);

  /// `r = 1/√(variance + ε)`.
  void inverseDeviation(Tensor variance, float epsilon, Tensor r);

  /// `average = momentum·average + (1 − momentum)·correction·value`, Keras' moving average. A value
  /// that is not finite is passed over: one bad batch must not spoil a good model.
  void movingAverage(Tensor average, Tensor value, float momentum, float correction);

  /// All that a batch normalisation learns of a batch, in this order: [#moments], the two
  /// [#movingAverage]s, of which the variance's takes the unbiased variance·M/(M − 1), and
  /// [#inverseDeviation]. A device does it in two launches.
  default void statistics(
      int n,
      Tensor x,
      float epsilon,
      float momentum,
      Tensor mean,
      Tensor variance,
      Tensor r,
      Tensor movingMean,
      Tensor movingVariance) {
    float M = (float) n * x.shape().pixels();
    moments(n, x, mean, variance);
    movingAverage(movingMean, mean, momentum, 1);
    movingAverage(movingVariance, variance, momentum, M / Math.max(1, M - 1));
    inverseDeviation(variance, epsilon, r);
  }

  /// A normalisation of product + bias, as an [Epilogue] of the product: `scale = γ·r`, `shift = β
  /// + (bias − mean)·scale`.
  void fold(
      Tensor mean, Tensor r, Tensor gamma, Tensor beta, Tensor bias, Tensor scale, Tensor shift);

  /// `y = f(γ·x̂ + β)`.
  void normalize(
      int n, Tensor x, Tensor mean, Tensor r, Tensor gamma, Tensor beta, Activation f, Tensor y);

  /// `dγ = Σ dz·x̂`, `dβ = Σ dz` with `dz = dy·f′(γ·x̂ + β)`.
  void normalizeGradients(
      int n,
      Tensor x,
      Tensor mean,
      Tensor r,
      Tensor gamma,
      Tensor beta,
      Activation f,
      Tensor dy,
      Tensor dgamma,
      Tensor dbeta);

  /// `dx = γ·r·(dz − dβ/M − x̂·dγ/M)`. May work in place: dx may be dy.
  void normalizeBackward(
      int n,
      Tensor x,
      Tensor mean,
      Tensor r,
      Tensor gamma,
      Tensor beta,
      Activation f,
      Tensor dy,
      Tensor dgamma,
      Tensor dbeta,
      Tensor dx,
      Write write);

  /// `sum = Σ x`, the gradient of a bias.
  void sum(int n, Tensor x, Tensor sum);
}
