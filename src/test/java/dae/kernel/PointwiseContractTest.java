package dae.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dae.tensor.Numbers;
import dae.tensor.Shape;
import dae.tensor.Tensor;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Fast pointwise kernels against the scalar ones. What is one formula from number to number gives
/// the same bits; only sums and Adam's last steps may differ by their rounding.
class PointwiseContractTest {
  private static final double U = 0x1p-24;

  /// A kernel with up to two images as arguments and one as result.
  private interface Kernel {
    void run(PointwiseKernels kernels, int n, Tensor a, Tensor b, Tensor to, Write write);
  }

  private static float[] apply(
      Backend backend, Cases.Images c, float[] a, float[] b, Write write, Kernel kernel) {
    Guarded first = guarded(backend, c).with(a);
    Guarded second = guarded(backend, c).with(b);
    Guarded to = guarded(backend, c);
    if (write == Write.ADD) {
      to.with(Numbers.uniform(99, a.length));
    } else {
      to.filled(Float.NaN, a.length);
    }
    kernel.run(backend.pointwise(), c.n(), first.tensor(), second.tensor(), to.tensor(), write);
    first.read(0, c + " first");
    second.read(0, c + " second");
    return to.read(a.length, c.toString());
  }

  private static Guarded guarded(Backend backend, Cases.Images c) {
    return new Guarded(backend, c.shape(), c.n() + 1, c.before(), c.after());
  }

  private static void sameBits(TestBackends kind, float spread, Write[] writes, Kernel kernel) {
    try (Backend backend = kind.open();
        Backend scalar = TestBackends.scalar().open()) {
      for (Cases.Images c : Cases.IMAGES) {
        int count = c.n() * c.shape().size();
        float[] a = Numbers.uniform(1, count);
        float[] b = Numbers.uniform(2, count);
        for (int i = 0; i < count; i++) {
          a[i] *= spread;
        }
        // What must not be lost, at both ends and in between.
        a[0] = Float.NaN;
        a[count - 1] = Float.NaN;
        a[count / 2] = Float.POSITIVE_INFINITY;
        a[count / 3] = -0f;
        b[count / 4] = Float.NaN;
        for (Write write : writes) {
          assertArrayEquals(
              apply(scalar, c, a, b, write, kernel),
              apply(backend, c, a, b, write, kernel),
              c + " " + write);
        }
      }
    }
  }

  private static final Write[] SET = {Write.SET};

  @ParameterizedTest
  @MethodSource("dae.kernel.TestBackends#fast")
  void relu(TestBackends kind) {
    sameBits(kind, 1, SET, (k, n, a, b, to, write) -> k.relu(n, a, to));
    sameBits(kind, 1, Write.values(), (k, n, a, b, to, w) -> k.reluBackward(n, a, b, to, w));
  }

  @ParameterizedTest
  @MethodSource("dae.kernel.TestBackends#fast")
  void sigmoid(TestBackends kind) {
    sameBits(kind, 10, SET, (k, n, a, b, to, write) -> k.sigmoid(n, a, to));
    sameBits(kind, 200, SET, (k, n, a, b, to, write) -> k.sigmoid(n, a, to));
    sameBits(kind, 1, Write.values(), (k, n, a, b, to, w) -> k.sigmoidBackward(n, a, b, to, w));
  }

  @ParameterizedTest
  @MethodSource("dae.kernel.TestBackends#fast")
  void copy(TestBackends kind) {
    sameBits(kind, 1, Write.values(), (k, n, a, b, to, w) -> k.copy(n, a, to, w));
  }

  @ParameterizedTest
  @MethodSource("dae.kernel.TestBackends#fast")
  void meanSquaredErrorBackward(TestBackends kind) {
    sameBits(
        kind, 1, Write.values(), (k, n, a, b, to, w) -> k.meanSquaredErrorBackward(n, a, b, to, w));
  }

  @ParameterizedTest
  @MethodSource("dae.kernel.TestBackends#fast")
  void backwardInPlace(TestBackends kind) {
    try (Backend backend = kind.open()) {
      for (Cases.Images c : Cases.IMAGES) {
        float[] y = Numbers.uniform(1, c.n() * c.shape().size());
        float[] dy = Numbers.uniform(2, y.length);
        Guarded out = guarded(backend, c).with(y);
        Guarded relu = guarded(backend, c).with(dy);
        backend
            .pointwise()
            .reluBackward(c.n(), out.tensor(), relu.tensor(), relu.tensor(), Write.SET);
        Guarded sigmoid = guarded(backend, c).with(dy);
        backend
            .pointwise()
            .sigmoidBackward(c.n(), out.tensor(), sigmoid.tensor(), sigmoid.tensor(), Write.SET);
        assertArrayEquals(
            apply(
                backend,
                c,
                y,
                dy,
                Write.SET,
                (k, n, a, b, to, w) -> k.reluBackward(n, a, b, to, w)),
            relu.read(y.length, c + " relu"));
        assertArrayEquals(
            apply(
                backend,
                c,
                y,
                dy,
                Write.SET,
                (k, n, a, b, to, w) -> k.sigmoidBackward(n, a, b, to, w)),
            sigmoid.read(y.length, c + " sigmoid"));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("dae.kernel.TestBackends#fast")
  void meanSquaredError(TestBackends kind) {
    try (Backend backend = kind.open();
        Backend scalar = TestBackends.scalar().open()) {
      for (Cases.Images c : Cases.IMAGES) {
        int count = c.n() * c.shape().size();
        float[] p = Numbers.uniform(1, count);
        float[] t = Numbers.uniform(2, count);
        float expected = loss(scalar, c, p, t);
        double bound = (count + 4) * U * expected;
        assertEquals(expected, loss(backend, c, p, t), bound, c.toString());
        float[] whole = Numbers.whole(3, count, 8);
        float exact = loss(scalar, c, whole, new float[count]);
        assertEquals(exact, loss(backend, c, whole, new float[count]), c + " exact");
        p[count - 1] = Float.NaN;
        assertTrue(Float.isNaN(loss(backend, c, p, t)), c + " NaN");
      }
    }
  }

  private static float loss(Backend backend, Cases.Images c, float[] p, float[] t) {
    Guarded loss = new Guarded(backend, Shape.scalar());
    backend
        .pointwise()
        .meanSquaredError(
            c.n(),
            guarded(backend, c).with(p).tensor(),
            guarded(backend, c).with(t).tensor(),
            loss.tensor());
    return loss.read(1, c + " loss")[0];
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

  /// Clean and noisy numbers, one after the other.
  private static float[] noisy(Backend backend, Cases.Images c, byte[] bytes, int[] images) {
    int count = c.n() * c.shape().size();
    Guarded clean = guarded(backend, c).filled(Float.NaN, count);
    Guarded noisy = guarded(backend, c).filled(Float.NaN, count);
    backend.pointwise().pixels(c.n(), bytes, clean.tensor());
    backend.pointwise().noise(c.n(), clean.tensor(), 1L << 40 | 5, 3, images, 0.1f, noisy.tensor());
    float[] both = new float[2 * count];
    System.arraycopy(clean.read(count, c + " clean"), 0, both, 0, count);
    System.arraycopy(noisy.read(count, c + " noisy"), 0, both, count, count);
    return both;
  }

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
        backend.pointwise().average(average.tensor(), value.tensor(), 0.9f);
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
        .pointwise()
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
            float[] numbers = Numbers.uniform(1, length);
            if (bad >= 0) {
              numbers[bad] = what;
            }
            Guarded gradient = new Guarded(backend, Shape.vector(length)).with(numbers);
            Guarded loss = new Guarded(backend, Shape.scalar()).with(new float[] {0.5f});
            backend.pointwise().guard(gradient.tensor(), loss.tensor());
            assertEquals(bad < 0 ? 0.5f : Float.NaN, loss.read(1, "loss")[0], length + " " + bad);
          }
        }
      }
    }
  }
}
