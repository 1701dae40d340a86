package dae.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dae.tensor.Numbers;
import dae.tensor.Shape;
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
