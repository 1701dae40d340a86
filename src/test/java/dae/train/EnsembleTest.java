package dae.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dae.UserError;
import dae.data.Images;
import dae.denoise.Denoiser;
import dae.graph.Parameters;
import dae.image.Picture;
import dae.kernel.Backend;
import dae.kernel.TestBackends;
import dae.model.Checkpoint;
import dae.model.Denoising;
import dae.model.Network;
import dae.model.Networks;
import dae.noise.Noise;
import dae.noise.Noises;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EnsembleTest {
  private static final int COUNT = 7;
  private static final int LENGTH = SmallRuns.SIDE * SmallRuns.SIDE * 3;
  private static final Noise NOISE = Noises.named("gaussian:0.1");

  @TempDir private Path folder;
  private Backend backend;
  private Network network;
  private Parameters parameters;

  @BeforeEach
  void open() {
    backend = TestBackends.simd(2).open();
    network = Networks.named("article:2");
    parameters =
        new Parameters(
            Denoising.inference(network, SmallRuns.SIDE, SmallRuns.SIDE).graph().params(),
            backend,
            5);
  }

  @AfterEach
  void close() {
    parameters.close();
    backend.close();
  }

  private Evaluation.Draft draft(int batchSize, boolean ensemble) {
    Images images = SmallRuns.images(COUNT, 1);
    return new Evaluation.Draft(network, NOISE, images, batchSize, backend, ensemble);
  }

  private double mse(int batchSize, boolean ensemble) {
    try (Evaluation evaluation = draft(batchSize, ensemble).open(parameters)) {
      return evaluation.measure(done -> {}, () -> false).orElseThrow().denoised().mse();
    }
  }

  @Test
  void imagesAreDenoisedAsPicturesAre() throws Exception {
    Path file = folder.resolve("model.safetensors");
    Checkpoint.save(file, network, parameters, Map.of(), false);
    try (Evaluation evaluation = draft(COUNT, true).open(parameters);
        Denoiser denoiser = Denoiser.open(Checkpoint.load(file), backend)) {
      Evaluation.Samples samples = evaluation.samples(COUNT);
      for (int i = 0; i < COUNT; i++) {
        float[] noisy = image(samples.noisy(), i);
        Picture clean =
            denoiser.cleanEnsemble(new Picture(SmallRuns.SIDE, SmallRuns.SIDE, noisy, null));
        assertArrayEquals(clean.rgb(), image(samples.denoised(), i), "image " + i);
      }
    }
  }

  private static float[] image(float[] all, int i) {
    return Arrays.copyOfRange(all, i * LENGTH, (i + 1) * LENGTH);
  }

  @Test
  void theNoiseIsTheSame() {
    try (Evaluation one = draft(COUNT, false).open(parameters);
        Evaluation eight = draft(COUNT, true).open(parameters)) {
      assertArrayEquals(one.samples(COUNT).noisy(), eight.samples(COUNT).noisy());
    }
  }

  @Test
  void theErrorDoesNotDependOnTheBatchSize() {
    double mse = mse(COUNT, true);
    assertNotEquals(mse(COUNT, false), mse);
    for (int batchSize : new int[] {1, 3, 100}) {
      assertEquals(mse, mse(batchSize, true), "batches of " + batchSize);
    }
  }

  /// On the scalar backend, whose loops make no vectors, which would be counted.
  @Test
  void itsMemoryIsCountedAndTakenOnce() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    Images images = SmallRuns.images(200, 1);
    long array = 4L * 200 * LENGTH;
    try (Backend scalar = TestBackends.scalar().open()) {
      Evaluation.Draft draft = new Evaluation.Draft(network, NOISE, images, 200, scalar, true);
      long opening = -threads.getCurrentThreadAllocatedBytes();
      try (Evaluation evaluation = draft.open(parameters)) {
        opening += threads.getCurrentThreadAllocatedBytes();
        assertTrue(Math.abs(draft.bytes() - opening) < array, draft.bytes() + " " + opening);
        evaluation.measure(done -> {}, () -> false);
        long again = -threads.getCurrentThreadAllocatedBytes();
        evaluation.measure(done -> {}, () -> false);
        again += threads.getCurrentThreadAllocatedBytes();
        // The scalar noise takes an array for each image; the ensemble would take eight times that.
        assertTrue(again < 2 * array, again + " bytes again");
      }
    }
  }

  @Test
  void imagesThatAreNotSquareAreOneLine() {
    Images images = new Images(16, 32, new byte[16 * 32 * 3]);
    UserError error =
        assertThrows(
            UserError.class, () -> new Evaluation.Draft(network, NOISE, images, 1, backend, true));
    assertTrue(error.getMessage().contains("got 32×16"), error.getMessage());
  }
}
