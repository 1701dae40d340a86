package dae.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dae.tensor.Numbers;
import dae.tensor.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Fast optimiser kernels against the scalar ones, Adam within the rounding of its last steps.
class OptimiserContractTest {
  private static final double U = 0x1p-24;

  @ParameterizedTest
  @MethodSource("dae.kernel.TestBackends#fast")
  void adam(TestBackends kind) {
    try (Backend backend = kind.open();
        Backend scalar = TestBackends.scalar().open()) {
      for (int length : new int[] {1, 7, 16, 100, 1027, 40_001}) {
        float[] expected = adam(scalar, length, 0.5f);
        float[] got = adam(backend, length, 0.5f);
        for (int i = 0; i < got.length; i++) {
          assertEquals(expected[i], got[i], 8 * U, length + " at " + i);
        }
        float[] untouched = adam(scalar, length, Float.NaN);
        assertArrayEquals(untouched, adam(backend, length, Float.NaN));
        assertArrayEquals(untouched, adam(backend, length, Float.NEGATIVE_INFINITY));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("dae.kernel.TestBackends#all")
  void average(TestBackends kind) {
    try (Backend backend = kind.open()) {
      for (int length : new int[] {1, 7, 16, 100, 1027, 40_001}) {
        float[] before = Numbers.uniform(1, length);
        float[] fresh = Numbers.uniform(2, length);
        Guarded average = new Guarded(backend, Shape.vector(length)).with(before);
        Guarded value = new Guarded(backend, Shape.vector(length)).with(fresh);
        backend.optimiser().average(average.tensor(), value.tensor(), 0.9f);
        value.read(length, "value");
        float[] got = average.read(length, "average");
        for (int i = 0; i < length; i++) {
          assertEquals((before[i] - fresh[i]) * 0.9f + fresh[i], got[i], length + " at " + i);
        }
      }
    }
  }

  /// Longer than what all work-groups together take at once, on a device.
  private static final int LONG = 70_001;

  /// Squares of small whole numbers have an exact sum: only root, quotient and product round.
  @ParameterizedTest
  @MethodSource("dae.kernel.TestBackends#all")
  void clip(TestBackends kind) {
    try (Backend backend = kind.open()) {
      for (int length : new int[] {1, 7, 16, 100, 1027, 40_001, LONG}) {
        float[] gradient = Numbers.whole(1, length, 8);
        gradient[0] = 8;
        double norm = Numbers.norm(Numbers.doubles(gradient));
        for (double share : new double[] {0.001, 0.3, 0.999}) {
          float[] got = clipped(backend, gradient, (float) (share * norm));
          for (int i = 0; i < length; i++) {
            double expected = share * gradient[i];
            assertEquals(expected, got[i], 8 * U * Math.abs(expected), length + " at " + i);
          }
        }
        for (double share : new double[] {1.001, 1e6}) {
          assertArrayEquals(gradient, clipped(backend, gradient, (float) (share * norm)));
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("dae.kernel.TestBackends#all")
  void clipOfTheGreatestNormThatIsAllowed(TestBackends kind) {
    try (Backend backend = kind.open()) {
      float[] gradient = {3, -4};
      assertArrayEquals(gradient, clipped(backend, gradient, 5));
      assertArrayEquals(new float[] {1.5f, -2}, clipped(backend, gradient, 2.5f));
      assertArrayEquals(new float[2], clipped(backend, new float[2], 1));
    }
  }

  /// The guard has marked the loss by then.
  @ParameterizedTest
  @MethodSource("dae.kernel.TestBackends#all")
  void clipLeavesNaNAsItIs(TestBackends kind) {
    try (Backend backend = kind.open()) {
      for (int length : new int[] {1, 17, LONG}) {
        float[] gradient = Numbers.uniform(1, length);
        gradient[length / 2] = Float.NaN;
        assertArrayEquals(gradient, clipped(backend, gradient, 1e-3f));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("dae.kernel.TestBackends#fast")
  void clipIsWithinTheRoundingOfASum(TestBackends kind) {
    try (Backend backend = kind.open();
        Backend scalar = TestBackends.scalar().open()) {
      for (int length : new int[] {1, 7, 16, 100, 1027, 40_001, LONG}) {
        // Far from 1, where the squares still have room.
        for (float size : new float[] {1e-15f, 1, 1e15f}) {
          float[] gradient = Numbers.uniform(1, length);
          for (int i = 0; i < length; i++) {
            gradient[i] *= size;
          }
          float[] expected = clipped(scalar, gradient, size / 10);
          float[] got = clipped(backend, gradient, size / 10);
          // A rounding of the norm is the same for all; sums in parts of at most 16,384.
          double bound = (Math.min(length, 16_384) / 2.0 + 8) * U;
          for (int i = 0; i < length; i++) {
            assertEquals(expected[i], got[i], bound * Math.abs(expected[i]), length + " at " + i);
          }
        }
      }
    }
  }

  @Test
  void clipHasTheSameBitsOnAnyNumberOfThreads() {
    float[] gradient = Numbers.uniform(1, 100_003);
    try (Backend one = TestBackends.simd(1).open()) {
      float[] expected = clipped(one, gradient, 1.7f);
      for (int threads : new int[] {2, 3}) {
        try (Backend backend = TestBackends.simd(threads).open()) {
          assertArrayEquals(expected, clipped(backend, gradient, 1.7f), threads + " threads");
        }
      }
    }
  }

  private static float[] clipped(Backend backend, float[] gradient, float most) {
    Guarded g = new Guarded(backend, Shape.vector(gradient.length)).with(gradient);
    backend.optimiser().clip(g.tensor(), most);
    return g.read(gradient.length, "gradient");
  }

  /// w, m and v after one step.
  private static float[] adam(Backend backend, int length, float loss) {
    Shape shape = Shape.vector(length);
    Guarded w = new Guarded(backend, shape).with(Numbers.uniform(1, length));
    Guarded g = new Guarded(backend, shape).with(Numbers.uniform(2, length));
    Guarded m = new Guarded(backend, shape).with(Numbers.uniform(3, length));
    float[] squares = Numbers.uniform(4, length);
    for (int i = 0; i < length; i++) {
      squares[i] *= squares[i];
    }
    Guarded v = new Guarded(backend, shape).with(squares);
    Guarded scalar = new Guarded(backend, Shape.scalar()).with(new float[] {loss});
    backend
        .optimiser()
        .adam(
            w.tensor(),
            g.tensor(),
            m.tensor(),
            v.tensor(),
            1e-3f,
            0.9f,
            0.999f,
            1e-7f,
            scalar.tensor());
    g.read(0, "gradient");
    float[] all = new float[3 * length];
    System.arraycopy(w.read(length, "w"), 0, all, 0, length);
    System.arraycopy(m.read(length, "m"), 0, all, length, length);
    System.arraycopy(v.read(length, "v"), 0, all, 2 * length, length);
    return all;
  }

  @ParameterizedTest
  @MethodSource("dae.kernel.TestBackends#fast")
  void guard(TestBackends kind) {
    try (Backend backend = kind.open()) {
      for (int length : new int[] {1, 15, 16, 17, 100, 40_001}) {
        for (int bad : new int[] {-1, 0, length / 2, length - 1}) {
          for (float what : new float[] {Float.NaN, Float.NEGATIVE_INFINITY}) {
            float[] values = Numbers.uniform(1, length);
            if (bad >= 0) {
              values[bad] = what;
            }
            Guarded gradient = new Guarded(backend, Shape.vector(length)).with(values);
            Guarded loss = new Guarded(backend, Shape.scalar()).with(new float[] {0.5f});
            backend.optimiser().guard(gradient.tensor(), loss.tensor());
            assertEquals(bad < 0 ? 0.5f : Float.NaN, loss.read(1, "loss")[0], length + " " + bad);
          }
        }
      }
    }
  }
}
