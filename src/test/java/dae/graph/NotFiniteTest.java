package dae.graph;

import static dae.op.Conv2d.conv2d;
import static dae.op.MeanSquaredError.meanSquaredError;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dae.file.Tensors;
import dae.kernel.Backend;
import dae.kernel.TestBackends;
import dae.model.ArticleNetwork;
import dae.model.Denoising;
import dae.model.Loss;
import dae.op.Fusion;
import dae.optim.Adam;
import dae.tensor.Numbers;
import dae.tensor.Shape;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A value that is infinite or NaN stops the optimiser and is traced to the op that made it.
class NotFiniteTest {
  private final Denoising model =
      Denoising.uploaded(new ArticleNetwork(2), Loss.MEAN_SQUARED_ERROR, 16, 16);
  private final float[] pixels = Numbers.uniform(1, 2 * 16 * 16 * 3);

  private Parameters parameters;
  private Plan plan;
  private Adam adam;

  private void open(Backend backend) {
    parameters = new Parameters(model.graph().params(), backend, 1);
    plan =
        new PlanDraft(model.graph(), List.of(model.loss()), Fusion.TRAINING, backend, 2)
            .open(parameters);
    adam = new Adam(parameters, backend);
    step();
    assertTrue(Float.isFinite(plan.scalar(model.loss())));
    assertEquals(Optional.empty(), plan.firstNotFinite());
  }

  private void step() {
    plan.upload(model.noisy(), pixels, 2);
    plan.upload(model.clean(), pixels, 2);
    plan.forward(2);
    plan.backward();
    adam.step(1e-3, 0, plan.tensor(model.loss()));
  }

  /// Everything that the optimiser owns.
  private Map<String, float[]> learnt() {
    Map<String, float[]> state = new HashMap<>();
    parameters.all().values().stream()
        .filter(Param::trainable)
        .forEach(param -> state.put(param.name(), parameters.get(param.name())));
    Tensors moments = new Tensors();
    adam.save(moments);
    moments.all().forEach((name, entry) -> state.put(name, entry.data()));
    return state;
  }

  private void assertStopped(String culprit) {
    Map<String, float[]> before = learnt();
    step();
    assertTrue(!Float.isFinite(plan.scalar(model.loss())), "the loss says so");
    learnt().forEach((name, after) -> assertArrayEquals(before.get(name), after, name));
    assertEquals(Optional.of(culprit), plan.firstNotFinite());
    for (String name : parameters.all().keySet()) {
      for (float value : name.contains("/moving_") ? parameters.get(name) : new float[0]) {
        assertTrue(Float.isFinite(value), name + " stays good");
      }
    }
  }

  @ParameterizedTest
  @MethodSource("dae.kernel.TestBackends#all")
  void aPixelThatIsNotANumber(TestBackends kind) {
    try (Backend backend = kind.open()) {
      open(backend);
      pixels[700] = Float.NaN;
      assertStopped("conv_block1/conv2d forward");
    }
  }

  @ParameterizedTest
  @MethodSource("dae.kernel.TestBackends#all")
  void aWeightThatIsInfinite(TestBackends kind) {
    try (Backend backend = kind.open()) {
      open(backend);
      String name = "deconv_block2/conv2d_transpose/kernel";
      float[] w = parameters.get(name);
      w[17] = Float.POSITIVE_INFINITY;
      parameters.set(name, w);
      assertStopped("deconv_block2/conv2d_transpose forward");
    }
  }

  /// y = a·b·x with a = 1e-30 and b = 1e30 is harmless, but on the way back dy·b = 2e9·1e30 is more
  /// than a float can hold.
  @ParameterizedTest
  @MethodSource("dae.kernel.TestBackends#all")
  void aGradientThatOverflows(TestBackends kind) {
    try (Backend backend = kind.open()) {
      Graph graph = new Graph();
      Shape one = Shape.image(1, 1, 1);
      Value x = graph.input("x", one);
      Value target = graph.input("target", one);
      Value y = conv2d("b", conv2d("a", x, 1, 1, 1), 1, 1, 1);
      Value loss = meanSquaredError("loss", y, target);
      Parameters few = new Parameters(graph.params(), backend, 1);
      few.set("a/kernel", new float[] {1e-30f});
      few.set("b/kernel", new float[] {1e30f});
      Plan small = new PlanDraft(graph, List.of(loss), Mode.PLAIN_TRAINING, backend, 1).open(few);
      small.upload(x, new float[] {1}, 1);
      small.upload(target, new float[] {-1e9f}, 1);
      small.forward(1);
      small.backward();
      assertTrue(Float.isFinite(small.scalar(loss)));
      Adam careful = new Adam(few, backend);
      careful.step(1e-3, 0, small.tensor(loss));
      assertTrue(Float.isNaN(small.scalar(loss)), "the loss says so");
      assertArrayEquals(new float[] {1e-30f}, few.get("a/kernel"));
      assertArrayEquals(new float[] {1e30f}, few.get("b/kernel"));
      Tensors moments = new Tensors();
      careful.save(moments);
      assertArrayEquals(new float[1], moments.all().get("adam/m/a/kernel").data());
      assertEquals(Optional.of("b backward"), small.firstNotFinite());
    }
  }
}
