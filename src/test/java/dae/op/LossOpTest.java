package dae.op;

import static dae.op.AbsoluteError.absoluteError;
import static dae.op.PsnrError.psnrError;
import static dae.op.RepairError.repairError;
import static dae.tensor.Numbers.assertClose;
import static dae.tensor.Numbers.doubles;
import static dae.tensor.Numbers.slope;
import static dae.tensor.Numbers.uniform;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dae.graph.Graph;
import dae.graph.OpRun;
import dae.graph.Value;
import dae.kernel.Backend;
import dae.kernel.TestBackends;
import dae.tensor.Shape;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Losses other than the mean squared error.
class LossOpTest {
  private static final int N = 3;
  private static final Shape SHAPE = Shape.image(5, 3, 4);
  private static final Shape MAP = Shape.image(5, 3, 1);

  /// Too small to step over the corner of a distance.
  private static final double STEP = 1e-6;

  @ParameterizedTest
  @MethodSource("dae.kernel.TestBackends#all")
  void absoluteErrorIsItsTranscription(TestBackends kind) {
    float[] p = uniform(1, N * SHAPE.size());
    float[] t = uniform(2, p.length);
    // Without an error there is no slope.
    p[7] = t[7];
    double[] P = doubles(p);
    double[] T = doubles(t);
    try (Backend backend = kind.open()) {
      OpRun run =
          OpRun.training(backend, N, x -> absoluteError("loss", x.get(0), x.get(1)), SHAPE, SHAPE);
      run.run(N, new float[] {1}, p, t);
      assertEquals(distance(P, T), run.y()[0], 1e-6);
      assertClose(slope(at -> distance(at, T), P, STEP), run.dx(0), 1e-6, "dp");
      assertClose(slope(at -> distance(P, at), T, STEP), run.dx(1), 1e-6, "dt");
      assertEquals(0, run.dx(0)[7]);
    }
  }

  /// Images with errors of about −10, 30 and 50 dB.
  @ParameterizedTest
  @MethodSource("dae.kernel.TestBackends#all")
  void psnrErrorIsItsTranscription(TestBackends kind) {
    float[] t = uniform(2, N * SHAPE.size());
    float[] p = noisy(t, 5, 0.05f, 0.005f);
    double[] P = doubles(p);
    double[] T = doubles(t);
    try (Backend backend = kind.open()) {
      OpRun run = psnr(backend);
      run.run(N, new float[] {1}, p, t);
      double expected = logarithm(P, T);
      assertEquals(expected, run.y()[0], 1e-6 * expected);
      // Each image for itself: the quiet ones' gradients are a thousand times the loud one's.
      double[] dp = slope(at -> logarithm(at, T), P, STEP);
      double[] dt = slope(at -> logarithm(P, at), T, STEP);
      for (int image = 0; image < N; image++) {
        assertClose(image(dp, image), image(run.dx(0), image), 1e-5, "dp of " + image);
        assertClose(image(dt, image), image(run.dx(1), image), 1e-5, "dt of " + image);
      }
    }
  }

  /// Halving an image's error is worth the same however large that is, and nothing below 40 dB.
  @ParameterizedTest
  @MethodSource("dae.kernel.TestBackends#all")
  void psnrErrorHearsTheQuietBesideTheLoud(TestBackends kind) {
    float[] t = new float[2 * SHAPE.size()];
    try (Backend backend = kind.open()) {
      OpRun run = psnr(backend);
      double before = psnr(run, t, 0.5f, 0.1f);
      double half = Math.log(4) / 2;
      assertEquals(half, before - psnr(run, t, 0.25f, 0.1f), 1e-3);
      assertEquals(half, before - psnr(run, t, 0.5f, 0.05f), 2e-2);
      assertEquals(0, psnr(run, t, 0.5f, 1e-5f) - psnr(run, t, 0.5f, 0), 1e-5);
      assertEquals(0, psnr(run, t, 0, 0));
      assertArrayEquals(new float[t.length], run.dx(0));
    }
  }

  /// The loss of two images whose errors are the same everywhere.
  private static double psnr(OpRun run, float[] t, float loud, float quiet) {
    float[] p = t.clone();
    Arrays.fill(p, 0, SHAPE.size(), loud);
    Arrays.fill(p, SHAPE.size(), p.length, quiet);
    run.run(2, new float[] {1}, p, t);
    return run.y()[0];
  }

  @ParameterizedTest
  @MethodSource("dae.kernel.TestBackends#all")
  void psnrErrorHidesNothingThatIsNotFinite(TestBackends kind) {
    float[] t = uniform(2, N * SHAPE.size());
    try (Backend backend = kind.open()) {
      OpRun run = psnr(backend);
      for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
        float[] p = noisy(t, 0.1f, 0.1f, 0.1f);
        p[SHAPE.size() + 3] = bad;
        run.run(N, new float[] {1}, p, t);
        assertEquals(bad, run.y()[0]);
        assertTrue(Float.isNaN(run.dx(0)[SHAPE.size() + 3]), "slope at " + bad);
        assertTrue(Math.abs(run.dx(0)[0]) > 0, "slope of another image");
      }
    }
  }

  private static OpRun psnr(Backend backend) {
    return OpRun.training(backend, N, x -> psnrError("loss", x.get(0), x.get(1)), SHAPE, SHAPE);
  }

  /// t with errors up to an amplitude per image.
  private static float[] noisy(float[] t, float... amplitudes) {
    float[] p = uniform(1, t.length);
    for (int i = 0; i < p.length; i++) {
      p[i] = t[i] + amplitudes[i / SHAPE.size()] * p[i];
    }
    return p;
  }

  private static double[] image(double[] values, int image) {
    return Arrays.copyOfRange(values, image * SHAPE.size(), (image + 1) * SHAPE.size());
  }

  private static float[] image(float[] values, int image) {
    return Arrays.copyOfRange(values, image * SHAPE.size(), (image + 1) * SHAPE.size());
  }

  private static double logarithm(double[] p, double[] t) {
    return logarithm(p, t, 1e-4);
  }

  private static double logarithm(double[] p, double[] t, double epsilon) {
    double sum = 0;
    for (int image = 0; image < N; image++) {
      double error = 0;
      for (int i = 0; i < SHAPE.size(); i++) {
        double d = p[image * SHAPE.size() + i] - t[image * SHAPE.size() + i];
        error += d * d / SHAPE.size();
      }
      sum += Math.log(1 + error / epsilon) / N;
    }
    return sum;
  }

  @ParameterizedTest
  @MethodSource("dae.kernel.TestBackends#all")
  void repairErrorIsItsTranscription(TestBackends kind) {
    float[] p = uniform(1, N * SHAPE.size());
    float[] t = uniform(2, p.length);
    float[] z = uniform(3, N * MAP.size());
    float[] c = uniform(4, z.length);
    for (int i = 0; i < z.length; i++) {
      z[i] *= 6;
      c[i] = i % 3 == 0 ? 0 : i % 3 == 1 ? 1 : Math.abs(c[i]);
    }
    float[] q = uniform(5, p.length);
    double[] P = doubles(p);
    double[] Q = doubles(q);
    double[] T = doubles(t);
    double[] Z = doubles(z);
    double[] C = doubles(c);
    try (Backend backend = kind.open()) {
      OpRun run = repair(backend, t, c);
      run.run(N, new float[] {1}, p, z, q);
      double expected = logarithm(P, T, 1e-5) + covered(Q, T, C) + entropy(Z, C);
      assertEquals(expected, run.y()[0], 1e-6 * expected);
      assertClose(slope(at -> logarithm(at, T, 1e-5), P, STEP), run.dx(0), 1e-5, "dp");
      assertClose(slope(at -> covered(at, T, C), Q, STEP), run.dx(2), 1e-5, "dq");
      assertClose(slope(at -> entropy(at, C), Z, 1e-4), run.dx(1), 1e-5, "dz");
    }
  }

  /// Of what was covered.
  private static double covered(double[] q, double[] t, double[] c) {
    double[] covered = new double[q.length];
    double[] truth = new double[q.length];
    for (int i = 0; i < q.length; i++) {
      covered[i] = c[i / SHAPE.c()] * q[i];
      truth[i] = c[i / SHAPE.c()] * t[i];
    }
    return logarithm(covered, truth, 1e-5);
  }

  private static OpRun repair(Backend backend, float[] target, float[] cover) {
    OpRun run =
        OpRun.training(
            backend,
            N,
            x -> {
              Graph graph = x.getFirst().graph();
              Value t = graph.input("target", SHAPE);
              Value c = graph.input("cover", MAP);
              return repairError("loss", x.get(0), t, x.get(1), c, x.get(2));
            },
            SHAPE,
            MAP,
            SHAPE);
    run.upload("target", target, N);
    run.upload("cover", cover, N);
    return run;
  }

  private static double distance(double[] p, double[] t) {
    double sum = 0;
    for (int i = 0; i < p.length; i++) {
      double d = p[i] - t[i];
      sum += Math.sqrt(d * d);
    }
    return sum / p.length;
  }

  /// As the textbooks have it, from the probability.
  private static double entropy(double[] z, double[] truth) {
    double sum = 0;
    for (int i = 0; i < z.length; i++) {
      double probability = 1 / (1 + Math.exp(-z[i]));
      sum -= truth[i] * Math.log(probability) + (1 - truth[i]) * Math.log(1 - probability);
    }
    return sum / z.length;
  }

  /// However sure of the wrong answer a network is.
  @ParameterizedTest
  @MethodSource("dae.kernel.TestBackends#all")
  void repairErrorStaysFinite(TestBackends kind) {
    float[] image = new float[N * SHAPE.size()];
    float[] z = new float[N * MAP.size()];
    float[] c = new float[z.length];
    double[] sizes = {1e-30, 0.5, 17, 88, 104, 1e4, 1e30, 3e38};
    try (Backend backend = kind.open()) {
      for (double size : sizes) {
        Arrays.fill(z, 0);
        for (int wrong = -1; wrong <= 1; wrong += 2) {
          z[4] = (float) (wrong * size);
          c[4] = wrong > 0 ? 0 : 1;
          OpRun run = repair(backend, image, c);
          run.run(N, new float[] {1}, image, z, image);
          double rest = (z.length - 1) * Math.log(2);
          double worst = size + Math.log1p(Math.exp(-size));
          double expected = (rest + worst) / z.length;
          assertEquals(expected, run.y()[0], 1e-6 * expected, "loss at " + z[4]);
          double slope = wrong / (1 + Math.exp(-size)) / z.length;
          assertEquals(slope, run.dx(1)[4], 1e-6 * Math.abs(slope), "slope at " + z[4]);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("dae.kernel.TestBackends#all")
  void nothingThatIsNotANumberIsHidden(TestBackends kind) {
    float[] p = uniform(1, N * SHAPE.size());
    float[] z = uniform(3, N * MAP.size());
    try (Backend backend = kind.open()) {
      OpRun run = repair(backend, new float[p.length], new float[z.length]);
      p[5] = Float.NaN;
      run.run(N, new float[] {1}, p, z, p);
      assertTrue(Float.isNaN(run.y()[0]));
      assertTrue(Float.isNaN(run.dx(0)[5]));
      p[5] = 0;
      z[z.length - 1] = Float.NaN;
      run.run(N, new float[] {1}, p, z, p);
      assertTrue(Float.isNaN(run.y()[0]));
      assertTrue(Float.isNaN(run.dx(1)[z.length - 1]));
    }
  }

  @Test
  void whatIsComparedWithIsData() {
    try (Backend backend = TestBackends.scalar().open()) {
      String message =
          assertThrows(
                  IllegalArgumentException.class,
                  () ->
                      OpRun.training(
                          backend,
                          N,
                          x ->
                              repairError("loss", x.get(0), x.get(0), x.get(1), x.get(1), x.get(0)),
                          SHAPE,
                          MAP))
              .getMessage();
      assertTrue(message.startsWith("loss: expected data to compare with, got source0"), message);
    }
  }

  @Test
  void shapesAreCheckedWhenTheGraphIsBuilt() {
    Graph graph = new Graph();
    Value x = graph.input("x", SHAPE);
    Value m = graph.input("m", MAP);
    assertThrows(IllegalArgumentException.class, () -> absoluteError("loss", x, m));
    assertThrows(IllegalArgumentException.class, () -> psnrError("loss", x, m));
    assertThrows(IllegalArgumentException.class, () -> repairError("loss", x, m, m, m, x));
    assertThrows(IllegalArgumentException.class, () -> repairError("loss", x, x, x, m, x));
    assertThrows(IllegalArgumentException.class, () -> repairError("loss", x, x, m, x, x));
  }
}
