package dae.op;

import static dae.op.Add.add;
import static dae.op.BatchNorm.batchNorm;
import static dae.op.Blend.blend;
import static dae.op.Clip.clip;
import static dae.op.Concat.concat;
import static dae.op.Conv2d.conv2d;
import static dae.op.ConvTranspose2d.convTranspose2d;
import static dae.op.LeakyRelu.leakyRelu;
import static dae.op.Relu.relu;
import static dae.op.Sigmoid.sigmoid;
import static dae.op.Slice.slice;
import static dae.tensor.Numbers.assertClose;
import static dae.tensor.Numbers.doubles;
import static dae.tensor.Numbers.norm;
import static dae.tensor.Numbers.uniform;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dae.graph.Graph;
import dae.graph.Init;
import dae.graph.Mode;
import dae.graph.OpRun;
import dae.graph.Parameters;
import dae.graph.PlanDraft;
import dae.graph.Rewrite;
import dae.graph.Value;
import dae.kernel.Backend;
import dae.kernel.TestBackends;
import dae.tensor.Shape;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
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

  /// What sums of convolutions may look like: two images, both of which may be read again.
  private static final Map<String, Function<List<Value>, Value>> SUMS = new LinkedHashMap<>();

  static {
    SUMS.put("x + conv(x)", x -> add("sum", x.get(0), add("b", conv("c", x.get(0)), x.get(1))));
    SUMS.put("conv(x) + x", x -> add("sum", add("b", conv("c", x.get(0)), x.get(0)), x.get(1)));
    SUMS.put("conv + conv", x -> add("sum", conv("c", x.get(0)), conv("d", x.get(1))));
    SUMS.put(
        "conv + its own input's sum",
        x -> {
          Value both = add("both", x.get(0), x.get(1));
          return add("sum", conv("c", both), both);
        });
    SUMS.put(
        "twice a convolution",
        x -> {
          Value c = conv("c", x.get(0));
          return add("sum", add("twice", c, c), x.get(1));
        });
    SUMS.put("a residual block", x -> add("sum", block("block", x.get(0)), x.get(1)));
    SUMS.put(
        "two blocks and a skip over both",
        x -> {
          Value y = block("second", block("first", x.get(0)));
          return add("sum", conv("c", add("skip", y, x.get(0))), x.get(1));
        });
    SUMS.put(
        "a summand that is read again",
        x -> {
          Value r = relu("r", x.get(0));
          Value sum = add("sum", conv("c", x.get(1)), r);
          return add("again", conv("d", sigmoid("s", sum)), r);
        });
    SUMS.put(
        "a convolution that is read again",
        x -> {
          Value c = conv("c", x.get(0));
          return add("again", leakyRelu("l", add("sum", c, x.get(1))), c);
        });
    SUMS.put(
        "down and up",
        x -> {
          Value half = leakyRelu("l", conv2d("down", x.get(0), 8, 2, 2));
          Value quarter = block("block", half);
          Value up = convTranspose2d("up", add("skip", conv("c", quarter), half), X.c(), 2, 2);
          return add("sum", up, x.get(1));
        });
    SUMS.put(
        "without biases",
        x -> {
          Value y = leakyRelu("l", free("c", x.get(0)));
          return add("sum", free("d", y), relu("r", free("e", x.get(1))));
        });
    SUMS.put("clipped in the end", x -> clip("clip", add("sum", conv("c", x.get(0)), x.get(1))));
    SUMS.put(
        "clipped twice",
        x -> {
          Value once = clip("once", add("sum", conv("c", x.get(0)), x.get(1)));
          return clip("clip", add("more", once, conv("d", leakyRelu("l", once))));
        });
    SUMS.put(
        "blended and clipped",
        x -> {
          Value both = conv2d("both", x.get(0), X.c() + 1, 3, 1);
          Value mask = sigmoid("mask", slice("logits", both, X.c(), 1));
          return clip("clip", blend("b", x.get(1), mask, slice("change", both, 0, X.c())));
        });
    SUMS.put(
        "laid beside",
        x -> {
          Value sum = add("sum", conv("c", x.get(0)), x.get(1));
          return conv2d("mix", concat("both", sum, block("block", sum)), 4, 1, 1);
        });
  }

  private static Value conv(String name, Value x) {
    return conv2d(name, x, x.shape().c(), 3, 1);
  }

  private static Value free(String name, Value x) {
    return conv2d(name, x, x.shape().c(), 3, 1, Init::glorotUniform, null);
  }

  /// `x + conv(leaky(conv(x)))`
  private static Value block(String name, Value x) {
    Value y = leakyRelu(name + "/relu", conv(name + "/1", x));
    return add(name + "/sum", conv(name + "/2", y), x);
  }

  private static OpRun sum(Backend backend, Mode mode, Function<List<Value>, Value> op) {
    OpRun run = new OpRun(backend, mode, N, op, X, X);
    int seed = 10;
    for (String name : run.learnt()) {
      run.set(name, uniform(seed++, run.get(name).length));
    }
    int count = N * X.size();
    float[] dy = mode.training() ? uniform(3, N * run.output().size()) : null;
    run.run(N, dy, uniform(1, count), uniform(2, count));
    return run;
  }

  @ParameterizedTest
  @MethodSource("dae.kernel.TestBackends#all")
  void sumsAreTheSame(TestBackends kind) {
    try (Backend backend = kind.open()) {
      SUMS.forEach((what, op) -> {
        OpRun plain = sum(backend, Mode.PLAIN_TRAINING, op);
        OpRun fused = sum(backend, Fusion.TRAINING, op);
        assertClose(plain.y(), fused.y(), 1e-6, what + ": y");
        for (int i = 0; i < 2; i++) {
          assertClose(plain.dx(i), fused.dx(i), 1e-6, what + ": dx " + i);
        }
        for (String name : plain.learnt()) {
          assertClose(plain.gradient(name), fused.gradient(name), 1e-6, what + ": " + name);
          assertTrue(norm(doubles(fused.gradient(name))) > 1e-3, what + ": idle " + name);
        }
        float[] y = sum(backend, Mode.PLAIN_INFERENCE, op).y();
        assertClose(y, sum(backend, Fusion.INFERENCE, op).y(), 1e-6, what + ": y of inference");
      });
    }
  }

  private static List<String> labels(Mode mode, String what) {
    Graph graph = new Graph();
    SUMS.get(what).apply(List.of(graph.input("x", X), graph.input("y", X)));
    List<Graph.Entry> tape = graph.tape();
    for (Rewrite rewrite : mode.rewrites()) {
      tape = rewrite.apply(tape);
    }
    return tape.stream().map(entry -> entry.op().label()).toList();
  }

  @Test
  void aConvolutionThatIsReadOnceAddsItself() {
    List<String> blocks =
        List.of(
            "first/1",
            "first/2 + first/sum",
            "second/1",
            "second/2 + second/sum",
            "skip",
            "c + sum");
    String what = "two blocks and a skip over both";
    for (Mode mode : List.of(Fusion.TRAINING, Fusion.INFERENCE)) {
      assertEquals(blocks, labels(mode, what));
      assertEquals(List.of("c", "twice", "sum"), labels(mode, "twice a convolution"));
      assertEquals(
          List.of("c", "sum", "l", "again"), labels(mode, "a convolution that is read again"));
      assertEquals(List.of("d", "c + sum"), labels(mode, "conv + conv"));
    }
  }

  @Test
  void trainingHasNoClip() {
    assertEquals(List.of("c + sum"), labels(Fusion.TRAINING, "clipped in the end"));
    assertEquals(List.of("c + sum", "clip"), labels(Fusion.INFERENCE, "clipped in the end"));
    assertEquals(List.of("c + sum", "l", "d + more"), labels(Fusion.TRAINING, "clipped twice"));
  }

  @Test
  void aClipOfAnInputStays() {
    Graph graph = new Graph();
    clip("clip", graph.input("x", X));
    assertEquals(graph.tape(), Fusion.idleClip(graph.tape()));
  }

  @Test
  void aClippedValueWithAnotherReaderStays() {
    Graph graph = new Graph();
    Value sum = add("sum", graph.input("x", X), graph.input("y", X));
    add("both", clip("clip", sum), sum);
    assertEquals(graph.tape(), Fusion.idleClip(graph.tape()));
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
  void aConvolutionWithoutABiasKeepsItsNormApart() {
    Graph graph = new Graph();
    batchNorm("bn", free("conv", graph.input("x", X)));
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
