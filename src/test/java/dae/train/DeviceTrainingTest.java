package dae.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dae.data.Images;
import dae.file.Tensors;
import dae.graph.Param;
import dae.graph.Parameters;
import dae.graph.Plan;
import dae.graph.PlanDraft;
import dae.kernel.Backend;
import dae.kernel.TestBackends;
import dae.model.ArticleNetwork;
import dae.model.Denoising;
import dae.model.Loss;
import dae.noise.Noises;
import dae.op.Fusion;
import dae.optim.Adam;
import dae.optim.Schedule;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Whole training runs on an OpenCL device.
class DeviceTrainingTest {
  private static final int N = 8;
  private static final int SIDE = 16;
  private static final int STEPS = 50;

  /// The longest sum of a step: the last layer's filter gradient goes over this many pixels.
  private static final int LONGEST_SUM = N * SIDE * SIDE;

  private static final Images IMAGES = SmallRuns.images(40, 1);

  /// @param nudge every weight is moved by this many units in its last place after each step, up or
  ///   down by chance
  private static float[] losses(Backend backend, double nudge, long seed) {
    Denoising model =
        Denoising.training(
            new ArticleNetwork(4),
            Noises.named("gaussian:0.1"),
            Loss.MEAN_SQUARED_ERROR,
            SIDE,
            SIDE);
    Parameters parameters = new Parameters(model.graph().params(), backend, 1);
    Random random = new Random(seed);
    float[] losses = new float[STEPS];
    try (Plan plan =
        new PlanDraft(model.graph(), List.of(model.loss()), Fusion.TRAINING, backend, N)
            .open(parameters)) {
      Adam adam = new Adam(parameters, backend);
      for (int step = 0; step < STEPS; step++) {
        int first = step * N % (IMAGES.count() - N + 1);
        byte[] pixels = new byte[N * IMAGES.bytesPerImage()];
        System.arraycopy(IMAGES.bytes(), first * IMAGES.bytesPerImage(), pixels, 0, pixels.length);
        model.feed(plan, pixels, null, new int[] {0, 1, 2, 3, 4, 5, 6, 7}, 1, step);
        plan.forward(N);
        plan.backward();
        adam.step(1e-3, 0, plan.tensor(model.loss()));
        losses[step] = plan.scalar(model.loss());
        for (Param param : nudge == 0 ? List.<Param>of() : model.graph().params()) {
          float[] values = parameters.get(param.name());
          for (int i = 0; i < values.length; i++) {
            values[i] += (float) (random.nextBoolean() ? nudge : -nudge) * Math.ulp(values[i]);
          }
          parameters.set(param.name(), values);
        }
      }
    }
    return losses;
  }

  /// The bound is measured, not chosen. A device adds in another order; of a sum of K terms that
  /// makes, as in a random walk, √K units in the last place, so a step reaches each weight with at
  /// most that. Runs on SIMD whose weights are moved by that much after every step show how far
  /// losses drift apart for no better reason: the device must stay within twice the farthest of
  /// three, the factor being for what three trials miss.
  @Test
  void fiftyStepsGoAsOnSimd() {
    try (Backend device = TestBackends.openCl().open();
        Backend simd = TestBackends.simd(1).open()) {
      float[] expected = losses(simd, 0, 0);
      float[] got = losses(device, 0, 0);
      // The first loss is a mean of squares before any weight was moved: a few roundings.
      double bound = 8 * Math.ulp(expected[0]);
      float[][] nudged = new float[3][];
      for (int i = 0; i < nudged.length; i++) {
        nudged[i] = losses(simd, Math.sqrt(LONGEST_SUM), i);
      }
      assertTrue(expected[STEPS - 1] < 0.8 * expected[0], "it learns");
      for (int step = 0; step < STEPS; step++) {
        for (float[] other : nudged) {
          bound = Math.max(bound, 2.0 * Math.abs(other[step] - expected[step]));
        }
        assertEquals(expected[step], got[step], bound, "loss of step " + step);
      }
      assertTrue(bound < 0.02 * expected[STEPS - 1], "a bound that means something: " + bound);
      assertArrayEquals(got, losses(device, 0, 0), "same seed, same device, same bits");
    }
  }

  private static Trainer trainer(Backend device) {
    Recipe recipe = new Recipe(Schedule.CONSTANT, 0, 0, 0.999, false, false, 0.5, false, "mse");
    Settings settings = SmallRuns.settings(1, "opencl", recipe);
    return new Trainer(settings.with(settings.steps().withBatchSize(8)), IMAGES, IMAGES, device);
  }

  private static float[] moment(Trainer trainer, String letter) {
    Tensors state = new Tensors();
    trainer.save(state);
    return state.all().get("adam/" + letter + "/conv_block2/conv2d/kernel").data();
  }

  /// After two steps a weight becomes infinite, and the loss of the third is NaN.
  private static boolean spoilt(Trainer trainer) {
    if (trainer.adam().steps() != 2) {
      return false;
    }
    String name = "conv_block2/conv2d/kernel";
    float[] values = trainer.parameters().get(name);
    values[0] = Float.POSITIVE_INFINITY;
    trainer.parameters().set(name, values);
    return true;
  }

  /// Losses are read together, after steps that follow the bad one. All of them are taken back, and
  /// what is left is what the good steps made.
  @Test
  void aLossThatIsNotFiniteLeavesWhatWasThereBefore() {
    try (Backend device = TestBackends.openCl().open();
        Trainer trainer = trainer(device);
        Trainer stopped = trainer(device)) {
      SmallRuns.Heard heard = new SmallRuns.Heard();
      Diverged failure =
          assertThrows(
              Diverged.class,
              () ->
                  trainer.epoch(
                      heard,
                      () -> {
                        spoilt(trainer);
                        return false;
                      }));
      assertTrue(failure.getMessage().contains("conv_block2/conv2d"), failure.getMessage());
      assertEquals(2, trainer.batch());
      assertEquals(2, trainer.adam().steps());
      stopped.epoch(heard, () -> spoilt(stopped));
      for (String name : trainer.parameters().all().keySet()) {
        assertArrayEquals(stopped.parameters().get(name), trainer.parameters().get(name), name);
        assertArrayEquals(stopped.average().get(name), trainer.average().get(name), name);
      }
      assertArrayEquals(moment(stopped, "m"), moment(trainer, "m"));
    }
  }

  /// Stopped in the middle of an epoch and resumed, it ends with the same bits.
  @Test
  void readingLossesTogetherChangesNothing() {
    try (Backend device = TestBackends.openCl().open();
        Trainer whole = trainer(device);
        Trainer pieces = trainer(device)) {
      History.Row expected = whole.epoch(new SmallRuns.Heard(), () -> false).orElseThrow();
      History.Row row = null;
      while (row == null) {
        row = pieces.epoch(new SmallRuns.Heard(), () -> pieces.adam().steps() < 5).orElse(null);
      }
      assertEquals(expected.loss(), row.loss());
      assertEquals(expected.valMse(), row.valMse());
      assertArrayEquals(moment(whole, "v"), moment(pieces, "v"));
    }
  }
}
