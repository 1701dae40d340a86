package dae.random;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class NormalQuantileTest {
  private static final int HALF = 1 << 23;

  private static float at(int upper) {
    return NormalQuantile.of(upper << 8);
  }

  /// The slope of the quantile is 1 / density, and the density follows from the quantile alone, so
  /// that Simpson's sum over it, from the middle outwards, must arrive at each word's place again.
  @Test
  void isTheInverseOfTheDistributionFunction() {
    double z = 0;
    double area = 0;
    double worst = 0;
    for (int k = 0; k < HALF - 1; k++) {
      double next = at(HALF + k);
      area += (density(z) + 4 * density((z + next) / 2) + density(next)) / 6 * (next - z);
      z = next;
      // In the tail what counts is what is left.
      double left = 0.5 - (k + 0.5) * 0x1p-24;
      if (left > 1e-5) {
        worst = Math.max(worst, Math.abs(0.5 - area - left) / (left * Math.max(1, z * z)));
      }
    }
    assertTrue(worst < 1e-6, "off by " + worst);
  }

  private static double density(double z) {
    return Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI);
  }

  /// From tables of the normal distribution: probabilities 0.9, 0.975, 0.999, 0.9999.
  @Test
  void hasTheWellKnownValues() {
    double[][] known = {{0.9, 1.281552}, {0.975, 1.959964}, {0.999, 3.090232}, {0.9999, 3.719016}};
    for (double[] pair : known) {
      // A word stands for the middle of its piece of [0, 1).
      double place = pair[0] * 0x1p24 - 0.5;
      int word = (int) place;
      double between = at(word) + (place - word) * (at(word + 1) - at(word));
      assertEquals(pair[1], between, 1e-6 * pair[1] + 1e-6);
    }
  }

  @Test
  void isOddAndGrowsFromEndToEnd() {
    float before = 0;
    for (int k = 0; k < HALF; k++) {
      float z = at(HALF + k);
      assertTrue(z >= before, "falls at " + k);
      assertEquals(-z, at(HALF - 1 - k));
      before = z;
    }
    assertEquals(5.42, before, 0.01);
    assertEquals(before, NormalQuantile.of(-1), "only the upper 24 bits count");
  }
}
