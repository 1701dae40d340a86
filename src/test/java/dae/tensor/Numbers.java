package dae.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import java.util.function.ToDoubleFunction;

/// Test data, and what tests compare with.
public final class Numbers {
  private Numbers() {}

  /// Uniform in (−1, 1).
  public static float[] uniform(long seed, int count) {
    Random random = new Random(seed);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = 2 * random.nextFloat() - 1;
    }
    return values;
  }

  /// Whole numbers from −limit to limit: float sums of their products are exact below 2²⁴.
  public static float[] whole(long seed, int count, int limit) {
    Random random = new Random(seed);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = random.nextInt(2 * limit + 1) - limit;
    }
    return values;
  }

  public static double[] doubles(float[] values) {
    double[] wide = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      wide[i] = values[i];
    }
    return wide;
  }

  public static double dot(double[] a, double[] b) {
    assertEquals(a.length, b.length);
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  public static double norm(double[] a) {
    return Math.sqrt(dot(a, a));
  }

  /// Central differences of f.
  public static double[] slope(ToDoubleFunction<double[]> f, double[] at, double h) {
    double[] slope = new double[at.length];
    double[] moved = at.clone();
    for (int i = 0; i < at.length; i++) {
      moved[i] = at[i] + h;
      double above = f.applyAsDouble(moved);
      moved[i] = at[i] - h;
      slope[i] = (above - f.applyAsDouble(moved)) / (2 * h);
      moved[i] = at[i];
    }
    return slope;
  }

  /// ‖got − expected‖; NaN if anything is.
  public static double distance(double[] expected, float[] got) {
    double[] difference = doubles(got);
    assertEquals(expected.length, got.length);
    for (int i = 0; i < got.length; i++) {
      difference[i] -= expected[i];
    }
    return norm(difference);
  }

  /// Fails unless ‖got − expected‖ ≤ tolerance·‖expected‖.
  public static void assertClose(double[] expected, float[] got, double tolerance, String what) {
    double distance = distance(expected, got);
    double length = norm(expected);
    assertTrue(
        distance <= tolerance * length,
        () -> {
          int i = worst(expected, got);
          return "%s: off by %s, most at index %d: expected %s, got %s"
              .formatted(what, distance / length, i, expected[i], got[i]);
        });
  }

  private static int worst(double[] expected, float[] got) {
    int worst = 0;
    for (int i = 0; i < got.length; i++) {
      double off = Math.abs(got[i] - expected[i]);
      worst = off > Math.abs(got[worst] - expected[worst]) || Double.isNaN(off) ? i : worst;
    }
    return worst;
  }

  public static void assertClose(float[] expected, float[] got, double tolerance, String what) {
    assertClose(doubles(expected), got, tolerance, what);
  }
}
