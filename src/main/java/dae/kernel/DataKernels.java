package dae.kernel;

import dae.tensor.Tensor;

/// Data: what stands in front of a model. It has no gradient.
public interface DataKernels {
  /// `clean = byte / 255`, bytes unsigned, in the order of the tensor's elements. Sets clean.
  void pixels(int n, byte[] bytes, Tensor clean);

  /// `noisy = clip(clean + σ·normal, 0, 1)`; the normals of image i are [dae.random.Normals#fill]
  /// of (seed, epoch, images[i]). Sets noisy, which may not overlap clean.
  void noise(int n, Tensor clean, long seed, int epoch, int[] images, float sigma, Tensor noisy);

  /// `y = value`. Sets y.
  void constant(int n, float value, Tensor y);
}
