package dae.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dae.backend.Backends;
import dae.data.Images;
import dae.file.Tensors;
import dae.kernel.Backend;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/// Training on damage that the reader paints and kernels complete.
class PaintedTrainingTest {
  private static final Images IMAGES = SmallRuns.images(40, 1);
  private static final String KERNEL = "conv_block2/conv2d/kernel";
  private static final String WORD = "gaussian:0-0.1+scratches+jpeg:20-60+poisson:200";

  private static Settings settings(String word, boolean once) {
    Settings plain = SmallRuns.settings(2, "simd");
    return plain.with(new Settings.Noise(word, once));
  }

  private static float[] trained(String word, boolean once, int threads) {
    try (Backend backend = Backends.open("simd", threads);
        Trainer trainer = new Trainer(settings(word, once), IMAGES, IMAGES, backend)) {
      trainer.epoch(new SmallRuns.Heard(), () -> false).orElseThrow();
      trainer.epoch(new SmallRuns.Heard(), () -> false).orElseThrow();
      return trainer.parameters().get(KERNEL);
    }
  }

  @Test
  void theBitsDependOnTheWordAndTheKeyAlone() {
    float[] one = trained(WORD, false, 1);
    assertArrayEquals(one, trained(WORD, false, 3));
    assertFalse(Arrays.equals(one, trained(WORD, true, 1)));
    assertFalse(Arrays.equals(one, trained(WORD.replace("scratches", "dust"), false, 1)));
  }

  @Test
  void whatIsPaintedIsMeasured() {
    try (Backend backend = Backends.open("simd", 1)) {
      double[] noisy = new double[2];
      for (int i = 0; i < 2; i++) {
        Settings settings = settings(i == 0 ? "jpeg:95" : "jpeg:5", false);
        try (Trainer trainer = new Trainer(settings, IMAGES, IMAGES, backend)) {
          trainer.epoch(new SmallRuns.Heard(), () -> false).orElseThrow();
          noisy[i] = trainer.validated().noisy().mse();
        }
      }
      assertTrue(noisy[0] > 0 && noisy[1] > 2 * noisy[0], noisy[0] + ", " + noisy[1]);
    }
  }

  /// The network sees the very image that it is compared with.
  @Test
  void aPlainAutoencoderLearnsToo() {
    try (Backend backend = Backends.open("simd", 1);
        Trainer trainer = new Trainer(settings("none", false), IMAGES, IMAGES, backend)) {
      trainer.epoch(new SmallRuns.Heard(), () -> false).orElseThrow();
      double first = trainer.validated().denoised().mse();
      trainer.epoch(new SmallRuns.Heard(), () -> false).orElseThrow();
      assertEquals(0, trainer.validated().noisy().mse());
      assertTrue(trainer.validated().denoised().mse() < first);
    }
  }

  /// Stopped after every batch, saved and restored into another trainer.
  @Test
  void aResumedRunHasTheBitsOfAnUnbrokenOne() {
    try (Backend backend = Backends.open("simd", 2)) {
      Tensors saved = null;
      boolean done = false;
      float[] weights = null;
      while (!done) {
        try (Trainer trainer = new Trainer(settings(WORD, false), IMAGES, IMAGES, backend)) {
          if (saved != null) {
            trainer.restore(saved);
          }
          int[] asked = {0};
          trainer.epoch(new SmallRuns.Heard(), () -> ++asked[0] == 1);
          saved = new Tensors();
          trainer.save(saved);
          weights = trainer.parameters().get(KERNEL);
          done = trainer.epoch() == 2;
        }
      }
      assertArrayEquals(trained(WORD, false, 1), weights);
    }
  }
}
