package dae.op;

import static dae.tensor.Numbers.assertClose;
import static dae.tensor.Numbers.doubles;
import static dae.tensor.Numbers.slope;
import static dae.tensor.Numbers.uniform;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dae.UserError;
import dae.graph.Graph;
import dae.graph.Mode;
import dae.graph.OpRun;
import dae.graph.Value;
import dae.kernel.Activation;
import dae.kernel.Backend;
import dae.kernel.TestBackends;
import dae.noise.Noises;
import dae.tensor.Shape;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MapOpTest {
  private static final int N = 3;
  private static final Shape SHAPE = Shape.image(5, 3, 7);

  @ParameterizedTest
  @MethodSource("dae.kernel.TestBackends#all")
  void relu(TestBackends kind) {
    check(kind, x -> Relu.relu("relu", x.getFirst()), x -> x > 0 ? x : 0, 1);
  }

  @ParameterizedTest
  @MethodSource("dae.kernel.TestBackends#all")
  void leakyRelu(TestBackends kind) {
    check(kind, x -> LeakyRelu.leakyRelu("leaky", x.getFirst()), x -> x > 0 ? x : 0.1 * x, 1);
  }

  @ParameterizedTest
  @MethodSource("dae.kernel.TestBackends#all")
  void clipDoesNothingInTraining(TestBackends kind) {
    check(kind, x -> Clip.clip("clip", x.getFirst()), x -> x, 3);
  }

  /// Its gradient cannot lie where that of x does, and is added there.
  @ParameterizedTest
  @MethodSource("dae.kernel.TestBackends#all")
  void clipWhereItsInputIsReadAgain(TestBackends kind) {
    check(kind, x -> Add.add("sum", x.getFirst(), Clip.clip("clip", x.getFirst())), x -> 2 * x, 3);
  }

  @ParameterizedTest
  @MethodSource("dae.kernel.TestBackends#all")
  void clipInInference(TestBackends kind) {
    float[] x = uniform(1, N * SHAPE.size());
    for (int i = 0; i < x.length; i++) {
      x[i] *= 3;
    }
    x[0] = Float.NaN;
    x[1] = Float.NEGATIVE_INFINITY;
    x[2] = Float.POSITIVE_INFINITY;
    x[3] = 1;
    x[4] = -0f;
    try (Backend backend = kind.open()) {
      for (Mode mode : List.of(Mode.PLAIN_INFERENCE, Fusion.INFERENCE)) {
        OpRun run = new OpRun(backend, mode, N, v -> Clip.clip("clip", v.getFirst()), SHAPE);
        run.run(N, null, x);
        float[] y = run.y();
        assertTrue(Float.isNaN(y[0]), "NaN goes through");
        for (int i = 1; i < x.length; i++) {
          float expected = x[i] > 1 ? 1 : x[i] < 0 ? 0 : x[i];
          assertEquals(expected + 0f, y[i], "" + x[i]);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("dae.kernel.TestBackends#all")
  void sigmoid(TestBackends kind) {
    check(
        kind, x -> Sigmoid.sigmoid("sigmoid", x.getFirst()), x -> 0.5 + 0.5 * Math.tanh(x / 2), 6);
  }

  private static void check(
      TestBackends kind, Function<List<Value>, Value> op, DoubleUnaryOperator f, float spread) {
    float[] x = uniform(1, N * SHAPE.size());
    float[] dy = uniform(2, x.length);
    double[] y = new double[x.length];
    double[] dx = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      x[i] *= spread;
      y[i] = f.applyAsDouble(x[i]);
      dx[i] = dy[i] * (f.applyAsDouble(x[i] + 1e-5) - f.applyAsDouble(x[i] - 1e-5)) / 2e-5;
    }
    try (Backend backend = kind.open()) {
      OpRun run = OpRun.training(backend, N, op, SHAPE);
      run.run(N, dy, x);
      assertClose(y, run.y(), 1e-6, "y");
      assertClose(dx, run.dx(0), 1e-6, "dx");
    }
  }

  @ParameterizedTest
  @MethodSource("dae.kernel.TestBackends#all")
  void reluAtZeroHasSlopeZeroAndNeverHidesNaN(TestBackends kind) {
    atZero(kind, x -> Relu.relu("relu", x.getFirst()), 0);
  }

  @ParameterizedTest
  @MethodSource("dae.kernel.TestBackends#all")
  void leakyReluAtZeroHasTheSmallSlopeAndNeverHidesNaN(TestBackends kind) {
    atZero(kind, x -> LeakyRelu.leakyRelu("leaky", x.getFirst()), Activation.SLOPE);
  }

  private static void atZero(TestBackends kind, Function<List<Value>, Value> op, float slope) {
    float[] x = new float[SHAPE.size()];
    float[] dy = new float[x.length];
    java.util.Arrays.fill(dy, 3);
    for (int i = 0; i < x.length; i += 2) {
      x[i] = -0f;
    }
    x[0] = Float.NaN;
    x[x.length - 1] = Float.NaN;
    try (Backend backend = kind.open()) {
      OpRun run = OpRun.training(backend, 1, op, SHAPE);
      run.run(1, dy, x);
      for (int i = 0; i < x.length; i++) {
        assertEquals(Float.isNaN(x[i]) ? Float.NaN : 0f, run.y()[i] + 0f, "y " + i);
        assertEquals(3 * slope, run.dx(0)[i], "dx " + i);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("dae.kernel.TestBackends#all")
  void sigmoidHoldsOverTheWholeRange(TestBackends kind) {
    Shape line = Shape.image(1, 4001, 1);
    float[] x = new float[line.size()];
    for (int i = 0; i < x.length; i++) {
      x[i] = (i - 2000) / 20f;
    }
    x[0] = Float.NaN;
    x[1] = Float.NEGATIVE_INFINITY;
    x[2] = Float.POSITIVE_INFINITY;
    try (Backend backend = kind.open()) {
      OpRun run = OpRun.training(backend, 1, v -> Sigmoid.sigmoid("sigmoid", v.getFirst()), line);
      run.run(1, new float[x.length], x);
      float[] y = run.y();
      assertTrue(Float.isNaN(y[0]), "NaN goes through");
      assertEquals(0, y[1], 1e-37);
      assertEquals(1, y[2]);
      for (int i = 3; i < x.length; i++) {
        double expected = 1 / (1 + Math.exp(-(double) x[i]));
        double error = Math.abs(y[i] - expected);
        float at = x[i];
        assertTrue(
            error <= 5e-7 * expected || x[i] < -87 && error < 2e-38,
            () -> "sigmoid(" + at + ") is off by " + error);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("dae.kernel.TestBackends#all")
  void meanSquaredError(TestBackends kind) {
    float[] p = uniform(1, N * SHAPE.size());
    float[] t = uniform(2, p.length);
    double[] T = doubles(t);
    try (Backend backend = kind.open()) {
      OpRun run =
          OpRun.training(
              backend,
              N,
              x -> {
                Value target = x.getFirst().graph().input("target", SHAPE);
                return MeanSquaredError.meanSquaredError("loss", x.getFirst(), target);
              },
              SHAPE);
      run.upload("target", t, N);
      run.run(N, new float[] {1}, p);
      assertEquals(transcribed(doubles(p), T), run.y()[0], 1e-7);
      assertClose(slope(at -> transcribed(at, T), doubles(p), 1), run.dx(0), 1e-6, "dp");
    }
  }

  @ParameterizedTest
  @MethodSource("dae.kernel.TestBackends#all")
  void aTargetThatLearnsGetsItsGradient(TestBackends kind) {
    float[] p = uniform(1, N * SHAPE.size());
    float[] t = uniform(2, p.length);
    double[] P = doubles(p);
    try (Backend backend = kind.open()) {
      OpRun run =
          OpRun.training(
              backend,
              N,
              x -> MeanSquaredError.meanSquaredError("loss", x.get(0), x.get(1)),
              SHAPE,
              SHAPE);
      run.run(N, new float[] {1}, p, t);
      assertClose(slope(at -> transcribed(P, at), doubles(t), 1), run.dx(1), 1e-6, "dt");
    }
  }

  @Test
  void noiseBehindALayerThatLearnsIsRefused() {
    try (Backend backend = TestBackends.scalar().open()) {
      assertEquals(
          "gaussian_noise: expected data, got source0 "
              + SHAPE
              + ", which depends on a parameter that learns — put the noise in front of the model",
          assertThrows(
                  IllegalArgumentException.class,
                  () ->
                      OpRun.training(
                          backend, N, x -> Noises.named("gaussian:0.1").on(x.getFirst()), SHAPE))
              .getMessage());
    }
  }

  private static double transcribed(double[] p, double[] t) {
    double mean = 0;
    for (int i = 0; i < p.length; i++) {
      mean += (p[i] * p[i] - 2 * p[i] * t[i] + t[i] * t[i]) / p.length;
    }
    return mean;
  }

  @Test
  void shapesAreCheckedWhenTheGraphIsBuilt() {
    Graph graph = new Graph();
    Value a = graph.input("a", Shape.image(4, 4, 2));
    Value b = graph.input("b", Shape.image(4, 4, 3));
    assertEquals(
        "loss: expected N×H4×W4×C2, got N×H4×W4×C3 — give both sides the same shape",
        assertThrows(
                IllegalArgumentException.class,
                () -> MeanSquaredError.meanSquaredError("loss", a, b))
            .getMessage());
    Value loss = MeanSquaredError.meanSquaredError("loss", a, a);
    assertThrows(IllegalArgumentException.class, () -> Relu.relu("relu", loss));
    assertThrows(IllegalArgumentException.class, () -> LeakyRelu.leakyRelu("leaky", loss));
    assertThrows(IllegalArgumentException.class, () -> Clip.clip("clip", loss));
    assertThrows(IllegalArgumentException.class, () -> Sigmoid.sigmoid("sigmoid", loss));
    assertThrows(IllegalArgumentException.class, () -> BatchNorm.batchNorm("bn", loss));
    assertThrows(UserError.class, () -> Noises.named("gaussian:-1"));
  }
}
