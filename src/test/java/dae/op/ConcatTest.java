package dae.op;

import static dae.op.Concat.concat;
import static dae.op.Relu.relu;
import static dae.op.Sigmoid.sigmoid;
import static dae.tensor.Numbers.assertClose;
import static dae.tensor.Numbers.dot;
import static dae.tensor.Numbers.doubles;
import static dae.tensor.Numbers.slope;
import static dae.tensor.Numbers.uniform;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

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
import java.util.function.BinaryOperator;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Chains in which inputs of a concatenation can live in its output, and chains in which they must
/// not.
class ConcatTest {
  private static final int N = 2;
  private static final int H = 3;
  private static final int W = 5;
  private static final int A = 3;
  private static final int B = 2;
  private static final double[] LATE = doubles(uniform(4, N * H * W * B));

  /// The same words, recorded on the tape and computed in double.
  private record Chain(
      String name, Function<List<Value>, Value> taped, BinaryOperator<double[]> transcribed) {}

  private static final List<Chain> CHAINS =
      List.of(
          new Chain("placed", v -> concat("c", v.get(0), v.get(1)), (a, b) -> joined(a, b)),
          new Chain(
              "both halves of one value",
              v -> concat("d", v.get(0), concat("c", v.get(1), v.get(1))),
              (a, b) -> joined(a, joined(b, b))),
          new Chain(
              "read before the concatenation, as a skip connection is",
              v -> {
                Value deep = sigmoid("s", relu("r", v.get(0)));
                return concat("d", concat("c", deep, v.get(0)), v.get(1));
              },
              (a, b) -> joined(joined(squeezed(cut(a)), a), b)),
          new Chain(
              "read again after the concatenation",
              v -> concat("d", sigmoid("s", concat("c", v.get(0), v.get(1))), v.get(0)),
              (a, b) -> joined(squeezed(joined(a, b)), a)),
          new Chain(
              "read again by another op after the concatenation",
              v -> {
                Value c = sigmoid("s", concat("c", v.get(0), v.get(1)));
                return concat("d", c, sigmoid("late", v.get(1)));
              },
              (a, b) -> joined(squeezed(joined(a, b)), squeezed(b))),
          new Chain(
              "concatenation within a concatenation",
              v -> concat("d", relu("r", v.get(0)), concat("c", v.get(0), v.get(1))),
              (a, b) -> joined(cut(a), joined(a, b))),
          new Chain(
              "two readers of the concatenation",
              v -> {
                Value c = concat("c", v.get(0), v.get(1));
                return concat("d", relu("r", c), sigmoid("s", c));
              },
              (a, b) -> joined(cut(joined(a, b)), squeezed(joined(a, b)))),
          new Chain(
              "one reader all along, so that every gradient can overwrite the one before",
              v -> {
                Value c = concat("c", relu("a", v.get(0)), sigmoid("b", v.get(1)));
                return sigmoid("s", relu("r", c));
              },
              (a, b) -> squeezed(cut(joined(cut(a), squeezed(b))))),
          new Chain(
              "an input that is not made on the tape",
              v -> {
                Value late = v.get(0).graph().input("late", Shape.image(H, W, B));
                return concat("d", concat("c", late, relu("r", v.get(0))), v.get(1));
              },
              (a, b) -> joined(joined(LATE, cut(a)), b)));

  @ParameterizedTest
  @MethodSource("dae.kernel.TestBackends#all")
  void matchesTheTranscriptionAndItsSlopes(TestBackends kind) {
    float[] a = uniform(1, N * H * W * A);
    float[] b = uniform(2, N * H * W * B);
    try (Backend backend = kind.open()) {
      for (Chain chain : CHAINS) {
        OpRun run =
            OpRun.training(backend, N, chain.taped, Shape.image(H, W, A), Shape.image(H, W, B));
        float[] dy = uniform(3, N * run.output().size());
        run.upload("late", uniform(4, N * H * W * B), N);
        run.run(N, dy, a, b);
        double[] wideA = doubles(a);
        double[] wideB = doubles(b);
        double[] DY = doubles(dy);
        assertClose(chain.transcribed.apply(wideA, wideB), run.y(), 1e-6, chain.name + " y");
        double[] da = slope(at -> dot(chain.transcribed.apply(at, wideB), DY), wideA, 1e-6);
        double[] db = slope(at -> dot(chain.transcribed.apply(wideA, at), DY), wideB, 1e-6);
        assertClose(da, run.dx(0), 1e-6, chain.name + " da");
        assertClose(db, run.dx(1), 1e-6, chain.name + " db");
      }
    }
  }

  @Test
  void inputsLiveInTheOutputUnlessTheyAreReadAgain() {
    Graph graph = new Graph();
    Value x = graph.input("x", Shape.image(H, W, A));
    Value a = relu("a", x);
    Value b = sigmoid("b", x);
    Value c = concat("c", a, b);
    Value d = concat("d", relu("r", c), a);
    try (Backend backend = TestBackends.scalar().open()) {
      Parameters parameters = new Parameters(graph.params(), backend, 1);
      Plan plan =
          new PlanDraft(graph, List.of(d, c, b, a), Mode.PLAIN_INFERENCE, backend, N)
              .open(parameters);
      assertEquals(2 * A, plan.tensor(b).pitch(), "b lives in c");
      assertEquals(plan.tensor(c).offset() + A, plan.tensor(b).offset());
      assertEquals(3 * A, plan.tensor(a).pitch(), "a lives in d, its last reader");
      assertEquals(plan.tensor(d).offset() + 2 * A, plan.tensor(a).offset());
    }
  }

  @Test
  void rejectsImagesOfTwoSizes() {
    Graph graph = new Graph();
    Value a = graph.input("a", Shape.image(4, 4, 2));
    Value b = graph.input("b", Shape.image(4, 5, 2));
    assertEquals(
        "c: expected two images of one size, got a N×H4×W4×C2 and b N×H4×W5×C2 — bring them to"
            + " the same H×W first",
        assertThrows(IllegalArgumentException.class, () -> concat("c", a, b)).getMessage());
  }

  private static double[] joined(double[] a, double[] b) {
    int pixels = N * H * W;
    int wa = a.length / pixels;
    int wb = b.length / pixels;
    double[] both = new double[a.length + b.length];
    for (int i = 0; i < both.length; i++) {
      int pixel = i / (wa + wb);
      int channel = i % (wa + wb);
      both[i] = channel < wa ? a[pixel * wa + channel] : b[pixel * wb + channel - wa];
    }
    return both;
  }

  private static double[] cut(double[] x) {
    return java.util.Arrays.stream(x).map(v -> v > 0 ? v : 0).toArray();
  }

  private static double[] squeezed(double[] x) {
    return java.util.Arrays.stream(x).map(v -> 1 / (1 + Math.exp(-v))).toArray();
  }
}
