package dae.random;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class NormalsTest {
  private static final int COUNT = 32 * 32 * 3;

  private static float[] normals(long seed, int epoch, int image, int count) {
    float[] out = new float[count];
    Normals.fill(seed, epoch, image, 0, count, out, 0);
    return out;
  }

  private static double ulps(float got, double expected) {
    return Math.abs(got - expected) / Math.ulp((float) expected);
  }

  @Test
  void logIsAccurateForEveryUniform() {
    double worst = 0;
    for (int k = 1; k < 1 << 24; k++) {
      float u = k * Normals.STEP;
      worst = Math.max(worst, ulps(Normals.log(u), Math.log(u)));
    }
    assertEquals(0f, Normals.log(1f));
    assertTrue(worst < 1, "log is off by " + worst + " ulp");
  }

  @Test
  void sineAndCosineAreAccurateForEveryAngle() {
    double worstSin = 0;
    double worstCos = 0;
    for (int turn = 0; turn < 1 << 24; turn++) {
      double angle = 2 * Math.PI * turn * 0x1p-24;
      // In double, angles near a multiple of π/2 have errors that a tiny result would magnify.
      double floor = 0x1p-40;
      double sin = Math.sin(angle);
      double cos = Math.cos(angle);
      float gotSin = Normals.sinTurn(turn);
      float gotCos = Normals.cosTurn(turn);
      worstSin = Math.max(worstSin, Math.abs(sin) < floor ? Math.abs(gotSin) : ulps(gotSin, sin));
      worstCos = Math.max(worstCos, Math.abs(cos) < floor ? Math.abs(gotCos) : ulps(gotCos, cos));
    }
    assertTrue(worstSin < 2, "sin is off by " + worstSin + " ulp");
    assertTrue(worstCos < 2, "cos is off by " + worstCos + " ulp");
  }

  @Test
  void followsTheDefinition() {
    long seed = 0x0123_4567_89AB_CDEFL;
    int epoch = 7;
    int image = 11;
    int count = 4 * 5 - 1;
    float[] out = normals(seed, epoch, image, count);
    for (int b = 0; b < 5; b++) {
      int[] w = new int[4];
      Philox.block(b, image, epoch, 1, 0x89AB_CDEF, 0x0123_4567, w);
      for (int pair = 0; pair < 2; pair++) {
        double u = ((w[2 * pair] >>> 8) + 1) / 16777216.0;
        double v = (w[2 * pair + 1] >>> 8) / 16777216.0;
        double radius = Math.sqrt(-2 * Math.log(u));
        assertEquals(radius * Math.cos(2 * Math.PI * v), out[b + 10 * pair], 2e-6);
        if (b + 10 * pair + 5 < count) {
          assertEquals(radius * Math.sin(2 * Math.PI * v), out[b + 10 * pair + 5], 2e-6);
        }
      }
    }
  }

  @Test
  void writesOnlyItsOwnPlaces() {
    for (int count = 0; count < 10; count++) {
      float[] out = new float[count + 6];
      Arrays.fill(out, Float.NaN);
      Normals.fill(1, 2, 3, 0, count, out, 3);
      for (int i = 0; i < out.length; i++) {
        assertEquals(i < 3 || i >= 3 + count, Float.isNaN(out[i]), "place " + i);
      }
    }
  }

  @Test
  void momentsAreThoseOfTheStandardNormal() {
    int images = 2000;
    double[] sums = new double[5];
    for (int image = 0; image < images; image++) {
      for (float z : normals(42, 0, image, COUNT)) {
        sums[1] += z;
        sums[2] += (double) z * z;
        sums[3] += (double) z * z * z;
        sums[4] += (double) z * z * z * z;
      }
    }
    double n = (double) images * COUNT;
    // Five standard errors each: the moments' variances are 1, 2, 15 and 96 over n.
    assertEquals(0, sums[1] / n, 5 * Math.sqrt(1 / n));
    assertEquals(1, sums[2] / n, 5 * Math.sqrt(2 / n));
    assertEquals(0, sums[3] / n, 5 * Math.sqrt(15 / n));
    assertEquals(3, sums[4] / n, 5 * Math.sqrt(96 / n));
  }

  @Test
  void everyKeyAndCounterWordMatters() {
    float[] base = normals(1, 0, 0, COUNT);
    float[] nextStep = new float[COUNT];
    Normals.fill(1, 0, 0, 1, COUNT, nextStep, 0);
    float[][] others = {
      nextStep,
      normals(2, 0, 0, COUNT),
      normals(1L << 32 | 1, 0, 0, COUNT),
      normals(1, 1, 0, COUNT),
      normals(1, 0, 1, COUNT)
    };
    for (float[] other : others) {
      double correlation = 0;
      for (int i = 0; i < COUNT; i++) {
        correlation += (double) base[i] * other[i] / COUNT;
      }
      assertEquals(0, correlation, 5 / Math.sqrt(COUNT));
    }
  }

  @Test
  void neighbouringPixelsAreIndependent() {
    double[] correlation = new double[4];
    int blocks = COUNT / 4;
    int[] lags = {1, 3, blocks, 2 * blocks};
    int images = 200;
    for (int image = 0; image < images; image++) {
      float[] z = normals(9, 3, image, COUNT);
      for (int k = 0; k < lags.length; k++) {
        for (int i = 0; i < COUNT; i++) {
          correlation[k] += (double) z[i] * z[(i + lags[k]) % COUNT];
        }
      }
    }
    double n = (double) images * COUNT;
    for (double sum : correlation) {
      // A lag of half the count meets each pair twice, hence √2.
      assertEquals(0, sum / n, 5 * Math.sqrt(2 / n));
    }
  }
}
