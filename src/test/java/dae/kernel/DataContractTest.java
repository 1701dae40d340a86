package dae.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Fast data kernels against the scalar ones: the same bits.
class DataContractTest {
  private static Guarded unwritten(Backend backend, Cases.Images c) {
    return new Guarded(backend, c.shape(), c.n() + 1, c.before(), c.after())
        .filled(Float.NaN, c.n() * c.shape().size());
  }

  @ParameterizedTest
  @MethodSource("dae.kernel.TestBackends#fast")
  void pixelsAndNoise(TestBackends kind) {
    try (Backend backend = kind.open();
        Backend scalar = TestBackends.scalar().open()) {
      for (Cases.Images c : Cases.IMAGES) {
        byte[] bytes = new byte[(c.n() + 1) * c.shape().size()];
        new Random(1).nextBytes(bytes);
        int[] images = new int[c.n() + 1];
        for (int i = 0; i < images.length; i++) {
          images[i] = 49_999 - 7 * i;
        }
        assertArrayEquals(
            noisy(scalar, c, bytes, images), noisy(backend, c, bytes, images), c.toString());
      }
    }
  }

  /// Clean and noisy values, one after the other.
  private static float[] noisy(Backend backend, Cases.Images c, byte[] bytes, int[] images) {
    int count = c.n() * c.shape().size();
    Guarded clean = unwritten(backend, c);
    Guarded noisy = unwritten(backend, c);
    backend.data().pixels(c.n(), bytes, clean.tensor());
    backend.data().noise(c.n(), clean.tensor(), 1L << 40 | 5, 3, images, 0.1f, noisy.tensor());
    float[] both = new float[2 * count];
    System.arraycopy(clean.read(count, c + " clean"), 0, both, 0, count);
    System.arraycopy(noisy.read(count, c + " noisy"), 0, both, count, count);
    return both;
  }

  @ParameterizedTest
  @MethodSource("dae.kernel.TestBackends#all")
  void constant(TestBackends kind) {
    try (Backend backend = kind.open()) {
      for (Cases.Images c : Cases.IMAGES) {
        for (float value : new float[] {0.1f, -0f, Float.POSITIVE_INFINITY}) {
          float[] expected = new float[c.n() * c.shape().size()];
          Arrays.fill(expected, value);
          Guarded y = unwritten(backend, c);
          backend.data().constant(c.n(), value, y.tensor());
          assertArrayEquals(expected, y.read(expected.length, c + " constant"), c + " " + value);
        }
      }
    }
  }
}
