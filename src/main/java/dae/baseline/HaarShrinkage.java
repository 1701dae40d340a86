package dae.baseline;

import static dae.baseline.Border.CHANNELS;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/// **Wavelet shrinkage**, Haar's wavelet and BayesShrink's thresholds (Chang, Yu & Vetterli,
/// *Adaptive wavelet thresholding for image denoising and compression*, IEEE Transactions on Image
/// Processing 9, 2000). An image is a coarse version of itself and differences at each size; few of
/// these are large, and noise is small in all of them.
///
/// *Formula.* Colours become brightness and two differences, `(r + g + b)/√3`, `(r − b)/√2`, `(r −
/// 2g
/// + b)/√6`, in which noise is as strong as before, but pictures are mostly the first. A level
///   turns pairs (a, b), along rows, then along columns, into ((a + b)/√2, (a − b)/√2), and goes on
///   with the sums, each channel by itself. In each band of differences d becomes `sign(d)·max(|d|
///   − T, 0)` with `T = σ²/√max(mean d² − σ², 0)`, all of it 0 where the root is. Then all levels
///   are undone.
///
/// @param sigma of the noise
record HaarShrinkage(double sigma) implements Baseline {
  private static final double ROOT = Math.sqrt(0.5);

  /// Orthonormal, so that its transpose undoes it.
  private static final double[][] COLOURS = {
    {Math.sqrt(1 / 3.0), Math.sqrt(1 / 3.0), Math.sqrt(1 / 3.0)},
    {ROOT, 0, -ROOT},
    {Math.sqrt(1 / 6.0), -2 * Math.sqrt(1 / 6.0), Math.sqrt(1 / 6.0)}
  };

  static List<Baseline> candidates() {
    return Stream.of(0.02, 0.03, 0.04, 0.05, 0.06, 0.07, 0.08, 0.09, 0.1, 0.12, 0.15, 0.2)
        .<Baseline>map(HaarShrinkage::new)
        .toList();
  }

  @Override
  public String word() {
    return String.format(Locale.ROOT, "wavelet (Haar, BayesShrink), σ %.2f", sigma);
  }

  @Override
  public void clean(float[] noisy, int height, int width, float[] clean) {
    double[] plane = new double[height * width];
    Arrays.fill(clean, 0);
    for (double[] colour : COLOURS) {
      for (int i = 0; i < plane.length; i++) {
        plane[i] = 0;
        for (int c = 0; c < CHANNELS; c++) {
          plane[i] += colour[c] * noisy[i * CHANNELS + c];
        }
      }
      shrink(plane, height, width, width);
      for (int i = 0; i < clean.length; i++) {
        clean[i] += (float) (colour[i % CHANNELS] * plane[i / CHANNELS]);
      }
    }
  }

  /// One level and, on its sums, the next.
  private void shrink(double[] plane, int height, int width, int pitch) {
    if (height % 2 != 0 || width % 2 != 0) {
      return;
    }
    int h = height / 2;
    int w = width / 2;
    for (int y = 0; y < height; y++) {
      split(plane, y * pitch, 1, w);
    }
    for (int x = 0; x < width; x++) {
      split(plane, x, pitch, h);
    }
    shrink(plane, h, w, pitch);
    threshold(plane, w, h, w, pitch);
    threshold(plane, h * pitch, h, w, pitch);
    threshold(plane, h * pitch + w, h, w, pitch);
    for (int x = 0; x < width; x++) {
      join(plane, x, pitch, h);
    }
    for (int y = 0; y < height; y++) {
      join(plane, y * pitch, 1, w);
    }
  }

  /// Sums of pairs to the front, differences behind them.
  private static void split(double[] plane, int at, int step, int half) {
    double[] line = new double[2 * half];
    for (int i = 0; i < half; i++) {
      double a = plane[at + 2 * i * step];
      double b = plane[at + (2 * i + 1) * step];
      line[i] = (a + b) * ROOT;
      line[half + i] = (a - b) * ROOT;
    }
    for (int i = 0; i < line.length; i++) {
      plane[at + i * step] = line[i];
    }
  }

  private static void join(double[] plane, int at, int step, int half) {
    double[] line = new double[2 * half];
    for (int i = 0; i < half; i++) {
      double sum = plane[at + i * step];
      double difference = plane[at + (half + i) * step];
      line[2 * i] = (sum + difference) * ROOT;
      line[2 * i + 1] = (sum - difference) * ROOT;
    }
    for (int i = 0; i < line.length; i++) {
      plane[at + i * step] = line[i];
    }
  }

  private void threshold(double[] plane, int at, int height, int width, int pitch) {
    double energy = 0;
    for (int i = 0; i < height * width; i++) {
      double d = plane[at + i / width * pitch + i % width];
      energy += d * d;
    }
    double signal = Math.sqrt(Math.max(energy / (height * width) - sigma * sigma, 0));
    double threshold = signal == 0 ? Double.POSITIVE_INFINITY : sigma * sigma / signal;
    for (int i = 0; i < height * width; i++) {
      int k = at + i / width * pitch + i % width;
      plane[k] = Math.copySign(Math.max(Math.abs(plane[k]) - threshold, 0), plane[k]);
    }
  }
}
