package dae.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dae.tensor.Numbers;
import dae.tensor.Shape;
import dae.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Pixels and their single values, fast kernels against the scalar ones: maps to the bit, sums
/// within their rounding.
class PixelContractTest {
  private static final double U = 0x1p-24;
  private static final float EPSILON = 1e-5f;

  /// Two images and the values of their pixels, whose pitches differ.
  private record Data(Guarded a, Guarded b, Guarded m) {
    static Data of(Backend backend, Cases.Images c, float[] a, float[] b) {
      float[] m = Numbers.uniform(3, c.n() * c.shape().pixels());
      return new Data(
          images(backend, c).with(a), images(backend, c).with(b), values(backend, c).with(m));
    }

    void unchanged(String what) {
      a.read(0, what + " first");
      b.read(0, what + " second");
      m.read(0, what + " values");
    }
  }

  private interface Kernel {
    void run(PixelKernels kernels, int n, Tensor a, Tensor b, Tensor m, Tensor to, Write write);
  }

  private static Guarded images(Backend backend, Cases.Images c) {
    return new Guarded(backend, c.shape(), c.n() + 1, c.before(), c.after());
  }

  private static Guarded values(Backend backend, Cases.Images c) {
    Shape map = Shape.image(c.shape().h(), c.shape().w(), 1);
    return new Guarded(backend, map, c.n() + 1, c.after(), c.before());
  }

  private static float[] apply(
      Backend backend, Cases.Images c, Data data, Guarded to, int count, Write write, Kernel f) {
    if (write == Write.ADD) {
      to.with(Numbers.uniform(99, count));
    } else {
      to.filled(Float.NaN, count);
    }
    f.run(
        backend.pixel(),
        c.n(),
        data.a.tensor(),
        data.b.tensor(),
        data.m.tensor(),
        to.tensor(),
        write);
    data.unchanged(c.toString());
    return to.read(count, c.toString());
  }

  private static void sameBits(TestBackends kind, Write[] writes, Kernel kernel) {
    try (Backend backend = kind.open();
        Backend scalar = TestBackends.scalar().open()) {
      for (Cases.Images c : Cases.IMAGES) {
        int count = c.n() * c.shape().size();
        float[] a = Numbers.uniform(1, count);
        float[] b = Numbers.uniform(2, count);
        a[0] = Float.NaN;
        a[count - 1] = b[count - 1];
        a[count / 2] = Float.POSITIVE_INFINITY;
        b[count / 3] = Float.NEGATIVE_INFINITY;
        for (Write write : writes) {
          assertArrayEquals(
              apply(scalar, c, Data.of(scalar, c, a, b), images(scalar, c), count, write, kernel),
              apply(
                  backend, c, Data.of(backend, c, a, b), images(backend, c), count, write, kernel),
              c + " " + write);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("dae.kernel.TestBackends#fast")
  void blend(TestBackends kind) {
    sameBits(kind, new Write[] {Write.SET}, (k, n, a, b, m, to, w) -> k.blend(n, a, m, b, to));
  }

  @ParameterizedTest
  @MethodSource("dae.kernel.TestBackends#fast")
  void scale(TestBackends kind) {
    sameBits(kind, Write.values(), (k, n, a, b, m, to, w) -> k.scale(n, m, a, to, w));
  }

  @ParameterizedTest
  @MethodSource("dae.kernel.TestBackends#fast")
  void absoluteErrorBackward(TestBackends kind) {
    sameBits(
        kind, Write.values(), (k, n, a, b, m, to, w) -> k.absoluteErrorBackward(n, a, b, to, w));
  }

  /// y over x.
  @ParameterizedTest
  @MethodSource("dae.kernel.TestBackends#all")
  void inPlace(TestBackends kind) {
    try (Backend backend = kind.open()) {
      for (Cases.Images c : Cases.IMAGES) {
        inPlace(backend, c, (k, n, a, b, m, to, w) -> k.blend(n, a, m, b, to));
        inPlace(backend, c, (k, n, a, b, m, to, w) -> k.scale(n, m, a, to, w));
      }
    }
  }

  private static void inPlace(Backend backend, Cases.Images c, Kernel kernel) {
    int count = c.n() * c.shape().size();
    float[] a = Numbers.uniform(1, count);
    float[] b = Numbers.uniform(2, count);
    Data data = Data.of(backend, c, a, b);
    float[] expected = apply(backend, c, data, images(backend, c), count, Write.SET, kernel);
    Tensor both = data.a.tensor();
    kernel.run(backend.pixel(), c.n(), both, data.b.tensor(), data.m.tensor(), both, Write.SET);
    assertArrayEquals(expected, data.a.read(count, c + " in place"));
  }

  @ParameterizedTest
  @MethodSource("dae.kernel.TestBackends#fast")
  void dot(TestBackends kind) {
    Kernel kernel = (k, n, a, b, m, to, w) -> k.dot(n, a, b, to, w);
    try (Backend backend = kind.open();
        Backend scalar = TestBackends.scalar().open()) {
      for (Cases.Images c : Cases.IMAGES) {
        int count = c.n() * c.shape().size();
        int pixels = c.n() * c.shape().pixels();
        for (Write write : Write.values()) {
          for (boolean whole : new boolean[] {true, false}) {
            float[] a = whole ? Numbers.whole(1, count, 8) : Numbers.uniform(1, count);
            float[] b = whole ? Numbers.whole(2, count, 8) : Numbers.uniform(2, count);
            Data expect = Data.of(scalar, c, a, b);
            Data data = Data.of(backend, c, a, b);
            float[] expected = apply(scalar, c, expect, values(scalar, c), pixels, write, kernel);
            float[] got = apply(backend, c, data, values(backend, c), pixels, write, kernel);
            // Whole sums are exact; a fraction that they are added to is rounded alike.
            double bound = whole ? 0 : (c.shape().c() + 4) * U * (c.shape().c() + 1);
            for (int i = 0; i < pixels; i++) {
              assertEquals(expected[i], got[i], bound, c + " " + write + " at " + i);
            }
          }
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("dae.kernel.TestBackends#fast")
  void absoluteError(TestBackends kind) {
    try (Backend backend = kind.open();
        Backend scalar = TestBackends.scalar().open()) {
      for (Cases.Images c : Cases.IMAGES) {
        int count = c.n() * c.shape().size();
        float[] p = Numbers.uniform(1, count);
        float[] t = Numbers.uniform(2, count);
        float[] whole = Numbers.whole(4, count, 8);
        float expected = loss(scalar, c, p, t);
        assertEquals(expected, loss(backend, c, p, t), (count + 6) * U * expected, c.toString());
        float exact = loss(scalar, c, whole, new float[count]);
        assertEquals(exact, loss(backend, c, whole, new float[count]), c + " exact");
        p[count - 1] = Float.NaN;
        assertTrue(Float.isNaN(loss(backend, c, p, t)), c + " NaN");
      }
    }
  }

  private static float loss(Backend backend, Cases.Images c, float[] p, float[] t) {
    Data data = Data.of(backend, c, p, t);
    Guarded loss = new Guarded(backend, Shape.scalar());
    backend.pixel().absoluteError(c.n(), data.a.tensor(), data.b.tensor(), loss.tensor());
    data.unchanged(c.toString());
    return loss.read(1, c + " loss")[0];
  }

  /// Other images; the last has no error, where there are several.
  private static float[] close(float[] t, Cases.Images c) {
    float[] p = Numbers.uniform(1, t.length);
    if (c.n() > 1) {
      int from = t.length - c.shape().size();
      System.arraycopy(t, from, p, from, c.shape().size());
    }
    return p;
  }

  @ParameterizedTest
  @MethodSource("dae.kernel.TestBackends#fast")
  void psnrError(TestBackends kind) {
    try (Backend backend = kind.open();
        Backend scalar = TestBackends.scalar().open()) {
      List<Cases.Images> cases = new ArrayList<>(Cases.IMAGES);
      // More than a device has groups for.
      cases.add(new Cases.Images(Shape.image(1, 1, 2), 2_500, 0, 1));
      for (Cases.Images c : cases) {
        float[] t = Numbers.uniform(2, c.n() * c.shape().size());
        float[] p = close(t, c);
        float expected = psnr(scalar, c, p, t);
        double bound = (c.n() + c.shape().size() + 8) * U * (1 + expected);
        assertEquals(expected, psnr(backend, c, p, t), bound, c.toString());
        p[0] = Float.POSITIVE_INFINITY;
        assertEquals(Float.POSITIVE_INFINITY, psnr(backend, c, p, t), c + " infinite");
        p[t.length - 1] = Float.NaN;
        assertTrue(Float.isNaN(psnr(backend, c, p, t)), c + " NaN");
      }
    }
  }

  private static float psnr(Backend backend, Cases.Images c, float[] p, float[] t) {
    Data data = Data.of(backend, c, p, t);
    Guarded loss = new Guarded(backend, Shape.scalar());
    float[] losses = new float[2];
    for (Write write : Write.values()) {
      backend
          .pixel()
          .psnrError(c.n(), data.a.tensor(), data.b.tensor(), EPSILON, loss.tensor(), write);
      losses[write.ordinal()] = loss.read(1, c + " loss")[0];
    }
    data.unchanged(c.toString());
    assertEquals(2 * losses[Write.SET.ordinal()], losses[Write.ADD.ordinal()], c + " added");
    return losses[Write.SET.ordinal()];
  }

  @ParameterizedTest
  @MethodSource("dae.kernel.TestBackends#fast")
  void psnrErrorBackward(TestBackends kind) {
    Kernel kernel = (k, n, a, b, m, to, w) -> k.psnrErrorBackward(n, a, b, EPSILON, to, w);
    try (Backend backend = kind.open();
        Backend scalar = TestBackends.scalar().open()) {
      for (Cases.Images c : Cases.IMAGES) {
        float[] t = Numbers.uniform(2, c.n() * c.shape().size());
        for (boolean finite : new boolean[] {true, false}) {
          float[] p = close(t, c);
          p[0] = finite ? p[0] : Float.NaN;
          for (Write write : Write.values()) {
            Data expect = Data.of(scalar, c, p, t);
            Data data = Data.of(backend, c, p, t);
            float[] expected = apply(scalar, c, expect, images(scalar, c), t.length, write, kernel);
            float[] got = apply(backend, c, data, images(backend, c), t.length, write, kernel);
            for (int i = 0; i < t.length; i++) {
              double largest = Math.abs(expected[i]) + (write == Write.ADD ? 1 : 0);
              double bound = (c.shape().size() + 8) * U * largest;
              String what = c + " " + write + " at " + i;
              assertEquals(Float.isNaN(expected[i]), Float.isNaN(got[i]), what);
              assertFalse(Math.abs(expected[i] - got[i]) > bound, what);
            }
          }
        }
      }
    }
  }
}
