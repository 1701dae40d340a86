package dae.kernel.simd;

import dae.kernel.DataKernels;
import dae.random.Key;
import dae.tensor.Shape;
import dae.tensor.Tensor;
import java.util.Arrays;

/// What stands in front of a model. Pixels and constants are cut into pieces of some elements,
/// levels into images. The noises are [SimdNoise]'s.
final class SimdData implements DataKernels {
  /// Floats of a piece, 64 KB.
  private static final int CHUNK = 16_384;

  private final Workers workers;
  private final Workers.Task pixels = this::pixels;
  private final Workers.Task constant = this::constant;
  private final Workers.Task levels = this::levels;
  private final SimdNoise noise;
  private final float[] byteValues = new float[256];

  private Tensor to;
  private boolean flat;
  private int rows;
  private int rowsPerPiece;
  private byte[] bytes;
  private float value;
  private float[] level;

  SimdData(Workers workers) {
    this.workers = workers;
    noise = new SimdNoise(workers);
    for (int value = 0; value < 256; value++) {
      byteValues[value] = value / 255f;
    }
  }

  @Override
  public void pixels(int n, byte[] bytes, Tensor clean) {
    this.bytes = bytes;
    workers.run(cut(n, clean), pixels);
  }

  @Override
  public void constant(int n, float value, Tensor y) {
    this.value = value;
    workers.run(cut(n, y), constant);
  }

  /// Cuts a dense tensor's elements into pieces, another's pixels: how many there are.
  private int cut(int n, Tensor to) {
    this.to = to;
    Shape shape = to.shape();
    flat = to.isDense();
    rows = n * (flat ? shape.size() : shape.pixels());
    rowsPerPiece = flat ? CHUNK : Math.max(1, CHUNK / shape.c());
    return Math.ceilDiv(rows, rowsPerPiece);
  }

  private void pixels(int piece, int worker) {
    int c = to.shape().c();
    int from = piece * rowsPerPiece;
    int until = Math.min(rows, from + rowsPerPiece);
    float[] TO = to.floats();
    if (flat) {
      for (int i = from; i < until; i++) {
        TO[to.offset() + i] = byteValues[bytes[i] & 0xFF];
      }
    } else {
      for (int m = from; m < until; m++) {
        for (int i = 0; i < c; i++) {
          TO[to.offset() + m * to.pitch() + i] = byteValues[bytes[m * c + i] & 0xFF];
        }
      }
    }
  }

  private void constant(int piece, int worker) {
    int from = piece * rowsPerPiece;
    int until = Math.min(rows, from + rowsPerPiece);
    if (flat) {
      Arrays.fill(to.floats(), to.offset() + from, to.offset() + until, value);
    } else {
      for (int m = from; m < until; m++) {
        int at = to.offset() + m * to.pitch();
        Arrays.fill(to.floats(), at, at + to.shape().c(), value);
      }
    }
  }

  @Override
  public void levels(int n, float[] level, Tensor y) {
    this.level = level;
    to = y;
    workers.run(n, levels);
  }

  private void levels(int image, int worker) {
    int pixels = to.shape().pixels();
    for (int m = image * pixels; m < (image + 1) * pixels; m++) {
      int at = to.offset() + m * to.pitch();
      Arrays.fill(to.floats(), at, at + to.shape().c(), level[image]);
    }
  }

  @Override
  public void gaussian(int n, Tensor clean, Key key, float[] sigma, Tensor noisy) {
    noise.gaussian(n, clean, key, sigma, noisy);
  }

  @Override
  public void poisson(int n, Tensor clean, Key key, float peak, Tensor noisy) {
    noise.poisson(n, clean, key, peak, noisy);
  }

  @Override
  public void saltPepper(int n, Tensor clean, Key key, float share, Tensor noisy) {
    noise.saltPepper(n, clean, key, share, noisy);
  }
}
