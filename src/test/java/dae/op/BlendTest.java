package dae.op;

import static dae.op.Blend.blend;
import static dae.tensor.Numbers.assertClose;
import static dae.tensor.Numbers.dot;
import static dae.tensor.Numbers.doubles;
import static dae.tensor.Numbers.slope;
import static dae.tensor.Numbers.uniform;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

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

class BlendTest {
  private static final int N = 2;
  private static final Shape SHAPE = Shape.image(3, 5, 4);
  private static final Shape MASK = Shape.image(3, 5, 1);

  @ParameterizedTest
  @MethodSource("dae.kernel.TestBackends#all")
  void matchesTheTranscriptionAndItsSlopes(TestBackends kind) {
    double[] X = doubles(uniform(1, N * SHAPE.size()));
    double[] M = doubles(uniform(2, N * MASK.size()));
    double[] R = doubles(uniform(3, N * SHAPE.size()));
    double[] DY = doubles(uniform(4, N * SHAPE.size()));
    try (Backend backend = kind.open()) {
      OpRun run =
          OpRun.training(
              backend, N, x -> blend("b", x.get(0), x.get(1), x.get(2)), SHAPE, MASK, SHAPE);
      run.run(
          N,
          uniform(4, DY.length),
          uniform(1, X.length),
          uniform(2, M.length),
          uniform(3, R.length));
      assertClose(transcribed(X, M, R), run.y(), 1e-6, "y");
      assertClose(slope(at -> dot(transcribed(at, M, R), DY), X, 1), run.dx(0), 1e-6, "dx");
      assertClose(slope(at -> dot(transcribed(X, at, R), DY), M, 1), run.dx(1), 1e-6, "dm");
      assertClose(slope(at -> dot(transcribed(X, M, at), DY), R, 1), run.dx(2), 1e-6, "dr");
    }
  }

  /// Where it is also what is blended in, its gradients add up.
  @ParameterizedTest
  @MethodSource("dae.kernel.TestBackends#all")
  void anImageAndItself(TestBackends kind) {
    double[] X = doubles(uniform(1, N * SHAPE.size()));
    double[] M = doubles(uniform(2, N * MASK.size()));
    double[] DY = doubles(uniform(4, N * SHAPE.size()));
    try (Backend backend = kind.open()) {
      OpRun run =
          OpRun.training(backend, N, x -> blend("b", x.get(0), x.get(1), x.get(0)), SHAPE, MASK);
      run.run(N, uniform(4, DY.length), uniform(1, X.length), uniform(2, M.length));
      assertClose(transcribed(X, M, X), run.y(), 1e-6, "y");
      assertClose(slope(at -> dot(transcribed(at, M, at), DY), X, 1), run.dx(0), 1e-6, "dx");
      assertClose(slope(at -> dot(transcribed(X, at, X), DY), M, 1), run.dx(1), 1e-6, "dm");
    }
  }

  private static double[] transcribed(double[] x, double[] m, double[] r) {
    double[] y = new double[x.length];
    for (int i = 0; i < y.length; i++) {
      y[i] = x[i] + m[i / SHAPE.c()] * r[i];
    }
    return y;
  }

  @ParameterizedTest
  @MethodSource("dae.kernel.TestBackends#all")
  void whereTheMaskIsZeroNothingChanges(TestBackends kind) {
    float[] x = uniform(1, N * SHAPE.size());
    float[] change = new float[x.length];
    Arrays.fill(change, Float.MAX_VALUE);
    try (Backend backend = kind.open()) {
      OpRun run =
          OpRun.training(
              backend, N, v -> blend("b", v.get(0), v.get(1), v.get(2)), SHAPE, MASK, SHAPE);
      run.run(N, null, x, new float[N * MASK.size()], change);
      assertArrayEquals(x, run.y());
    }
  }

  @Test
  void shapesAreCheckedWhenTheGraphIsBuilt() {
    Graph graph = new Graph();
    Value x = graph.input("x", SHAPE);
    Value m = graph.input("m", MASK);
    assertEquals(
        "b: expected N×H3×W5×C1, got N×H3×W5×C4 — give both sides the same shape",
        assertThrows(IllegalArgumentException.class, () -> blend("b", x, x, x)).getMessage());
    assertThrows(IllegalArgumentException.class, () -> blend("b", x, m, m));
  }
}
