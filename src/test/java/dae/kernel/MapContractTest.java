package dae.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dae.tensor.Numbers;
import dae.tensor.Shape;
import dae.tensor.Tensor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Fast maps against the scalar ones. What is one formula, element by element, gives the same bits;
/// only the loss, a sum, may differ by its rounding.
class MapContractTest {
  private static final double U = 0x1p-24;

  /// A kernel with up to two images as arguments and one as result.
  private interface Kernel {
    void run(MapKernels kernels, int n, Tensor a, Tensor b, Tensor to, Write write);
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
    kernel.run(backend.map(), c.n(), first.tensor(), second.tensor(), to.tensor(), write);
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
        a[count / 5] = Float.NEGATIVE_INFINITY;
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
  void leakyRelu(TestBackends kind) {
    sameBits(kind, 1, SET, (k, n, a, b, to, write) -> k.leakyRelu(n, a, to));
    sameBits(kind, 1, Write.values(), (k, n, a, b, to, w) -> k.leakyReluBackward(n, a, b, to, w));
  }

  @ParameterizedTest
  @MethodSource("dae.kernel.TestBackends#fast")
  void add(TestBackends kind) {
    sameBits(kind, 1, SET, (k, n, a, b, to, write) -> k.add(n, a, b, to));
    sameBits(kind, 1, SET, (k, n, a, b, to, write) -> k.add(n, a, a, to));
  }

  @ParameterizedTest
  @MethodSource("dae.kernel.TestBackends#fast")
  void clip(TestBackends kind) {
    sameBits(kind, 3, SET, (k, n, a, b, to, write) -> k.clip(n, a, to));
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
  void crossEntropyBackward(TestBackends kind) {
    sameBits(
        kind, 10, Write.values(), (k, n, a, b, to, w) -> k.crossEntropyBackward(n, a, b, to, w));
  }

  /// y over x, a sum over its first summand, and dx over dy.
  @ParameterizedTest
  @MethodSource("dae.kernel.TestBackends#all")
  void inPlace(TestBackends kind) {
    try (Backend backend = kind.open()) {
      for (Cases.Images c : Cases.IMAGES) {
        inPlace(backend, c, (k, n, unused, x, y, w) -> k.relu(n, x, y));
        inPlace(backend, c, (k, n, unused, x, y, w) -> k.leakyRelu(n, x, y));
        inPlace(backend, c, (k, n, unused, x, y, w) -> k.clip(n, x, y));
        inPlace(backend, c, (k, n, b, a, y, w) -> k.add(n, a, b, y));
        inPlace(backend, c, (k, n, unused, x, y, w) -> k.sigmoid(n, x, y));
        inPlace(backend, c, (k, n, y, dy, dx, w) -> k.reluBackward(n, y, dy, dx, w));
        inPlace(backend, c, (k, n, y, dy, dx, w) -> k.leakyReluBackward(n, y, dy, dx, w));
        inPlace(backend, c, (k, n, y, dy, dx, w) -> k.sigmoidBackward(n, y, dy, dx, w));
      }
    }
  }

  /// The result takes the place of the second image, and is the same as elsewhere.
  private static void inPlace(Backend backend, Cases.Images c, Kernel kernel) {
    float[] a = Numbers.uniform(1, c.n() * c.shape().size());
    float[] b = Numbers.uniform(2, a.length);
    Guarded first = guarded(backend, c).with(a);
    Guarded both = guarded(backend, c).with(b);
    kernel.run(backend.map(), c.n(), first.tensor(), both.tensor(), both.tensor(), Write.SET);
    first.read(0, c + " first");
    assertArrayEquals(
        apply(backend, c, a, b, Write.SET, kernel), both.read(a.length, c + " in place"));
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

  @ParameterizedTest
  @MethodSource("dae.kernel.TestBackends#fast")
  void crossEntropy(TestBackends kind) {
    try (Backend backend = kind.open();
        Backend scalar = TestBackends.scalar().open()) {
      for (Cases.Images c : Cases.IMAGES) {
        int count = c.n() * c.shape().size();
        float[] z = Numbers.uniform(1, count);
        float[] t = Numbers.uniform(2, count);
        for (int i = 0; i < count; i++) {
          z[i] *= 20;
          t[i] = Math.abs(t[i]);
        }
        for (Write write : Write.values()) {
          float expected = entropy(scalar, c, z, t, write);
          double bound = (count + 20) * U * Math.abs(expected);
          assertEquals(expected, entropy(backend, c, z, t, write), bound, c + " " + write);
        }
        z[count / 2] = Float.NaN;
        assertTrue(Float.isNaN(entropy(backend, c, z, t, Write.SET)), c + " NaN");
      }
    }
  }

  private static float entropy(Backend backend, Cases.Images c, float[] z, float[] t, Write write) {
    Guarded logits = guarded(backend, c).with(z);
    Guarded target = guarded(backend, c).with(t);
    Guarded loss = new Guarded(backend, Shape.scalar());
    loss.filled(write == Write.SET ? Float.NaN : 0.25f, 1);
    backend.map().crossEntropy(c.n(), logits.tensor(), target.tensor(), loss.tensor(), write);
    logits.read(0, c + " logits");
    target.read(0, c + " target");
    return loss.read(1, c + " loss")[0];
  }

  private static float loss(Backend backend, Cases.Images c, float[] p, float[] t) {
    Guarded loss = new Guarded(backend, Shape.scalar());
    backend
        .map()
        .meanSquaredError(
            c.n(),
            guarded(backend, c).with(p).tensor(),
            guarded(backend, c).with(t).tensor(),
            loss.tensor());
    return loss.read(1, c + " loss")[0];
  }
}
