package dae.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dae.random.Key;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/// What the noises do to many images. Bounds are five standard errors.
class PixelNoiseTest {
  private static final int COUNT = 32 * 32 * 3;
  private static final int IMAGES = 300;

  private static float[] grey(float value) {
    float[] x = new float[COUNT];
    Arrays.fill(x, value);
    return x;
  }

  private static Key key(int image) {
    return Key.of(5, 1, image, 0);
  }

  @Test
  void photonsArePoissonDistributed() {
    double[] seen = new double[16];
    for (int image = 0; image < IMAGES; image++) {
      float[] x = grey(0.15f);
      PixelNoise.poisson(x, COUNT, key(image), 0, 20);
      for (float value : x) {
        seen[Math.min(15, Math.round(value * 20))]++;
      }
    }
    double n = (double) IMAGES * COUNT;
    double p = Math.exp(-3);
    double left = 1;
    double chiSquare = 0;
    for (int k = 0; k < 16; k++) {
      double expected = n * (k < 15 ? p : left);
      chiSquare += (seen[k] - expected) * (seen[k] - expected) / expected;
      left -= p;
      p *= 3.0 / (k + 1);
    }
    assertEquals(15, chiSquare, 5 * Math.sqrt(2 * 15));
  }

  @Test
  void photonsOfDifferentValuesAreIndependent() {
    int[] lags = {1, 3, COUNT / 4, COUNT / 2};
    double[] correlation = new double[lags.length];
    for (int image = 0; image < IMAGES; image++) {
      float[] x = grey(0.2f);
      PixelNoise.poisson(x, COUNT, key(image), 0, 500);
      for (int k = 0; k < lags.length; k++) {
        for (int i = 0; i < COUNT; i++) {
          correlation[k] += (x[i] - 0.2) * (x[(i + lags[k]) % COUNT] - 0.2) / (0.2 / 500);
        }
      }
    }
    double n = (double) IMAGES * COUNT;
    for (double sum : correlation) {
      // A lag of half the count meets each pair twice, hence √2.
      assertEquals(0, sum / n, 5 * Math.sqrt(2 / n));
    }
  }

  @Test
  void whiteIsCutOffAndBlackStays() {
    float[] x = grey(1);
    PixelNoise.poisson(x, COUNT, key(0), 0, 100);
    float[] black = grey(0);
    PixelNoise.poisson(black, COUNT, key(0), 0, 100);
    double mean = 0;
    for (float value : x) {
      assertTrue(value <= 1);
      mean += value / COUNT;
    }
    // Half a normal distribution of deviation 0.1 is cut off: its mean is 0.1 / √(2π) lower.
    assertEquals(1 - 0.1 / Math.sqrt(2 * Math.PI), mean, 5 * 0.06 / Math.sqrt(COUNT));
    assertEquals(0, black[17]);
    assertTrue(Arrays.equals(grey(0), black));
  }

  @Test
  void aShareOfThePixelsIsLostWithAllChannels() {
    int pixels = COUNT / 3;
    float share = 0.2f;
    double pepper = 0;
    double salt = 0;
    for (int image = 0; image < IMAGES; image++) {
      float[] x = grey(0.5f);
      PixelNoise.saltPepper(x, COUNT, 3, key(image), 0, share);
      for (int pixel = 0; pixel < pixels; pixel++) {
        float value = x[3 * pixel];
        assertTrue(value == 0 || value == 0.5f || value == 1, "got " + value);
        assertEquals(value, x[3 * pixel + 1]);
        assertEquals(value, x[3 * pixel + 2]);
        pepper += value == 0 ? 1 : 0;
        salt += value == 1 ? 1 : 0;
      }
    }
    double n = (double) IMAGES * pixels;
    assertEquals(0.1, pepper / n, 5 * Math.sqrt(0.1 * 0.9 / n));
    assertEquals(0.1, salt / n, 5 * Math.sqrt(0.1 * 0.9 / n));
  }

  @Test
  void noShareLeavesAndTheWholeTakesAll() {
    float[] x = grey(0.5f);
    PixelNoise.saltPepper(x, COUNT, 3, key(0), 0, 0);
    assertTrue(Arrays.equals(grey(0.5f), x));
    PixelNoise.saltPepper(x, COUNT, 3, key(0), 0, 1);
    for (float value : x) {
      assertTrue(value == 0 || value == 1, "got " + value);
    }
  }

  @Test
  void everyStepOfAChainDrawsItsOwn() {
    float[][] results = new float[3][];
    for (int step = 0; step < 3; step++) {
      results[step] = grey(0.5f);
      PixelNoise.poisson(results[step], COUNT, Key.of(5, 1, 0, step), 0, 1000);
    }
    double correlation = 0;
    for (int i = 0; i < COUNT; i++) {
      correlation += (results[0][i] - 0.5) * (results[1][i] - 0.5) / (0.0005 * COUNT);
    }
    assertEquals(0, correlation, 5 / Math.sqrt(COUNT));
    assertTrue(!Arrays.equals(results[1], results[2]));
  }
}
