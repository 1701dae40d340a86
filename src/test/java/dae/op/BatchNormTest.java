package dae.op;

import static dae.tensor.Numbers.assertClose;
import static dae.tensor.Numbers.distance;
import static dae.tensor.Numbers.dot;
import static dae.tensor.Numbers.doubles;
import static dae.tensor.Numbers.norm;
import static dae.tensor.Numbers.slope;
import static dae.tensor.Numbers.uniform;
import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dae.graph.Mode;
import dae.graph.OpRun;
import dae.kernel.Backend;
import dae.kernel.TestBackends;
import dae.tensor.Shape;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class BatchNormTest {
  record Case(String name, int n, int h, int w, int c) {}

  private static final List<Case> CASES =
      List.of(
          new Case("one number, which becomes β", 1, 1, 1, 1),
          new Case("two pixels", 1, 1, 2, 3),
          new Case("odd extents", 2, 5, 3, 7),
          new Case("17 channels", 3, 4, 4, 17),
          new Case("one image", 1, 9, 7, 5),
          new Case("one pixel an image", 7, 1, 1, 33));

  private static final double EPSILON = 1e-3;

  @ParameterizedTest
  @MethodSource("dae.kernel.TestBackends#all")
  void trainingMatchesTheTranscriptionAndItsSlopes(TestBackends kind) {
    try (Backend backend = kind.open()) {
      assertAll(CASES.stream().map(c -> () -> training(backend, c)));
    }
  }

  private static void training(Backend backend, Case c) {
    OpRun run =
        OpRun.training(
            backend, c.n, x -> BatchNorm.batchNorm("bn", x.getFirst()), Shape.image(c.h, c.w, c.c));
    float[] x = input(c);
    float[] gamma = uniform(2, c.c);
    float[] beta = uniform(3, c.c);
    float[] movingMean = uniform(4, c.c);
    float[] movingVariance = positive(5, c.c);
    float[] dy = uniform(6, x.length);
    run.set("bn/gamma", gamma);
    run.set("bn/beta", beta);
    run.set("bn/moving_mean", movingMean);
    run.set("bn/moving_variance", movingVariance);
    run.run(c.n, dy, x);

    double[] X = doubles(x);
    double[] G = doubles(gamma);
    double[] B = doubles(beta);
    double[] DY = doubles(dy);
    assertClose(transcribed(X, G, B), run.y(), 2e-6, c + " y");
    // With one or two pixels the normalisation leaves next to nothing: dx is a difference of terms
    // of the size γ·r·dy.
    double[] terms = DY.clone();
    for (int i = 0; i < terms.length; i++) {
      int k = i % c.c;
      terms[i] *= gamma[k] / Math.sqrt(variance(X, mean(X, c.c))[k] + EPSILON);
    }
    double[] dx = slope(at -> dot(transcribed(at, G, B), DY), X, 1e-4);
    double error = distance(dx, run.dx(0));
    assertTrue(error <= 2e-6 * norm(terms), () -> c + " dx: off by " + error);
    assertClose(
        slope(at -> dot(transcribed(X, at, B), DY), G, 1),
        run.gradient("bn/gamma"),
        2e-6,
        c + " dgamma");
    assertClose(
        slope(at -> dot(transcribed(X, G, at), DY), B, 1),
        run.gradient("bn/beta"),
        2e-6,
        c + " dbeta");

    int M = c.n * c.h * c.w;
    double[] mean = mean(X, c.c);
    double[] variance = variance(X, mean);
    for (int k = 0; k < c.c; k++) {
      mean[k] = 0.99 * movingMean[k] + 0.01 * mean[k];
      double unbiased = M == 1 ? variance[k] : variance[k] * M / (M - 1);
      variance[k] = 0.99 * movingVariance[k] + 0.01 * unbiased;
    }
    assertClose(mean, run.get("bn/moving_mean"), 2e-7, c + " moving mean");
    assertClose(variance, run.get("bn/moving_variance"), 2e-7, c + " moving variance");
  }

  /// The numbers of the op's head, worked by hand; ε moves them by less than 0.0003.
  @ParameterizedTest
  @MethodSource("dae.kernel.TestBackends#all")
  void givesTheNumbersOfItsHead(TestBackends kind) {
    try (Backend backend = kind.open()) {
      OpRun run =
          OpRun.training(
              backend, 1, x -> BatchNorm.batchNorm("bn", x.getFirst()), Shape.image(1, 4, 1));
      run.run(1, new float[] {1, 0, 0, 0}, new float[] {5, 5, 1, 1});
      assertArrayEquals(new float[] {1, 1, -1, -1}, run.y(), 3e-4f);
      assertArrayEquals(new float[] {0.25f, -0.25f, 0, 0}, run.dx(0), 3e-4f);
      assertArrayEquals(new float[] {1}, run.gradient("bn/gamma"), 3e-4f);
      assertArrayEquals(new float[] {1}, run.gradient("bn/beta"));
    }
  }

  @ParameterizedTest
  @MethodSource("dae.kernel.TestBackends#all")
  void inferenceUsesTheMovingStatisticsAndLeavesThemAlone(TestBackends kind) {
    try (Backend backend = kind.open()) {
      for (Case c : CASES) {
        OpRun run =
            new OpRun(
                backend,
                Mode.PLAIN_INFERENCE,
                c.n,
                x -> BatchNorm.batchNorm("bn", x.getFirst()),
                Shape.image(c.h, c.w, c.c));
        float[] x = input(c);
        float[] gamma = uniform(2, c.c);
        float[] beta = uniform(3, c.c);
        float[] mean = uniform(4, c.c);
        float[] variance = positive(5, c.c);
        run.set("bn/gamma", gamma);
        run.set("bn/beta", beta);
        run.set("bn/moving_mean", mean);
        run.set("bn/moving_variance", variance);
        run.run(c.n, null, x);
        double[] y = new double[x.length];
        for (int i = 0; i < y.length; i++) {
          int k = i % c.c;
          double deviation = Math.sqrt(variance[k] + EPSILON);
          y[i] = ((double) x[i] - mean[k]) / deviation * gamma[k] + beta[k];
        }
        assertClose(y, run.y(), 1e-6, c + " y");
        assertClose(mean, run.get("bn/moving_mean"), 0, c + " moving mean");
        assertClose(variance, run.get("bn/moving_variance"), 0, c + " moving variance");
      }
    }
  }

  /// With a mean well away from 0, so that a one-pass variance in float would lose digits.
  private static float[] input(Case c) {
    float[] x = uniform(1, c.n * c.h * c.w * c.c);
    for (int i = 0; i < x.length; i++) {
      x[i] = x[i] * (1 + i % c.c % 3) + 5;
    }
    return x;
  }

  private static float[] positive(long seed, int count) {
    float[] values = uniform(seed, count);
    for (int i = 0; i < count; i++) {
      values[i] += 1.5f;
    }
    return values;
  }

  private static double[] transcribed(double[] x, double[] gamma, double[] beta) {
    double[] mean = mean(x, gamma.length);
    double[] variance = variance(x, mean);
    double[] y = new double[x.length];
    for (int i = 0; i < y.length; i++) {
      int k = i % gamma.length;
      y[i] = gamma[k] / Math.sqrt(variance[k] + EPSILON) * (x[i] - mean[k]) + beta[k];
    }
    return y;
  }

  private static double[] mean(double[] x, int channels) {
    double[] mean = new double[channels];
    for (int i = 0; i < x.length; i++) {
      mean[i % channels] += x[i] * channels / x.length;
    }
    return mean;
  }

  /// The mean square less the squared mean.
  private static double[] variance(double[] x, double[] mean) {
    double[] squares = x.clone();
    for (int i = 0; i < x.length; i++) {
      squares[i] *= x[i];
    }
    double[] variance = mean(squares, mean.length);
    for (int k = 0; k < mean.length; k++) {
      variance[k] -= mean[k] * mean[k];
    }
    return variance;
  }
}
