package dae.baseline;

import static dae.baseline.Border.CHANNELS;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// **Bilateral filter** (Tomasi & Manduchi, *Bilateral filtering for gray and color images*, ICCV
/// 1998): a blur in which pixels count less the more their colour differs, so that it stops at
/// edges.
///
/// *Formula.* `clean(p) = Σ_q w·noisy(q) / Σ_q w` with `w = exp(−|q − p|²/(2·space²)) ·
/// exp(−|noisy(q) − noisy(p)|²/(2·range²))`, the second distance over all three channels.
///
/// @param range of colours from 0 to 1
/// @param space in pixels; the window ends at twice as much
record BilateralFilter(double range, double space) implements Baseline {
  static List<Baseline> candidates() {
    List<Baseline> all = new ArrayList<>();
    for (double range : new double[] {0.1, 0.2, 0.25, 0.3, 0.35, 0.4, 0.6}) {
      for (double space : new double[] {0.9, 1.1, 1.3, 1.6, 2}) {
        all.add(new BilateralFilter(range, space));
      }
    }
    return all;
  }

  @Override
  public String word() {
    return String.format(Locale.ROOT, "bilateral, range %.2f, space %.1f", range, space);
  }

  @Override
  public void clean(float[] noisy, int height, int width, float[] clean) {
    int radius = (int) Math.ceil(2 * space);
    int side = 2 * radius + 1;
    int wide = width + 2 * radius;
    float[] padded = Border.mirrored(noisy, height, width, radius);
    double[] near = new double[side * side];
    for (int k = 0; k < near.length; k++) {
      int dy = k / side - radius;
      int dx = k % side - radius;
      near[k] = Math.exp(-(dy * dy + dx * dx) / (2 * space * space));
    }
    double[] sum = new double[CHANNELS];
    for (int p = 0; p < height * width; p++) {
      int corner = (p / width * wide + p % width) * CHANNELS;
      int centre = corner + (radius * wide + radius) * CHANNELS;
      double weights = 0;
      sum[0] = sum[1] = sum[2] = 0;
      for (int k = 0; k < near.length; k++) {
        int q = corner + (k / side * wide + k % side) * CHANNELS;
        double distance = 0;
        for (int c = 0; c < CHANNELS; c++) {
          double difference = padded[q + c] - padded[centre + c];
          distance += difference * difference;
        }
        double weight = near[k] * Math.exp(-distance / (2 * range * range));
        weights += weight;
        for (int c = 0; c < CHANNELS; c++) {
          sum[c] += weight * padded[q + c];
        }
      }
      for (int c = 0; c < CHANNELS; c++) {
        clean[p * CHANNELS + c] = (float) (sum[c] / weights);
      }
    }
  }
}
