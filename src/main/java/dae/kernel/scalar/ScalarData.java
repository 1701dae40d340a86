package dae.kernel.scalar;

import dae.kernel.DataKernels;
import dae.kernel.PixelNoise;
import dae.random.Key;
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
  public void gaussian(int n, Tensor clean, Key key, float[] sigma, Tensor noisy) {
    each(n, clean, noisy, (x, i) -> PixelNoise.gaussian(x, x.length, key, i, sigma[i]));
  }

  @Override
  public void poisson(int n, Tensor clean, Key key, float peak, Tensor noisy) {
    each(n, clean, noisy, (x, i) -> PixelNoise.poisson(x, x.length, key, i, peak));
  }

  @Override
  public void saltPepper(int n, Tensor clean, Key key, float share, Tensor noisy) {
    int channels = clean.shape().c();
    each(n, clean, noisy, (x, i) -> PixelNoise.saltPepper(x, x.length, channels, key, i, share));
  }

  /// Changes the values of image i.
  private interface Change {
    void to(float[] x, int i);
  }

  private static void each(int n, Tensor from, Tensor to, Change change) {
    Shape shape = from.shape();
    float[] x = new float[shape.size()];
    for (int i = 0; i < n; i++) {
      int first = i * shape.pixels();
      for (int at = 0; at < x.length; at++) {
        x[at] = from.floats()[at(from, first + at / shape.c(), at % shape.c())];
      }
      change.to(x, i);
      for (int at = 0; at < x.length; at++) {
        to.floats()[at(to, first + at / shape.c(), at % shape.c())] = x[at];
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

  @Override
  public void levels(int n, float[] level, Tensor y) {
    Shape shape = y.shape();
    for (int m = 0; m < n * shape.pixels(); m++) {
      for (int c = 0; c < shape.c(); c++) {
        y.floats()[at(y, m, c)] = level[m / shape.pixels()];
      }
    }
  }

  /// Channel c of pixel m, counted over the whole batch.
  private static int at(Tensor t, int m, int c) {
    return t.offset() + m * t.pitch() + c;
  }
}
