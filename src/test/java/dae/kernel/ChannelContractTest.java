package dae.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dae.tensor.Numbers;
import dae.tensor.Shape;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Fast channel kernels against the scalar ones. Sums of M values may be off by their rounding in
/// any order, M·2⁻²⁴ of the sum of their sizes; maps by a few roundings.
class ChannelContractTest {
  private static final double U = 0x1p-24;
  private static final float EPSILON = 1e-3f;
  private static final Activation[] OF_NORMALISATIONS = {Activation.IDENTITY, Activation.RELU};

  /// One batch with everything that batch normalisation reads, in a backend's memory between
  /// guards.
  private static final class Batch {
    final Backend backend;
    final Cases.Images c;
    final int count;
    final int channels;
    final Guarded x, dy, mean, variance, r, gamma, beta, dgamma, dbeta;

    Batch(Backend backend, Cases.Images c) {
      this.backend = backend;
      this.c = c;
      count = c.n() * c.shape().size();
      channels = c.shape().c();
      float[] shifted = Numbers.uniform(1, count);
      for (int i = 0; i < count; i++) {
        shifted[i] += i % channels % 4;
      }
      x = images().with(shifted);
      dy = images().with(Numbers.uniform(2, count));
      mean = vector().with(Numbers.uniform(3, channels));
      variance = vector().with(positive(4));
      r = vector().with(positive(5));
      gamma = vector().with(Numbers.uniform(6, channels));
      beta = vector().with(Numbers.uniform(7, channels));
      dgamma = vector().with(Numbers.uniform(8, channels));
      dbeta = vector().with(Numbers.uniform(9, channels));
      backend.channel().prepare(c.shape(), c.n() + 1);
    }

    private float[] positive(long seed) {
      float[] values = Numbers.uniform(seed, channels);
      for (int i = 0; i < channels; i++) {
        values[i] += 1.25f;
      }
      return values;
    }

    private Norm norm(Activation f) {
      return new Norm(mean.tensor(), r.tensor(), gamma.tensor(), beta.tensor(), f);
    }

    Guarded images() {
      return new Guarded(backend, c.shape(), c.n() + 1, c.before(), c.after());
    }

    Guarded vector() {
      return new Guarded(backend, Shape.vector(channels));
    }

    Guarded unwritten(boolean images) {
      return images ? images().filled(Float.NaN, count) : vector().filled(Float.NaN, channels);
    }

    float[][] moments() {
      Guarded m = unwritten(false);
      Guarded v = unwritten(false);
      backend.channel().moments(c.n(), x.tensor(), m.tensor(), v.tensor());
      x.read(0, c + " x");
      return new float[][] {m.read(channels, c + " mean"), v.read(channels, c + " variance")};
    }

    /// mean, variance, r and the two moving averages.
    float[][] statistics() {
      Guarded[] to = new Guarded[5];
      for (int i = 0; i < to.length; i++) {
        to[i] = i < 3 ? unwritten(false) : vector().with(Numbers.uniform(20 + i, channels));
      }
      backend
          .channel()
          .statistics(
              c.n(),
              x.tensor(),
              EPSILON,
              0.99f,
              new Norm(to[0].tensor(), to[2].tensor(), null, null, null),
              to[1].tensor(),
              to[3].tensor(),
              to[4].tensor());
      float[][] read = new float[to.length][];
      for (int i = 0; i < to.length; i++) {
        read[i] = to[i].read(channels, c + " statistic " + i);
      }
      return read;
    }

    float[] inverseDeviation() {
      Guarded to = unwritten(false);
      backend.channel().inverseDeviation(variance.tensor(), EPSILON, to.tensor());
      return to.read(channels, c + " r");
    }

    float[][] fold() {
      Guarded scale = unwritten(false);
      Guarded shift = unwritten(false);
      backend.channel().fold(norm(null), variance.tensor(), scale.tensor(), shift.tensor());
      return new float[][] {scale.read(channels, c + " scale"), shift.read(channels, c + " shift")};
    }

    float[] movingAverage(float[] value) {
      mean.with(value);
      Guarded average = vector().with(Numbers.uniform(10, channels));
      backend.channel().movingAverage(average.tensor(), mean.tensor(), 0.99f, 1.25f);
      return average.read(channels, c + " average");
    }

    float[] normalize(Activation f) {
      Guarded y = unwritten(true);
      backend.channel().normalize(c.n(), x.tensor(), norm(f), y.tensor());
      return y.read(count, c + " y");
    }

    float[][] gradients(Activation f) {
      Guarded toGamma = unwritten(false);
      Guarded toBeta = unwritten(false);
      backend
          .channel()
          .normalizeGradients(
              c.n(), x.tensor(), norm(f), dy.tensor(), toGamma.tensor(), toBeta.tensor());
      return new float[][] {
        toGamma.read(channels, c + " dgamma"), toBeta.read(channels, c + " dbeta")
      };
    }

    float[] backward(Activation f, Write write, boolean inPlace) {
      Guarded dx =
          inPlace
              ? dy
              : write == Write.SET ? unwritten(true) : images().with(Numbers.uniform(11, count));
      backend
          .channel()
          .normalizeBackward(
              c.n(),
              x.tensor(),
              norm(f),
              dy.tensor(),
              dgamma.tensor(),
              dbeta.tensor(),
              dx.tensor(),
              write);
      return dx.read(count, c + " dx");
    }

    float[] sum(float[] values) {
      Guarded to = unwritten(false);
      backend.channel().sum(c.n(), images().with(values).tensor(), to.tensor());
      return to.read(channels, c + " sum");
    }
  }

  /// Does one thing on the definition and on the backend under test, for each case.
  private interface Comparison {
    void of(Batch scalar, Batch fast);
  }

  private static void compare(TestBackends kind, Comparison comparison) {
    try (Backend backend = kind.open();
        Backend scalar = TestBackends.scalar().open()) {
      for (Cases.Images c : Cases.IMAGES) {
        comparison.of(new Batch(scalar, c), new Batch(backend, c));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("dae.kernel.TestBackends#fast")
  void sum(TestBackends kind) {
    compare(
        kind,
        (scalar, fast) -> {
          float[] whole = Numbers.whole(1, fast.count, 100);
          float[] exact = fast.sum(whole);
          float[] expected = scalar.sum(whole);
          for (int c = 0; c < exact.length; c++) {
            assertTrue(exact[c] == expected[c], fast.c + " exact sum");
          }
          float[] random = Numbers.uniform(1, fast.count);
          float[] got = fast.sum(random);
          float[] close = scalar.sum(random);
          double pixels = fast.c.n() * fast.c.shape().pixels();
          for (int c = 0; c < got.length; c++) {
            assertEquals(close[c], got[c], (pixels + 2) * U * pixels, fast.c + " sum");
          }
        });
  }

  @ParameterizedTest
  @MethodSource("dae.kernel.TestBackends#fast")
  void moments(TestBackends kind) {
    compare(
        kind,
        (scalar, fast) -> {
          float[][] expected = scalar.moments();
          float[][] got = fast.moments();
          double pixels = fast.c.n() * fast.c.shape().pixels();
          for (int c = 0; c < fast.channels; c++) {
            double size = 1 + c % 4;
            double off = (pixels + 2) * U * size;
            assertEquals(expected[0][c], got[0][c], off, fast.c + " mean");
            // Squares of deviations, and a mean that is off shifts them by its square.
            double variance = expected[1][c];
            double bound = (pixels + 8) * U * (variance + size * Math.sqrt(variance)) + off * off;
            assertEquals(variance, got[1][c], bound, fast.c + " variance");
            assertTrue(got[1][c] >= 0, fast.c + " variance is not negative");
          }
        });
  }

  /// In one go, or step by step.
  @ParameterizedTest
  @MethodSource("dae.kernel.TestBackends#fast")
  void statistics(TestBackends kind) {
    compare(
        kind,
        (scalar, fast) -> {
          float[][] expected = scalar.statistics();
          float[][] got = fast.statistics();
          float[][] moments = fast.moments();
          assertArrayEquals(moments[0], got[0], fast.c + " mean");
          assertArrayEquals(moments[1], got[1], fast.c + " variance");
          for (int c = 0; c < fast.channels; c++) {
            // As much as the variance is off, relative to its own size and to ε.
            double off = Math.abs(expected[1][c] - got[1][c]);
            double r = expected[2][c];
            assertEquals(r, got[2][c], 4 * U * r + off * r * r * r, fast.c + " r");
            double mean = Math.abs(expected[0][c] - got[0][c]);
            assertEquals(expected[3][c], got[3][c], 4 * U + 0.02 * mean, fast.c + " moving mean");
            assertEquals(
                expected[4][c], got[4][c], 4 * U + 0.02 * off, fast.c + " moving variance");
          }
        });
  }

  @ParameterizedTest
  @MethodSource("dae.kernel.TestBackends#fast")
  void vectorsOfStatistics(TestBackends kind) {
    compare(
        kind,
        (scalar, fast) -> {
          float[] r = scalar.inverseDeviation();
          float[] value = Numbers.uniform(3, fast.channels);
          // Passed over.
          value[0] = Float.NaN;
          float[] average = scalar.movingAverage(value);
          float[] gotAverage = fast.movingAverage(value);
          float[] gotR = fast.inverseDeviation();
          float[][] folded = scalar.fold();
          float[][] gotFolded = fast.fold();
          for (int c = 0; c < fast.channels; c++) {
            assertEquals(r[c], gotR[c], 4 * U * r[c], fast.c + " r");
            assertEquals(average[c], gotAverage[c], 4 * U, fast.c + " average");
            // |γ| < 1, r < 2.25, |β| < 1, |mean| < 1, |bias| < 2.25
            assertEquals(folded[0][c], gotFolded[0][c], 4 * U * 2.25, fast.c + " scale");
            assertEquals(folded[1][c], gotFolded[1][c], 4 * U * 9, fast.c + " shift");
          }
        });
  }

  @ParameterizedTest
  @MethodSource("dae.kernel.TestBackends#fast")
  void normalize(TestBackends kind) {
    compare(
        kind,
        (scalar, fast) -> {
          for (Activation f : OF_NORMALISATIONS) {
            float[] expected = scalar.normalize(f);
            float[] got = fast.normalize(f);
            for (int i = 0; i < got.length; i++) {
              // |x| < 5, |mean| < 1, |γ| < 1, r < 2.25, |β| < 1
              assertEquals(expected[i], got[i], 8 * U * (6 * 2.25 + 1), fast.c + " y at " + i);
            }
          }
        });
  }

  @ParameterizedTest
  @MethodSource("dae.kernel.TestBackends#fast")
  void normalizeGradients(TestBackends kind) {
    compare(
        kind,
        (scalar, fast) -> {
          double pixels = fast.c.n() * fast.c.shape().pixels();
          for (Activation f : OF_NORMALISATIONS) {
            float[][] expected = scalar.gradients(f);
            float[][] got = fast.gradients(f);
            for (int c = 0; c < fast.channels; c++) {
              double terms = 6 * 2.25 * pixels;
              assertEquals(expected[0][c], got[0][c], (pixels + 8) * U * terms, fast.c + " dγ");
              assertEquals(expected[1][c], got[1][c], (pixels + 8) * U * pixels, fast.c + " dβ");
            }
          }
        });
  }

  @ParameterizedTest
  @MethodSource("dae.kernel.TestBackends#fast")
  void normalizeBackward(TestBackends kind) {
    compare(
        kind,
        (scalar, fast) -> {
          for (Activation f : OF_NORMALISATIONS) {
            for (Write write : Write.values()) {
              float[] expected = scalar.backward(f, write, false);
              float[] got = fast.backward(f, write, false);
              for (int i = 0; i < got.length; i++) {
                // γ·r·(dz − dβ/M − x̂·dγ/M) + what was there
                double terms = 2.25 * (1 + 1 + 6 * 2.25) + 1;
                assertEquals(expected[i], got[i], 8 * U * terms, fast.c + " dx at " + i);
              }
            }
          }
          for (Activation f : OF_NORMALISATIONS) {
            for (Batch batch : new Batch[] {scalar, fast}) {
              float[] apart = batch.backward(f, Write.SET, false);
              Batch again = new Batch(batch.backend, batch.c);
              assertArrayEquals(apart, again.backward(f, Write.SET, true), batch.c + " in place");
            }
          }
        });
  }
}
