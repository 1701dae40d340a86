package dae.graph;

import static dae.op.Concat.concat;
import static dae.op.Conv2d.conv2d;
import static dae.op.Relu.relu;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dae.kernel.Backend;
import dae.kernel.TestBackends;
import dae.model.ArticleNetwork;
import dae.model.Denoising;
import dae.model.Loss;
import dae.model.Network;
import dae.model.SmallNetworks;
import dae.op.Fusion;
import dae.op.MeanSquaredError;
import dae.tensor.Numbers;
import dae.tensor.Shape;
import dae.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PlanTest {
  @ParameterizedTest
  @MethodSource("dae.kernel.TestBackends#all")
  void fewImagesInALargePlanGiveTheBitsOfASmallPlan(TestBackends kind) {
    try (Backend backend = kind.open()) {
      Training small = new Training(backend, 3);
      Training large = new Training(backend, 5);
      for (int epoch = 0; epoch < 2; epoch++) {
        small.step(3, epoch);
        large.step(3, epoch);
        assertEquals(small.loss(), large.loss());
        assertArrayEquals(small.denoised(3), large.denoised(3));
        assertArrayEquals(small.weights(backend), large.weights(backend));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("dae.kernel.TestBackends#all")
  void aLargerRunBeforeLeavesNothingBehind(TestBackends kind) {
    try (Backend backend = kind.open()) {
      Training fresh = new Training(backend, 4);
      Training used = new Training(backend, 4);
      used.gradients(4, 5);
      fresh.gradients(2, 1);
      used.gradients(2, 1);
      assertEquals(fresh.loss(), used.loss());
      assertArrayEquals(fresh.gradients(backend), used.gradients(backend));
    }
  }

  @ParameterizedTest
  @MethodSource("dae.kernel.TestBackends#all")
  void anInferencePlanFollowsItsWeights(TestBackends kind) {
    try (Backend backend = kind.open()) {
      Training training = new Training(backend, 2);
      Denoising model =
          Denoising.uploaded(new ArticleNetwork(Training.WIDTH), Loss.MEAN_SQUARED_ERROR, 16, 16);
      Plan lasting = inference(model, training.parameters, backend);
      float[] x = Numbers.uniform(1, 2 * 16 * 16 * 3);
      float[] before = denoise(lasting, model, x);
      training.step(2, 0);
      float[] after = denoise(lasting, model, x);
      Plan fresh = inference(model, training.parameters, backend);
      assertArrayEquals(denoise(fresh, model, x), after, "after a step of Adam");
      assertTrue(!Arrays.equals(before, after), "the step changed something");
      for (Param param : training.parameters.all().values()) {
        if (param.name().endsWith("kernel")) {
          float[] half = training.parameters.get(param.name());
          for (int i = 0; i < half.length; i++) {
            half[i] /= 2;
          }
          training.parameters.set(param.name(), half);
        }
      }
      fresh = inference(model, training.parameters, backend);
      assertArrayEquals(
          denoise(fresh, model, x), denoise(lasting, model, x), "after Parameters.set");
    }
  }

  @ParameterizedTest
  @MethodSource("dae.kernel.TestBackends#all")
  void gradientsTakeTheMemoryOfInputsThatHaveBeenRead(TestBackends kind) {
    try (Backend backend = kind.open()) {
      Mode mode = apart(Fusion.TRAINING, Op::gradientsLast);
      Training apart = new Training(backend, new ArticleNetwork(Training.WIDTH), 3, mode);
      Training sharing = new Training(backend, 3);
      assertTrue(sharing.plan.bytes() < apart.plan.bytes());
      apart.gradients(3, 1);
      sharing.gradients(3, 1);
      assertArrayEquals(apart.gradients(backend), sharing.gradients(backend));
    }
  }

  /// Sums, activations and concatenations may lie where their inputs are, and gradients likewise.
  @ParameterizedTest
  @MethodSource("dae.kernel.TestBackends#all")
  void whatIsInPlaceHasTheBitsOfWhatIsNot(TestBackends kind) {
    try (Backend backend = kind.open()) {
      long[] saved = new long[2];
      for (Network network : SmallNetworks.all()) {
        Mode mode = apart(Fusion.TRAINING, op -> true);
        Training apart = new Training(backend, network, 2, mode);
        Training sharing = new Training(backend, network, 2);
        saved[0] += apart.plan.bytes() - sharing.plan.bytes();
        for (int epoch = 0; epoch < 2; epoch++) {
          apart.step(2, epoch);
          sharing.step(2, epoch);
          assertArrayEquals(apart.gradients(backend), sharing.gradients(backend), network.word());
        }
        Denoising model = Denoising.inference(network, 32, 32);
        Parameters parameters = sharing.parameters;
        float[] x = Numbers.uniform(1, 2 * 32 * 32 * 3);
        Plan all = inference(model, apart(Fusion.INFERENCE, op -> true), parameters, backend);
        Plan few = inference(model, Fusion.INFERENCE, parameters, backend);
        saved[1] += all.bytes() - few.bytes();
        assertArrayEquals(denoise(all, model, x), denoise(few, model, x), network.word());
      }
      assertTrue(saved[0] > 0 && saved[1] > 0, "bytes saved: " + Arrays.toString(saved));
    }
  }

  /// The mode, where the chosen ops promise nothing about their memory.
  private static Mode apart(Mode mode, Predicate<Op> chosen) {
    List<Rewrite> rewrites = new ArrayList<>(mode.rewrites());
    rewrites.add(tape ->
        tape.stream()
            .map(e -> chosen.test(e.op()) ? new Graph.Entry(new Apart(e.op()), e.output()) : e)
            .toList());
    return new Mode(mode.training(), rewrites);
  }

  /// An op without its promises: what may lie where, and what is read before what is written.
  private record Apart(Op op) implements Op {
    @Override
    public String label() {
      return op.label();
    }

    @Override
    public List<Value> inputs() {
      return op.inputs();
    }

    @Override
    public List<Param> params() {
      return op.params();
    }

    @Override
    public Shape output() {
      return op.output();
    }

    @Override
    public Keeps keeps() {
      return op.keeps();
    }

    @Override
    public List<Shape> saved() {
      return op.saved();
    }

    @Override
    public void prepare(Setup setup) {
      op.prepare(setup);
    }

    @Override
    public void forward(Step s) {
      op.forward(s);
    }

    @Override
    public void backward(Step s) {
      op.backward(s);
    }
  }

  /// Java arrays check their bounds; a device's memory does not.
  @ParameterizedTest
  @MethodSource("dae.kernel.TestBackends#onHeap")
  void channelsAtTheEndOfTheMemoryAreNotReadBeyond(TestBackends kind) {
    try (Backend backend = kind.open()) {
      Graph graph = new Graph();
      Value x = graph.input("x", Shape.image(4, 4, 64));
      Value a = conv2d("a", x, 16, 3, 1);
      Value both = concat("both", conv2d("b", a, 16, 3, 1), a);
      Parameters parameters = new Parameters(graph.params(), backend, 1);
      Plan plan =
          new PlanDraft(graph, List.of(both), Mode.PLAIN_INFERENCE, backend, 1).open(parameters);
      Tensor last = plan.tensor(both);
      assertEquals(last.floats().length, last.offset() + both.shape().size());
      plan.upload(x, Numbers.uniform(1, x.shape().size()), 1);
      plan.forward(1);
    }
  }

  private static Plan inference(Denoising model, Parameters parameters, Backend backend) {
    return inference(model, Fusion.INFERENCE, parameters, backend);
  }

  private static Plan inference(
      Denoising model, Mode mode, Parameters parameters, Backend backend) {
    return new PlanDraft(model.graph(), List.of(model.denoised()), mode, backend, 2)
        .open(parameters);
  }

  private static float[] denoise(Plan plan, Denoising model, float[] x) {
    plan.upload(model.noisy(), x, 2);
    plan.forward(2);
    float[] y = new float[x.length];
    plan.download(model.denoised(), y, 0);
    return y;
  }

  @Test
  void anotherNumberOfImagesIsRejected() {
    try (Backend backend = TestBackends.scalar().open()) {
      Training training = new Training(backend, 2);
      for (int n : new int[] {-1, 0, 3}) {
        assertEquals(
            "plan: expected 1 to 2 images, got " + n + " — compile for more",
            assertThrows(IllegalArgumentException.class, () -> training.plan.forward(n))
                .getMessage());
        Value input = training.model.denoised();
        float[] values = new float[3 * input.shape().size()];
        assertThrows(IllegalArgumentException.class, () -> training.plan.upload(input, values, n));
      }
      assertThrows(
          IllegalArgumentException.class,
          () ->
              new PlanDraft(
                      training.model.graph(),
                      List.of(training.model.loss()),
                      Mode.PLAIN_TRAINING,
                      backend,
                      0)
                  .open(training.parameters));
    }
  }

  @Test
  void mistakesAreNamedWhenTheGraphIsBuilt() {
    Graph graph = new Graph();
    Value x = graph.input("x", Shape.image(4, 4, 3));
    Value y = conv2d("conv", x, 2, 3, 1);
    assertEquals(
        "conv: expected a new parameter name, got conv/kernel again",
        assertThrows(IllegalArgumentException.class, () -> conv2d("conv", x, 2, 3, 1))
            .getMessage());
    Value stranger = new Graph().input("stranger", y.shape());
    assertEquals(
        "loss: expected inputs of one graph, got stranger N×H4×W4×C2 of another",
        assertThrows(
                IllegalArgumentException.class,
                () -> MeanSquaredError.meanSquaredError("loss", y, stranger))
            .getMessage());
  }

  @Test
  void parametersOfAnotherModelAreNamed() {
    try (Backend backend = TestBackends.scalar().open()) {
      Graph graph = new Graph();
      Value wide = conv2d("conv", graph.input("x", Shape.image(4, 4, 3)), 4, 3, 1);
      Graph other = new Graph();
      conv2d("conv", other.input("x", Shape.image(4, 4, 3)), 2, 3, 1);
      Parameters parameters = new Parameters(other.params(), backend, 1);
      assertEquals(
          "parameter conv/kernel: expected KH3×KW3×I3×O4, got KH3×KW3×I3×O2 — compile the graph"
              + " with parameters of its own model",
          assertThrows(
                  IllegalArgumentException.class,
                  () ->
                      new PlanDraft(graph, List.of(wide), Mode.PLAIN_INFERENCE, backend, 1)
                          .open(parameters))
              .getMessage());
    }
  }

  @Test
  void unknownParametersAndClosedPlansAreNamed() {
    try (Backend backend = TestBackends.scalar().open()) {
      Training training = new Training(backend, 1);
      String unknown =
          "parameter nobody: expected a name of this model, got an unknown one — all() lists them";
      Parameters parameters = training.parameters;
      assertEquals(
          unknown,
          assertThrows(IllegalArgumentException.class, () -> parameters.get("nobody"))
              .getMessage());
      assertEquals(
          unknown,
          assertThrows(IllegalArgumentException.class, () -> parameters.set("nobody", new float[1]))
              .getMessage());
      training.plan.close();
      assertThrows(IllegalStateException.class, () -> training.plan.forward(1));
      assertThrows(IllegalStateException.class, () -> training.plan.backward());
      assertThrows(IllegalStateException.class, () -> training.plan.scalar(training.model.loss()));
    }
  }

  @Test
  void onlyInputsAndRootsCanBeRead() {
    try (Backend backend = TestBackends.scalar().open()) {
      Graph graph = new Graph();
      Value x = graph.input("x", Shape.image(4, 4, 3));
      Value between = relu("between", x);
      Value root = relu("root", between);
      Plan plan =
          new PlanDraft(graph, List.of(root), Mode.PLAIN_INFERENCE, backend, 1)
              .open(new Parameters(graph.params(), backend, 1));
      assertEquals(
          "plan: expected an input or a root, got between N×H4×W4×C3 — name it among the roots",
          assertThrows(IllegalArgumentException.class, () -> plan.tensor(between)).getMessage());
    }
  }

  @Test
  void anUploadedRootThatNothingReadsComesBack() {
    try (Backend backend = TestBackends.scalar().open()) {
      Denoising model =
          Denoising.uploaded(new ArticleNetwork(Training.WIDTH), Loss.MEAN_SQUARED_ERROR, 16, 16);
      Plan plan =
          new PlanDraft(
                  model.graph(),
                  List.of(model.denoised(), model.clean()),
                  Mode.PLAIN_INFERENCE,
                  backend,
                  1)
              .open(new Parameters(model.graph().params(), backend, 1));
      float[] clean = Numbers.uniform(1, 16 * 16 * 3);
      plan.upload(model.clean(), clean, 1);
      plan.upload(model.noisy(), Numbers.uniform(2, clean.length), 1);
      plan.forward(1);
      float[] back = new float[clean.length];
      plan.download(model.clean(), back, 0);
      assertArrayEquals(clean, back);
    }
  }

  @Test
  void moreThanTheHeapIsSaidInOneLine() {
    try (Backend backend = TestBackends.scalar().open()) {
      Graph graph = new Graph();
      Value x = graph.input("x", Shape.image(1024, 1024, 3));
      Parameters none = new Parameters(List.of(), backend, 1);
      int images = 650;
      String message =
          assertThrows(
                  OutOfMemoryError.class,
                  () ->
                      new PlanDraft(
                              graph, List.of(relu("y", x)), Mode.PLAIN_INFERENCE, backend, images)
                          .open(none))
              .getMessage();
      assertTrue(message.startsWith("plan: expected 15600 MiB of memory, got a heap of"), message);
    }
  }
}
