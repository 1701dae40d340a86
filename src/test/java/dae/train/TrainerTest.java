package dae.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dae.backend.Backends;
import dae.data.Images;
import dae.file.Tensors;
import dae.graph.Parameters;
import dae.kernel.Backend;
import dae.optim.Schedule;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What each part of a recipe does to the weights.
class TrainerTest {
  private static final Images IMAGES = SmallRuns.images(40, 1);
  private static final String KERNEL = "conv_block2/conv2d/kernel";
  private static final String VARIANCE = "conv_block2/batch_normalization/moving_variance";

  private final Backend backend = Backends.open("simd", 1);
  private final List<Trainer> trainers = new ArrayList<>();

  @AfterEach
  void close() {
    trainers.forEach(Trainer::close);
    backend.close();
  }

  private Trainer trained(int epochs, Schedule schedule, boolean flip, double ema, boolean fresh) {
    return trained(epochs, new Recipe(schedule, 0, 0, 0.999, flip, false, ema, fresh, "mse"));
  }

  private Trainer trained(int epochs, Recipe recipe) {
    Trainer trainer = fresh(epochs, recipe);
    for (int epoch = 0; epoch < epochs; epoch++) {
      trainer.epoch(new SmallRuns.Heard(), () -> false).orElseThrow();
    }
    return trainer;
  }

  private Trainer fresh(int epochs, Recipe recipe) {
    Trainer trainer =
        new Trainer(SmallRuns.settings(epochs, "simd", recipe), IMAGES, IMAGES, backend);
    trainers.add(trainer);
    return trainer;
  }

  private Trainer plain(int epochs) {
    return trained(epochs, Schedule.CONSTANT, false, 0, false);
  }

  private Parameters initial() {
    return fresh(1, Recipe.ARTICLE).parameters();
  }

  /// Adam's steps are about as long as the learning rate.
  private static double longestStep(Parameters from, Parameters to) {
    float[] a = from.get(KERNEL);
    float[] b = to.get(KERNEL);
    double longest = 0;
    for (int i = 0; i < a.length; i++) {
      longest = Math.max(longest, Math.abs(a[i] - b[i]));
    }
    return longest;
  }

  @Test
  void theCosineShortensTheLastSteps() {
    Recipe recipe = new Recipe(Schedule.COSINE, 0, 0, 0.999, false, false, 0, false, "mse");
    double[] steps = new double[4];
    try (Trainer trainer =
        new Trainer(SmallRuns.settings(4, "simd", recipe), IMAGES, IMAGES, backend)) {
      for (int epoch = 0; epoch < 4; epoch++) {
        Parameters before = trainer.parameters().copy();
        trainer.epoch(new SmallRuns.Heard(), () -> false);
        steps[epoch] = longestStep(before, trainer.parameters());
      }
    }
    assertTrue(steps[0] > 2e-3, "three steps of nearly 0.001: " + steps[0]);
    assertTrue(steps[3] < 3e-4, "three steps of 0.00015, 0.00007, 0.00002: " + steps[3]);
  }

  @Test
  void theWarmupShortensTheFirstSteps() {
    assertTrue(longestStep(initial(), plain(1).parameters()) > 2e-3, "three steps of nearly 0.001");
    Recipe recipe = new Recipe(Schedule.CONSTANT, 300, 0, 0.999, false, false, 0, false, "mse");
    double longest = longestStep(initial(), trained(1, recipe).parameters());
    assertTrue(longest > 1e-6 && longest < 3e-5, "1/300, 2/300 and 3/300 of it: " + longest);
  }

  @Test
  void turnedImagesLeadElsewhere() {
    Recipe recipe = new Recipe(Schedule.CONSTANT, 0, 0, 0.999, false, true, 0, false, "mse");
    assertTrue(longestStep(plain(1).parameters(), trained(1, recipe).parameters()) > 1e-5);
  }

  /// Adam's first step is as long whatever the gradient's norm is, its later ones are not.
  @Test
  void clippedGradientsLeadElsewhereUnlessTheyAreShort() {
    Recipe far = new Recipe(Schedule.CONSTANT, 0, 1e6, 0.999, false, false, 0, false, "mse");
    Recipe near = new Recipe(Schedule.CONSTANT, 0, 1e-2, 0.999, false, false, 0, false, "mse");
    Parameters plain = plain(1).parameters();
    assertEquals(0, longestStep(plain, trained(1, far).parameters()));
    assertTrue(longestStep(plain, trained(1, near).parameters()) > 1e-5);
  }

  @Test
  void mirroredImagesLeadElsewhere() {
    Trainer flipped = trained(1, Schedule.CONSTANT, true, 0, false);
    assertTrue(longestStep(plain(1).parameters(), flipped.parameters()) > 1e-5);
  }

  @Test
  void theAverageFollowsTheWeightsAndLeavesThemAlone() {
    Trainer plain = plain(2);
    Trainer averaged = trained(2, Schedule.CONSTANT, false, 0.5, false);
    assertArrayEquals(plain.parameters().get(KERNEL), averaged.parameters().get(KERNEL));
    double moved = longestStep(initial(), averaged.saved());
    double behind = longestStep(averaged.saved(), averaged.parameters());
    assertTrue(behind > 0, "the weights themselves were kept");
    assertTrue(behind < moved, behind + " behind the weights, " + moved + " from the start");
  }

  @Test
  void theStatisticsAreThoseOfTheAveragedWeights() {
    float[] raw = trained(2, Schedule.CONSTANT, false, 0, true).saved().get(VARIANCE);
    float[] averaged = trained(2, Schedule.CONSTANT, false, 0.9, true).saved().get(VARIANCE);
    float[] moving = trained(2, Schedule.CONSTANT, false, 0.9, false).saved().get(VARIANCE);
    assertFalse(Arrays.equals(raw, averaged), "of the weights, not of their average");
    assertFalse(Arrays.equals(moving, averaged), "not fresh");
  }

  @Test
  void whatIsSavedIsKnownBeforeTheFirstEpochToo() {
    Recipe recipe = new Recipe(Schedule.CONSTANT, 0, 0, 0.999, false, false, 0.9, false, "mse");
    try (Trainer trainer =
        new Trainer(SmallRuns.settings(1, "simd", recipe), IMAGES, IMAGES, backend)) {
      float[] values = trainer.parameters().get(KERNEL);
      Arrays.fill(values, 0.5f);
      trainer.average().set(KERNEL, values);
      Tensors state = new Tensors();
      trainer.save(state);
      trainer.average().set(KERNEL, new float[values.length]);
      trainer.restore(state);
      assertArrayEquals(values, trainer.saved().get(KERNEL));
    }
  }

  @Test
  void theRecipeCostsMemory() {
    Settings article = SmallRuns.settings(1, "simd");
    Settings everything =
        SmallRuns.settings(
            1, "simd", new Recipe(Schedule.COSINE, 0, 0, 0.999, true, false, 0.9, true, "mse"));
    long weights =
        plain(1).parameters().all().values().stream().mapToLong(p -> p.shape().size()).sum();
    assertEquals(
        3 * 4 * weights,
        new TrainerDraft(everything, IMAGES, IMAGES, backend).bytes()
            - new TrainerDraft(article, IMAGES, IMAGES, backend).bytes());
  }
}
