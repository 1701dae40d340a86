package dae.op;

import static dae.op.BatchNorm.batchNorm;
import static dae.op.Concat.concat;
import static dae.op.Conv2d.conv2d;
import static dae.op.ConvTranspose2d.convTranspose2d;
import static dae.op.Relu.relu;
import static dae.op.Sigmoid.sigmoid;
import static dae.tensor.Numbers.assertClose;
import static dae.tensor.Numbers.doubles;
import static dae.tensor.Numbers.norm;
import static dae.tensor.Numbers.uniform;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dae.graph.Graph;
import dae.graph.Mode;
import dae.graph.OpRun;
import dae.graph.Parameters;
import dae.graph.PlanDraft;
import dae.graph.Rewrite;
import dae.graph.Value;
import dae.kernel.Backend;
import dae.kernel.TestBackends;
import dae.tensor.Shape;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A rewritten tape makes the values of the plain one.
class FusionTest {
  private static final int N = 3;
  private static final Shape X = Shape.image(6, 4, 5);

  /// A small U: two blocks, one of them read twice.
  private static Value model(List<Value> x) {
    Value c = relu("r1", batchNorm("bn1", conv2d("conv", x.getFirst(), 7, 3, 2)));
    Value d = relu("r2", batchNorm("bn2", convTranspose2d("deconv", c, 3, 3, 2)));
    return sigmoid("s", conv2d("last", concat("both", d, x.getFirst()), 2, 3, 1));
  }

  private static OpRun run(Backend backend, Mode mode) {
    OpRun run = new OpRun(backend, mode, N, FusionTest::model, X);
    int seed = 10;
    for (String name : List.of("conv", "deconv", "last")) {
      run.set(name + "/bias", uniform(seed++, run.get(name + "/bias").length));
    }
    for (String name : List.of("bn1", "bn2")) {
      run.set(name + "/beta", uniform(seed++, run.get(name + "/beta").length));
      run.set(name + "/gamma", uniform(seed++, run.get(name + "/gamma").length));
      run.set(name + "/moving_mean", uniform(seed++, run.get(name + "/beta").length));
      float[] variance = uniform(seed++, run.get(name + "/beta").length);
      for (int c = 0; c < variance.length; c++) {
        variance[c] += 1.25f;
      }
      run.set(name + "/moving_variance", variance);
    }
    boolean training = mode.training();
    run.run(N, training ? uniform(2, N * run.output().size()) : null, uniform(1, N * X.size()));
    return run;
  }

  @ParameterizedTest
  @MethodSource("dae.kernel.TestBackends#all")
  void trainingIsTheSame(TestBackends kind) {
    try (Backend backend = kind.open()) {
      OpRun plain = run(backend, Mode.PLAIN_TRAINING);
      OpRun fused = run(backend, Fusion.TRAINING);
      assertClose(plain.y(), fused.y(), 1e-6, "y");
      assertClose(plain.dx(0), fused.dx(0), 1e-6, "dx");
      for (String name :
          List.of(
              "conv/kernel",
              "bn1/gamma",
              "bn1/beta",
              "deconv/kernel",
              "bn2/gamma",
              "bn2/beta",
              "last/kernel",
              "last/bias")) {
        assertClose(plain.gradient(name), fused.gradient(name), 1e-6, name);
        assertTrue(norm(doubles(fused.gradient(name))) > 1e-3, name + " is not idle");
      }
      for (String name : List.of("conv/bias", "deconv/bias")) {
        assertTrue(norm(doubles(plain.gradient(name))) < 1e-5, name + " is nearly 0");
        assertArrayEquals(
            new float[fused.gradient(name).length], fused.gradient(name), name + " is 0");
      }
      for (String name : List.of("bn1/moving_mean", "bn2/moving_variance")) {
        assertClose(plain.get(name), fused.get(name), 1e-6, name);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("dae.kernel.TestBackends#all")
  void inferenceIsTheSame(TestBackends kind) {
    try (Backend backend = kind.open()) {
      float[] plain = run(backend, Mode.PLAIN_INFERENCE).y();
      assertClose(plain, run(backend, Fusion.INFERENCE).y(), 1e-6, "y");
    }
  }

  @Test
  void aNormThatIsReadTwiceStaysAsItIs() {
    Graph graph = new Graph();
    Value norm = batchNorm("bn", conv2d("conv", graph.input("x", X), 2, 3, 1));
    concat("both", relu("r", norm), sigmoid("s", norm));
    assertEquals(5, graph.tape().size());
    assertEquals(5, Fusion.batchNormRelu(graph.tape()).size());
  }

  @Test
  void aNormBehindAReluIsMerged() {
    Graph graph = new Graph();
    Value y = relu("r", batchNorm("bn", conv2d("conv", graph.input("x", X), 2, 3, 1)));
    List<Graph.Entry> fused = Fusion.batchNormRelu(graph.tape());
    assertEquals(2, fused.size());
    assertEquals(y, fused.getLast().output());
  }

  @Test
  void inferenceHasOneEntryForAConvolutionAndWhatFollowsIt() {
    Graph graph = new Graph();
    model(List.of(graph.input("x", X)));
    List<Graph.Entry> tape = graph.tape();
    for (Rewrite rewrite : Fusion.INFERENCE.rewrites()) {
      tape = rewrite.apply(tape);
    }
    assertEquals(
        List.of("conv", "deconv", "both", "last"),
        tape.stream().map(entry -> entry.op().label()).toList());
  }

  @Test
  void aConvolutionThatIsReadTwiceIsNotFolded() {
    Graph graph = new Graph();
    Value c = conv2d("conv", graph.input("x", X), 2, 3, 1);
    concat("both", batchNorm("bn", c), c);
    assertEquals(graph.tape(), Fusion.foldedBatchNorm(graph.tape()));
  }

  @Test
  void aConvolutionThatIsReadTwiceKeepsItsSigmoidApart() {
    Graph graph = new Graph();
    Value c = conv2d("conv", graph.input("x", X), 2, 3, 1);
    concat("both", sigmoid("s", c), c);
    assertEquals(graph.tape(), Fusion.foldedActivation(graph.tape()));
  }

  @Test
  void aRootThatWasMergedIsNamed() {
    Graph graph = new Graph();
    Value norm = batchNorm("bn", graph.input("x", X));
    Value y = relu("r", norm);
    try (Backend backend = TestBackends.scalar().open()) {
      Parameters parameters = new Parameters(graph.params(), backend, 1);
      assertEquals(
          "plan: expected roots that are made on the tape, got bn N×H6×W4×C5, which a rewrite has"
              + " merged into its reader — compile without that rewrite",
          assertThrows(
                  IllegalArgumentException.class,
                  () ->
                      new PlanDraft(graph, List.of(y, norm), Fusion.INFERENCE, backend, N)
                          .open(parameters))
              .getMessage());
    }
  }

  @Test
  void aBiasWithAnotherReaderKeepsItsGradient() {
    Graph graph = new Graph();
    Value c = conv2d("conv", graph.input("x", X), 2, 3, 1);
    concat("both", batchNorm("bn", c), c);
    assertEquals(graph.tape(), Fusion.idleBias(graph.tape()));
  }
}
