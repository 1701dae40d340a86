package dae.kernel;

import dae.random.Key;
import dae.tensor.Tensor;

/// Data: what stands in front of a model. It has no gradient.
///
/// The noises set `noisy`, which may not overlap `clean`; what they draw for an image follows from
/// its key alone.
public interface DataKernels {
  /// `clean = byte / 255`, bytes unsigned, in the order of the tensor's elements. Sets clean.
  void pixels(int n, byte[] bytes, Tensor clean);

  /// `noisy = clip(clean + σ·normal, 0, 1)` with a σ for each image: [PixelNoise#gaussian].
  void gaussian(int n, Tensor clean, Key key, float[] sigma, Tensor noisy);

  /// `noisy = min(k / peak, 1)`, k Poisson-distributed of the mean clean·peak:
  /// [PixelNoise#poisson].
  void poisson(int n, Tensor clean, Key key, float peak, Tensor noisy);

  /// A share of the pixels becomes black or white: [PixelNoise#saltPepper].
  void saltPepper(int n, Tensor clean, Key key, float share, Tensor noisy);

  /// `y = value`. Sets y.
  void constant(int n, float value, Tensor y);

  /// `y = level of its image`, all over an image. Sets y.
  void levels(int n, float[] level, Tensor y);
}
