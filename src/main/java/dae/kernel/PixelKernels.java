package dae.kernel;

import dae.tensor.Tensor;

/// Images and single values for each pixel, such as a mask: what the value does to the pixel's
/// channels, and what the channels sum up to; and losses. Images are N×H×W×C, values N×H×W×1, each
/// with its own pitch. Unless a method says so, nothing that is written may overlap another
/// argument.
public interface PixelKernels {
  /// `y = x + m·r`, m a value per pixel. Sets y, which may be x.
  void blend(int n, Tensor x, Tensor m, Tensor r, Tensor y);

  /// `y = m·x`, m a value per pixel. Sets y or adds to it; a y that is set may be x.
  void scale(int n, Tensor m, Tensor x, Tensor y, Write write);

  /// `y = Σ_c a·b`, a value per pixel. Sets y or adds to it.
  void dot(int n, Tensor a, Tensor b, Tensor y, Write write);

  /// `loss = Σ |p − t| / (n·H·W·C)`. Sets loss, a scalar.
  void absoluteError(int n, Tensor prediction, Tensor target, Tensor loss);

  /// `dp = sign(p − t) / (n·H·W·C)`, 0 where both are equal; NaN stays NaN. Sets dPrediction or
  /// adds to it.
  void absoluteErrorBackward(
      int n, Tensor prediction, Tensor target, Tensor dPrediction, Write write);

  /// `loss = Σ log(1 + e/epsilon) / n`, e an image's `Σ (p − t)² / (H·W·C)`. Sets loss, a scalar,
  /// or adds to it; it is infinite or NaN where an e is.
  void psnrError(int n, Tensor prediction, Tensor target, float epsilon, Tensor loss, Write write);

  /// `dp = 2·(p − t) / (n·H·W·C·(e + epsilon))`, e that of the image. Sets dPrediction or adds to
  /// it.
  void psnrErrorBackward(
      int n, Tensor prediction, Tensor target, float epsilon, Tensor dPrediction, Write write);
}
