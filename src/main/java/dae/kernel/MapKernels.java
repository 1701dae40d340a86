package dae.kernel;

import dae.tensor.Tensor;

/// Maps: element by element, the same formula everywhere, over all n images of the tensors; and the
/// losses, maps whose results are summed up. Tensors of one call have the same shape, and each its
/// own pitch. Unless a method says so, nothing that is written may overlap another argument.
public interface MapKernels {
  /// `y = max(x, 0)`; NaN stays NaN. Sets y, which may be x.
  void relu(int n, Tensor x, Tensor y);

  /// `dx = dy` where y > 0, else 0. Sets dx or adds to it; a dx that is set may be dy.
  void reluBackward(int n, Tensor y, Tensor dy, Tensor dx, Write write);

  /// `y = x` where x > 0, else `slope·x`, with [Activation#SLOPE]. Sets y, which may be x.
  void leakyRelu(int n, Tensor x, Tensor y);

  /// `dx = dy` where y > 0, else `slope·dy`. Sets dx or adds to it; a dx that is set may be dy.
  void leakyReluBackward(int n, Tensor y, Tensor dy, Tensor dx, Write write);

  /// `y = a + b`. Sets y, which may be a.
  void add(int n, Tensor a, Tensor b, Tensor y);

  /// `y = max(0, min(1, x))`; NaN stays NaN. Sets y, which may be x.
  void clip(int n, Tensor x, Tensor y);

  /// `y = 1 / (1 + exp(−x))`, with [Exp] as the exponential. Sets y, which may be x.
  void sigmoid(int n, Tensor x, Tensor y);

  /// `dx = dy·y·(1 − y)`. Sets dx or adds to it; a dx that is set may be dy.
  void sigmoidBackward(int n, Tensor y, Tensor dy, Tensor dx, Write write);

  /// `y = x`. Sets y or adds to it; the two may not overlap.
  ///
  /// Between two pitches this is a placement, the definition of a concatenation (one call per
  /// input). It stands here because its loop is the identity map's, and one function makes no
  /// family.
  void copy(int n, Tensor x, Tensor y, Write write);

  /// `loss = Σ (p − t)² / (n·size)`. Sets loss, a scalar, which may not overlap the others.
  void meanSquaredError(int n, Tensor prediction, Tensor target, Tensor loss);

  /// `dp = 2·(p − t) / (n·size)`. Sets dPrediction or adds to it; it may not overlap the others.
  void meanSquaredErrorBackward(
      int n, Tensor prediction, Tensor target, Tensor dPrediction, Write write);

  /// `loss = Σ (max(z, 0) − z·t + log(1 + exp(−|z|))) / (n·size)`, the cross-entropy of σ(z)
  /// against t. Sets loss, a scalar, or adds to it; it may not overlap the others.
  void crossEntropy(int n, Tensor logits, Tensor target, Tensor loss, Write write);

  /// `dz = (σ(z) − t) / (n·size)`, with [Exp] as the exponential. Sets dLogits or adds to it; it
  /// may not overlap the others.
  void crossEntropyBackward(int n, Tensor logits, Tensor target, Tensor dLogits, Write write);
}
