package dae.baseline;

import static dae.baseline.Border.CHANNELS;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/// **Non-local means** (Buades, Coll & Morel, *A non-local algorithm for image denoising*, CVPR
/// 2005): every pixel becomes a mean of pixels whose surroundings look like its own, wherever they
/// are in a window.
///
/// *Formula.* `clean(p) = Σ_q w·noisy(q) / Σ_q w` with `w = exp(−d(p, q)/h²)` over |q − p| ≤ 4 in
/// each direction, where d is the mean squared difference of the 3×3 pixels around p and q.
///
/// The differences for one displacement q − p are an image, and d its blur: so displacements are
/// the outer loop.
///
/// @param h how unlike surroundings may be
record NonLocalMeans(double h) implements Baseline {
  private static final int DISTANCE = 4;
  private static final int PATCH = 3;
  private static final int BORDER = DISTANCE + PATCH / 2;

  static List<Baseline> candidates() {
    return Stream.of(0.03, 0.04, 0.05, 0.06, 0.07, 0.08, 0.1, 0.12, 0.15)
        .<Baseline>map(NonLocalMeans::new)
        .toList();
  }

  @Override
  public String word() {
    return String.format(Locale.ROOT, "non-local means, h %.2f", h);
  }

  @Override
  public void clean(float[] noisy, int height, int width, float[] clean) {
    int wide = width + 2 * BORDER;
    float[] padded = Border.mirrored(noisy, height, width, BORDER);
    double[] weights = new double[height * width];
    double[] sums = new double[height * width * CHANNELS];
    double[] differences = new double[(height + PATCH - 1) * (width + PATCH - 1)];
    for (int dy = -DISTANCE; dy <= DISTANCE; dy++) {
      for (int dx = -DISTANCE; dx <= DISTANCE; dx++) {
        int shift = (dy * wide + dx) * CHANNELS;
        difference(padded, width, wide, shift, differences);
        for (int p = 0; p < height * width; p++) {
          int at = ((p / width + BORDER) * wide + p % width + BORDER) * CHANNELS + shift;
          double weight = Math.exp(-around(differences, p / width, p % width, width) / (h * h));
          weights[p] += weight;
          for (int c = 0; c < CHANNELS; c++) {
            sums[p * CHANNELS + c] += weight * padded[at + c];
          }
        }
      }
    }
    for (int i = 0; i < sums.length; i++) {
      clean[i] = (float) (sums[i] / weights[i / CHANNELS]);
    }
  }

  /// The squared difference of each pixel to another, all at the same displacement, for the pixels
  /// of the image and a ring around it.
  private static void difference(
      float[] padded, int width, int wide, int shift, double[] differences) {
    int columns = width + PATCH - 1;
    for (int i = 0; i < differences.length; i++) {
      int y = i / columns + DISTANCE;
      int at = (y * wide + i % columns + DISTANCE) * CHANNELS;
      double sum = 0;
      for (int c = 0; c < CHANNELS; c++) {
        double difference = padded[at + c] - padded[at + shift + c];
        sum += difference * difference;
      }
      differences[i] = sum / CHANNELS;
    }
  }

  private static double around(double[] differences, int y, int x, int width) {
    int columns = width + PATCH - 1;
    double sum = 0;
    for (int k = 0; k < PATCH * PATCH; k++) {
      sum += differences[(y + k / PATCH) * columns + x + k % PATCH];
    }
    return sum / (PATCH * PATCH);
  }
}
