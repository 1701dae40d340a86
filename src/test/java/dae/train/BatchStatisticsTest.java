package dae.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dae.backend.Backends;
import dae.data.Batches;
import dae.data.Images;
import dae.file.Safetensors;
import dae.graph.Bytes;
import dae.graph.Graph;
import dae.graph.Mode;
import dae.graph.Parameters;
import dae.graph.Plan;
import dae.graph.PlanDraft;
import dae.graph.Value;
import dae.kernel.Backend;
import dae.model.Checkpoint;
import dae.model.Denoising;
import dae.op.BatchNorm;
import dae.op.MeanSquaredError;
import dae.op.Pixels;
import dae.optim.Schedule;
import dae.tensor.Shape;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BatchStatisticsTest {
  private static final Images IMAGES = SmallRuns.images(40, 1);
  private static final Recipe REFRESH =
      new Recipe(Schedule.CONSTANT, 0, 0, 0.999, false, false, 0, true, "mse");

  @TempDir private Path folder;

  /// Batch norm right after the pixels: the images' own means and variances are known.
  @Test
  void areTheMeansOfMeanAndUnbiasedVarianceOverTheBatches() {
    Graph graph = new Graph();
    Bytes images = graph.bytes("images", Shape.image(SmallRuns.SIDE, SmallRuns.SIDE, 3));
    Value x = Pixels.pixels(images);
    Value loss = MeanSquaredError.meanSquaredError("loss", BatchNorm.batchNorm("bn", x), x);
    try (Backend backend = Backends.open("simd", 1);
        Batches batches = Batches.sequential(IMAGES, 16)) {
      Parameters parameters = new Parameters(graph.params(), backend, 1);
      try (Plan plan =
          new PlanDraft(graph, List.of(loss), Mode.PLAIN_TRAINING, backend, 16).open(parameters)) {
        Parameters model = parameters.copy();
        Denoising learnt = new Denoising(graph, images, null, null, x, null, null, loss);
        BatchStatistics statistics = new BatchStatistics(learnt, plan, parameters, backend);
        assertTrue(statistics.refresh(model, batches.epoch(0, 0), 1, 0, done -> {}, () -> false));
        double[][] expected = byHand();
        for (int c = 0; c < 3; c++) {
          assertEquals(expected[0][c], model.get("bn/moving_mean")[c], 1e-6);
          assertEquals(expected[1][c], model.get("bn/moving_variance")[c], 1e-6);
        }
        assertArrayEquals(new float[3], parameters.get("bn/moving_mean"), "the plan's own changed");
      }
    }
  }

  /// Means and unbiased variances of batches of 16, 16 and 8 images, weighted by their sizes.
  private static double[][] byHand() {
    double[][] result = new double[2][3];
    for (int from = 0; from < 40; from += 16) {
      int images = Math.min(16, 40 - from);
      int pixels = images * SmallRuns.SIDE * SmallRuns.SIDE;
      for (int c = 0; c < 3; c++) {
        double sum = 0;
        double squares = 0;
        for (int i = 0; i < pixels; i++) {
          double value = (IMAGES.bytes()[from * IMAGES.bytesPerImage() + 3 * i + c] & 0xFF) / 255.0;
          sum += value;
          squares += value * value;
        }
        double mean = sum / pixels;
        result[0][c] += images / 40.0 * mean;
        result[1][c] += images / 40.0 * (squares - pixels * mean * mean) / (pixels - 1);
      }
    }
    return result;
  }

  @Test
  void aStopLeavesNothing() {
    try (Backend backend = Backends.open("simd", 1);
        Trainer trainer =
            new Trainer(SmallRuns.settings(1, "simd", REFRESH), IMAGES, IMAGES, backend)) {
      int[] asked = {0};
      float[] before = trainer.saved().get("conv_block1/batch_normalization/moving_variance");
      // Three batches of training, then the second of the refresh.
      assertTrue(
          trainer.epoch(new SmallRuns.Heard(), () -> ++asked[0] >= 5).isEmpty(), "not stopped");
      String name = "conv_block1/batch_normalization/moving_variance";
      assertArrayEquals(trainer.parameters().get(name), trainer.saved().get(name));
      assertFalse(Arrays.equals(before, trainer.saved().get(name)));
    }
  }

  @Test
  void onlyTheSavedWeightsIsRefreshedAndTheRunGoesOnAsWithout() throws Exception {
    RunFolder plain = train("plain", SmallRuns.settings(2, "simd"));
    RunFolder refreshed = train("refreshed", SmallRuns.settings(2, "simd", REFRESH));
    String kernel = "conv_block5/conv2d/kernel";
    String variance = "conv_block1/batch_normalization/moving_variance";
    assertArrayEquals(
        saved(plain.file(RunFile.LAST), kernel), saved(refreshed.file(RunFile.LAST), kernel));
    assertFalse(
        Arrays.equals(
            saved(plain.file(RunFile.LAST), variance),
            saved(refreshed.file(RunFile.LAST), variance)));
    assertArrayEquals(
        Safetensors.read(plain.file(RunFile.STATE)).tensors().get(variance).data(),
        Safetensors.read(refreshed.file(RunFile.STATE)).tensors().get(variance).data());
    List<History.Row> rows = History.read(refreshed.file(RunFile.HISTORY)).rows();
    assertEquals(
        History.read(plain.file(RunFile.HISTORY)).rows().get(0).valMse(), rows.get(0).valMse());
    // With moving averages of six steps the model is not the one of training.
    double loss = rows.get(1).loss();
    assertEquals(loss, rows.get(1).valMse(), 0.03 * loss);
    assertNotEquals(
        loss, History.read(plain.file(RunFile.HISTORY)).rows().get(1).valMse(), 0.1 * loss);
  }

  private RunFolder train(String name, Settings settings) {
    RunFolder run = new RunFolder(folder.resolve(name));
    try (Backend backend = Backends.open("simd", 1);
        Trainer trainer = new Trainer(settings, IMAGES, IMAGES, backend)) {
      assertTrue(Run.start(run, trainer, List.of()).train(() -> false));
    }
    return run;
  }

  private static float[] saved(Path model, String tensor) {
    try (Backend backend = Backends.open("scalar", 1)) {
      return Checkpoint.load(model).parameters(backend).get(tensor);
    }
  }
}
