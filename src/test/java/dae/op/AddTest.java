package dae.op;

import static dae.op.Add.add;
import static dae.op.Conv2d.conv2d;
import static dae.op.LeakyRelu.leakyRelu;
import static dae.op.Relu.relu;
import static dae.op.Sigmoid.sigmoid;
import static dae.tensor.Numbers.assertClose;
import static dae.tensor.Numbers.dot;
import static dae.tensor.Numbers.doubles;
import static dae.tensor.Numbers.slope;
import static dae.tensor.Numbers.uniform;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dae.graph.Graph;
import dae.graph.Mode;
import dae.graph.OpRun;
import dae.graph.Parameters;
import dae.graph.Plan;
import dae.graph.PlanDraft;
import dae.graph.Value;
import dae.kernel.Backend;
import dae.kernel.TestBackends;
import dae.tensor.Shape;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AddTest {
  private static final int N = 2;
  private static final Shape SHAPE = Shape.image(3, 5, 7);
  private static final int COUNT = N * SHAPE.size();

  /// y of two images, element by element.
  private interface Formula {
    double of(double a, double b);
  }

  private static double leaky(double x) {
    return x > 0 ? x : 0.1 * x;
  }

  private static double logistic(double x) {
    return 0.5 + 0.5 * Math.tanh(x / 2);
  }

  @ParameterizedTest
  @MethodSource("dae.kernel.TestBackends#all")
  void twoImages(TestBackends kind) {
    check(kind, x -> add("sum", x.get(0), x.get(1)), (a, b) -> a + b);
  }

  @ParameterizedTest
  @MethodSource("dae.kernel.TestBackends#all")
  void anImageAndItself(TestBackends kind) {
    check(kind, x -> add("sum", x.get(0), add("twice", x.get(1), x.get(1))), (a, b) -> a + 2 * b);
    check(
        kind,
        x -> {
          Value r = relu("r", x.get(0));
          return add("sum", add("twice", r, r), x.get(1));
        },
        (a, b) -> 2 * Math.max(a, 0) + b);
  }

  /// The gradient of a summand that is read again later lies apart from the sum's.
  @ParameterizedTest
  @MethodSource("dae.kernel.TestBackends#all")
  void summandsThatAreReadAgain(TestBackends kind) {
    check(
        kind,
        x -> {
          Value sum = add("sum", x.get(0), x.get(1));
          return add("again", sigmoid("s", sum), x.get(0));
        },
        (a, b) -> logistic(a + b) + a);
    check(
        kind,
        x -> {
          Value sum = add("sum", x.get(0), x.get(1));
          return add("again", x.get(1), leakyRelu("l", sum));
        },
        (a, b) -> leaky(a + b) + b);
  }

  /// What reads it before the sum adds to the gradient that lies where the sum's did.
  @ParameterizedTest
  @MethodSource("dae.kernel.TestBackends#all")
  void summandsThatWereReadBefore(TestBackends kind) {
    check(
        kind,
        x -> {
          Value s = sigmoid("s", x.get(0));
          return add("around", x.get(0), add("sum", s, x.get(1)));
        },
        (a, b) -> a + logistic(a) + b);
    check(
        kind,
        x -> {
          Value s = sigmoid("s", x.get(0));
          Value sum = add("sum", s, x.get(1));
          return add("around", add("sums", s, sum), leakyRelu("l", sum));
        },
        (a, b) -> 2 * logistic(a) + b + leaky(logistic(a) + b));
  }

  @ParameterizedTest
  @MethodSource("dae.kernel.TestBackends#all")
  void besideAConcatenation(TestBackends kind) {
    UnaryOperator<Value> folded = both -> conv2d("mix", both, SHAPE.c(), 1, 1);
    try (Backend backend = kind.open()) {
      OpRun run =
          OpRun.training(
              backend,
              N,
              x -> folded.apply(Concat.concat("both", add("sum", x.get(0), x.get(1)), x.get(0))),
              SHAPE,
              SHAPE);
      OpRun apart =
          OpRun.training(
              backend,
              N,
              x -> folded.apply(Concat.concat("both", x.get(0), x.get(1))),
              SHAPE,
              SHAPE);
      float[] a = uniform(1, COUNT);
      float[] b = uniform(2, COUNT);
      float[] sum = new float[COUNT];
      for (int i = 0; i < COUNT; i++) {
        sum[i] = a[i] + b[i];
      }
      run.run(N, uniform(3, COUNT), a, b);
      apart.run(N, uniform(3, COUNT), sum, a);
      assertArrayEquals(apart.y(), run.y());
      assertArrayEquals(apart.dx(0), run.dx(1));
      float[] da = apart.dx(1);
      for (int i = 0; i < COUNT; i++) {
        da[i] += apart.dx(0)[i];
      }
      assertClose(da, run.dx(0), 1e-6, "da");
    }
  }

  /// Values and central differences of ⟨y, dy⟩, in training and in inference.
  private static void check(TestBackends kind, Function<List<Value>, Value> op, Formula formula) {
    float[] a = uniform(1, COUNT);
    float[] b = uniform(2, COUNT);
    float[] dy = uniform(3, COUNT);
    double[] A = doubles(a);
    double[] B = doubles(b);
    double[] y = transcribed(formula, A, B);
    try (Backend backend = kind.open()) {
      OpRun training = OpRun.training(backend, N, op, SHAPE, SHAPE);
      training.run(N, dy, a, b);
      assertClose(y, training.y(), 1e-6, "y");
      double[] da = slope(at -> dot(doubles(dy), transcribed(formula, at, B)), A, 1e-5);
      double[] db = slope(at -> dot(doubles(dy), transcribed(formula, A, at)), B, 1e-5);
      assertClose(da, training.dx(0), 1e-6, "da");
      assertClose(db, training.dx(1), 1e-6, "db");
      OpRun inference = new OpRun(backend, Mode.PLAIN_INFERENCE, N, op, SHAPE, SHAPE);
      inference.run(N, null, a, b);
      assertClose(y, inference.y(), 1e-6, "y in inference");
    }
  }

  private static double[] transcribed(Formula formula, double[] a, double[] b) {
    double[] y = new double[a.length];
    for (int i = 0; i < y.length; i++) {
      y[i] = formula.of(a[i], b[i]);
    }
    return y;
  }

  /// In inference the sum of two values takes the memory of the first, unless that is wanted
  /// afterwards.
  @Test
  void takesThePlaceOfWhatNobodyReadsAnyMore() {
    try (Backend backend = TestBackends.scalar().open()) {
      Graph graph = new Graph();
      Value x = graph.input("x", SHAPE);
      Value r = relu("r", x);
      Value sum = add("sum", r, sigmoid("s", x));
      long image =
          Float.BYTES * (long) Math.ceilDiv(COUNT, backend.granularity()) * backend.granularity();
      assertEquals(3 * image, draft(graph, backend, sum).bytes());
      assertEquals(4 * image, draft(graph, backend, sum, r).bytes());
    }
  }

  private static PlanDraft draft(Graph graph, Backend backend, Value... roots) {
    return new PlanDraft(graph, List.of(roots), Mode.PLAIN_INFERENCE, backend, N);
  }

  /// A value that lives inside a concatenation and is wanted afterwards is not overwritten.
  @ParameterizedTest
  @MethodSource("dae.kernel.TestBackends#all")
  void leavesRootsAlone(TestBackends kind) {
    try (Backend backend = kind.open()) {
      Graph graph = new Graph();
      Value x = graph.input("x", SHAPE);
      Value r = leakyRelu("r", x);
      Value both = Concat.concat("both", r, sigmoid("s", x));
      Value sum = add("sum", both, Concat.concat("twice", x, x));
      Value clipped = Clip.clip("clip", sum);
      float[] a = uniform(1, COUNT);
      try (Parameters none = new Parameters(List.of(), backend, 1);
          Plan alone = draft(graph, backend, r).open(none);
          Plan all = draft(graph, backend, clipped, r).open(none)) {
        alone.upload(x, a, N);
        alone.forward(N);
        all.upload(x, a, N);
        all.forward(N);
        float[] expected = new float[COUNT];
        float[] got = new float[COUNT];
        alone.download(r, expected, 0);
        all.download(r, got, 0);
        assertArrayEquals(expected, got);
        float[] y = new float[2 * COUNT];
        all.download(clipped, y, 0);
        int c = SHAPE.c();
        for (int i = 0; i < COUNT; i++) {
          double whole = expected[i] + a[i];
          assertEquals(Math.clamp(whole, 0, 1), y[i / c * 2 * c + i % c], 1e-6);
        }
      }
    }
  }

  @Test
  void shapesAreCheckedWhenTheGraphIsBuilt() {
    Graph graph = new Graph();
    Value a = graph.input("a", Shape.image(4, 4, 2));
    Value b = graph.input("b", Shape.image(4, 4, 3));
    String message =
        assertThrows(IllegalArgumentException.class, () -> add("sum", a, b)).getMessage();
    assertTrue(message.startsWith("sum: expected N×H4×W4×C2, got N×H4×W4×C3"), message);
    Value loss = MeanSquaredError.meanSquaredError("loss", a, a);
    assertThrows(IllegalArgumentException.class, () -> add("sum", loss, loss));
  }
}
