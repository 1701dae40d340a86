package dae.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PoissonTest {
  private static final int WORDS = 1 << 24;

  /// By the formula, in double.
  private static double[] probabilities(double mean, int count) {
    double[] p = new double[count];
    double log = -mean;
    for (int k = 0; k < count; k++) {
      p[k] = Math.exp(log);
      log += Math.log(mean / (k + 1));
    }
    return p;
  }

  /// How often each count comes when every word comes once.
  private static double[] shares(float mean, int count) {
    double[] shares = new double[count];
    for (int upper = 0; upper < WORDS; upper++) {
      shares[(int) Poisson.count(mean, upper << 8)] += 1.0 / WORDS;
    }
    return shares;
  }

  /// Not a sample: all of the 2²⁴ different words. The bounds are those that [Poisson] states.
  @ParameterizedTest
  @ValueSource(
      floats = {0, 1e-6f, 0.05f, 0.7f, 3.3f, 9.999f, 10, 11.5f, 20, 100, 1000, 5000, 10_000})
  void isTheInverseOfTheDistributionFunction(float mean) {
    int count = (int) (mean + 8 * Math.sqrt(mean) + 30);
    double[] exact = probabilities(mean, count);
    double[] got = shares(mean, count);
    double difference = 0;
    double worst = 0;
    double average = 0;
    double variance = 0;
    for (int k = 0; k < count; k++) {
      difference += got[k] - exact[k];
      worst = Math.max(worst, Math.abs(difference));
      average += k * got[k];
      variance += (k - mean) * (k - mean) * got[k];
    }
    double expansion = mean < Poisson.LARGE ? 0 : Math.pow(Poisson.LARGE / mean, 2);
    assertEquals(0, worst, 5e-5 * expansion + 0x1p-24 * (Math.sqrt(mean) + 1), "distribution");
    // Rounding, and that 2²⁴ words reach no further than 5.4 standard deviations.
    assertEquals(mean, average, 3e-6 + 0x1p-22 * mean, "mean");
    assertEquals(mean, variance, 3e-5 + (3e-4 * expansion + 1e-6) * mean, "variance");
  }

  /// A brighter value gets at least as many photons from the same word, also where the method
  /// changes.
  @Test
  void growsWithTheMean() {
    for (int upper = 0; upper < WORDS; upper += 4099) {
      float before = 0;
      for (float mean = 0; mean < 40; mean += 0.37f) {
        float k = Poisson.count(mean, upper << 8);
        assertTrue(k >= before, "word " + upper + ": " + before + " to " + k + " at " + mean);
        before = k;
      }
    }
  }
}
