package dae.baseline;

import static dae.baseline.Border.CHANNELS;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/// **Gaussian blur**: every pixel becomes a mean of those around it, the near ones counting most.
/// Noise, which is new in every pixel, averages out; so do edges.
///
/// *Formula.* `clean(p) = Σ_q g(q − p)·noisy(q)` with `g(d) ∝ exp(−|d|²/(2σ²))`, cut off at 3σ, of
/// sum 1: a product of a row and a column, applied one after the other.
///
/// @param sigma in pixels
record GaussianBlur(double sigma) implements Baseline {
  static List<Baseline> candidates() {
    return Stream.of(0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.2)
        .<Baseline>map(GaussianBlur::new)
        .toList();
  }

  @Override
  public String word() {
    return String.format(Locale.ROOT, "Gaussian blur, σ %.1f", sigma);
  }

  @Override
  public void clean(float[] noisy, int height, int width, float[] clean) {
    int radius = (int) Math.ceil(3 * sigma);
    double[] weights = new double[2 * radius + 1];
    double sum = 0;
    for (int i = -radius; i <= radius; i++) {
      weights[i + radius] = Math.exp(-i * i / (2 * sigma * sigma));
      sum += weights[i + radius];
    }
    int wide = width + 2 * radius;
    int high = height + 2 * radius;
    float[] padded = Border.mirrored(noisy, height, width, radius);
    double[] rows = new double[high * width * CHANNELS];
    for (int y = 0; y < high; y++) {
      for (int x = 0; x < width * CHANNELS; x++) {
        double value = 0;
        for (int k = 0; k < weights.length; k++) {
          value += weights[k] * padded[y * wide * CHANNELS + x + k * CHANNELS];
        }
        rows[y * width * CHANNELS + x] = value / sum;
      }
    }
    for (int i = 0; i < height * width * CHANNELS; i++) {
      double value = 0;
      for (int k = 0; k < weights.length; k++) {
        value += weights[k] * rows[i + k * width * CHANNELS];
      }
      clean[i] = (float) (value / sum);
    }
  }
}
