package dae.kernel;

import dae.tensor.Shape;
import dae.tensor.Tensor;

/// Reductions over all pixels, one result per channel, and the maps that use them. M = n·H·W is the
/// number of pixels, r = 1/√(variance + ε), x̂ = (x − mean)·r, and f is the activation. Images of
/// one call have the same shape, and each its own pitch; means, variances and sums are vectors of C
/// elements.
public interface ChannelKernels {
  /// Called when a plan is compiled, for every shape of images that the other methods will see.
  void prepare(Shape x, int capacity);

  /// `mean = Σ x / M`, `variance = Σ (x − mean)² / M` (biased). Sets mean and variance. No two
  /// arguments may overlap.
  void moments(int n, Tensor x, Tensor mean, Tensor variance);

  /// `r = 1/√(variance + ε)`. Sets r. No two arguments may overlap.
  void inverseDeviation(Tensor variance, float epsilon, Tensor r);

  /// `average = momentum·average + (1 − momentum)·correction·value`, Keras' moving average. A value
  /// that is not finite is passed over: one bad batch must not spoil a good model.
  ///
  /// Reads average and sets it. No two arguments may overlap.
  void movingAverage(Tensor average, Tensor value, float momentum, float correction);

  /// All that a batch normalisation learns of a batch, in this order: [#moments], the two
  /// [#movingAverage]s, of which the variance's takes the unbiased variance·M/(M − 1), and
  /// [#inverseDeviation]. A device does it in two launches.
  ///
  /// Sets mean and r of the norm, whose other parts it leaves alone, and variance; reads and sets
  /// movingMean and movingVariance. No two arguments may overlap.
  default void statistics(
      int n,
      Tensor x,
      float epsilon,
      float momentum,
      Norm norm,
      Tensor variance,
      Tensor movingMean,
      Tensor movingVariance) {
    float M = (float) n * x.shape().pixels();
    moments(n, x, norm.mean(), variance);
    movingAverage(movingMean, norm.mean(), momentum, 1);
    movingAverage(movingVariance, variance, momentum, M / Math.max(1, M - 1));
    inverseDeviation(variance, epsilon, norm.r());
  }

  /// A normalisation of product + bias, as scale and shift of an [Epilogue] of the product: `scale
  /// = γ·r`, `shift = β + (bias − mean)·scale`. Its activation is the epilogue's business.
  ///
  /// Sets scale and shift. No two arguments may overlap.
  void fold(Norm norm, Tensor bias, Tensor scale, Tensor shift);

  /// `y = f(γ·x̂ + β)`. Sets y. No two arguments may overlap.
  void normalize(int n, Tensor x, Norm norm, Tensor y);

  /// `dγ = Σ dz·x̂`, `dβ = Σ dz` with `dz = dy·f′(γ·x̂ + β)`. Sets dgamma and dbeta. No two
  /// arguments may overlap.
  void normalizeGradients(int n, Tensor x, Norm norm, Tensor dy, Tensor dgamma, Tensor dbeta);

  /// `dx = γ·r·(dz − dβ/M − x̂·dγ/M)`. Sets dx or adds to it; a dx that is set may be dy. No other
  /// two arguments may overlap.
  void normalizeBackward(
      int n, Tensor x, Norm norm, Tensor dy, Tensor dgamma, Tensor dbeta, Tensor dx, Write write);

  /// `sum = Σ x`, the gradient of a bias. Sets sum. No two arguments may overlap.
  void sum(int n, Tensor x, Tensor sum);
}
