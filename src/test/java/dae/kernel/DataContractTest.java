package dae.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dae.random.Key;
import dae.tensor.Tensor;
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
  void pixels(TestBackends kind) {
    same(
        kind,
        (backend, c, clean, noisy) -> {
          byte[] bytes = new byte[c.n() * c.shape().size()];
          new Random(1).nextBytes(bytes);
          backend.data().pixels(c.n(), bytes, noisy);
        });
  }

  @ParameterizedTest
  @MethodSource("dae.kernel.TestBackends#fast")
  void gaussian(TestBackends kind) {
    float[] sigma = {0.1f, 0, 0.3f, 1, 0.01f, 0.2f, 0.5f};
    same(
        kind,
        (backend, c, clean, noisy) ->
            backend.data().gaussian(c.n(), clean, key(c, 0), sigma, noisy));
  }

  /// Means that are all small; small and large ones side by side; nearly all large.
  @ParameterizedTest
  @MethodSource("dae.kernel.TestBackends#fast")
  void poisson(TestBackends kind) {
    for (float peak : new float[] {7.5f, 20, 10_000}) {
      same(
          kind,
          (backend, c, clean, noisy) ->
              backend.data().poisson(c.n(), clean, key(c, 2), peak, noisy));
    }
  }

  @ParameterizedTest
  @MethodSource("dae.kernel.TestBackends#fast")
  void saltPepper(TestBackends kind) {
    for (float share : new float[] {0, 0.3f, 1}) {
      same(
          kind,
          (backend, c, clean, noisy) ->
              backend.data().saltPepper(c.n(), clean, key(c, 1), share, noisy));
    }
  }

  private static Key key(Cases.Images c, int step) {
    int[] images = new int[c.n() + 1];
    for (int i = 0; i < images.length; i++) {
      images[i] = 49_999 - 7 * i;
    }
    return new Key(1L << 40 | 5, 3, images, step);
  }

  private interface Call {
    void on(Backend backend, Cases.Images c, Tensor clean, Tensor noisy);
  }

  /// Calls a kernel on all images, of which some values are 0 and 1.
  private static void same(TestBackends kind, Call call) {
    try (Backend backend = kind.open();
        Backend scalar = TestBackends.scalar().open()) {
      for (Cases.Images c : Cases.IMAGES) {
        assertArrayEquals(result(scalar, c, call), result(backend, c, call), c.toString());
      }
    }
  }

  private static float[] result(Backend backend, Cases.Images c, Call call) {
    int count = c.n() * c.shape().size();
    Random random = new Random(2);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = Math.clamp(1.2f * random.nextFloat() - 0.1f, 0f, 1f);
    }
    Guarded clean = unwritten(backend, c).with(values);
    Guarded noisy = unwritten(backend, c);
    call.on(backend, c, clean.tensor(), noisy.tensor());
    assertArrayEquals(values, clean.read(count, c + " clean"));
    return noisy.read(count, c + " noisy");
  }

  @ParameterizedTest
  @MethodSource("dae.kernel.TestBackends#all")
  void levels(TestBackends kind) {
    float[] level = {0.1f, 0, 0.3f, 1, 0.01f, 0.2f, 0.5f};
    try (Backend backend = kind.open()) {
      for (Cases.Images c : Cases.IMAGES) {
        float[] expected = new float[c.n() * c.shape().size()];
        for (int i = 0; i < expected.length; i++) {
          expected[i] = level[i / c.shape().size()];
        }
        Guarded y = unwritten(backend, c);
        backend.data().levels(c.n(), level, y.tensor());
        assertArrayEquals(expected, y.read(expected.length, c + " levels"), c.toString());
      }
    }
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
