package dae.kernel.scalar;

import dae.kernel.DataKernels;
import dae.random.Normals;
import dae.tensor.Shape;
import dae.tensor.Tensor;

/// What stands in front of a model, as [DataKernels] states it.
final class ScalarData implements DataKernels {
  @Override
  public void pixels(int n, byte[] bytes, Tensor clean) {
    Shape shape = clean.shape();
    for (int m = 0; m < n * shape.pixels(); m++) {
      for (int c = 0; c < shape.c(); c++) {
        clean.floats()[at(clean, m, c)] = (bytes[m * shape.c() + c] & 0xFF) / 255f;
      }
    }
  }

  @Override
  public void noise(
      int n, Tensor clean, long seed, int epoch, int[] images, float sigma, Tensor noisy) {
    Shape shape = clean.shape();
    float[] normals = new float[shape.size()];
    for (int i = 0; i < n; i++) {
      Normals.fill(seed, epoch, images[i], shape.size(), normals, 0);
      for (int p = 0; p < shape.pixels(); p++) {
        for (int c = 0; c < shape.c(); c++) {
          int m = i * shape.pixels() + p;
          float value =
              Math.fma(sigma, normals[p * shape.c() + c], clean.floats()[at(clean, m, c)]);
          noisy.floats()[at(noisy, m, c)] = Math.max(0, Math.min(1, value));
        }
      }
    }
  }

  @Override
  public void constant(int n, float value, Tensor y) {
    for (int m = 0; m < n * y.shape().pixels(); m++) {
      for (int c = 0; c < y.shape().c(); c++) {
        y.floats()[at(y, m, c)] = value;
      }
    }
  }

  /// Channel c of pixel m, counted over the whole batch.
  private static int at(Tensor t, int m, int c) {
    return t.offset() + m * t.pitch() + c;
  }
}
