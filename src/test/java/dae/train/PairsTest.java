package dae.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dae.UserError;
import dae.data.Batch;
import dae.data.Batches;
import dae.data.Cut;
import dae.data.Dataset;
import dae.data.Datasets;
import dae.kernel.Backend;
import dae.kernel.scalar.ScalarBackend;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/// Pictures beside their negatives.
class PairsTest {
  private static final int SIDE = 48;

  @TempDir Path folder;

  private final List<String> warnings = new ArrayList<>();

  @BeforeEach
  void paint() throws IOException {
    Random random = new Random(5);
    for (int p = 0; p < 6; p++) {
      BufferedImage clean = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
      BufferedImage noisy = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
      for (int i = 0; i < SIDE * SIDE; i++) {
        int rgb = random.nextInt(1 << 24);
        clean.setRGB(i % SIDE, i / SIDE, rgb);
        noisy.setRGB(i % SIDE, i / SIDE, ~rgb);
      }
      ImageIO.write(clean, "png", folder.resolve(p + "_clean.png").toFile());
      ImageIO.write(noisy, "png", folder.resolve(p + "_noisy.png").toFile());
    }
  }

  private Dataset pairs() {
    return Datasets.pairs(
        folder + "/*_noisy.png", folder + "/*_clean.png", new Cut(16, 0), warnings::add);
  }

  private static void assertNegatives(Batch batch) {
    for (int i = 0; i < batch.size() * 16 * 16 * 3; i++) {
      assertEquals(255, (batch.pixels()[i] & 0xFF) + (batch.damaged()[i] & 0xFF));
    }
  }

  @Test
  void partnersAreCutMirroredAndTurnedAlike() {
    Batches training = new Batches(pairs().training(), 7, 1, true, true);
    assertEquals(Math.ceilDiv(5 * 9, 7), training.count());
    try (Batches.Epoch epoch = training.epoch(2, 0)) {
      for (Batch batch = epoch.next(); batch != null; batch = epoch.next()) {
        assertNegatives(batch);
      }
    }
    try (Batches.Epoch epoch = Batches.sequential(pairs().test(), 9).epoch(0, 0)) {
      Batch batch = epoch.next();
      assertEquals(9, batch.size());
      assertNegatives(batch);
    }
    assertTrue(warnings.isEmpty());
  }

  @Test
  void aRunLearnsFromThem() {
    Settings settings =
        Recipes.ARTICLE
            .settings(folder.toString(), "", "scalar")
            .withNetwork("residual:2")
            .with(new Settings.Data("clean", "noisy", "", 0, 0, 16, 0))
            .with(new Settings.Noise("pairs", false))
            .with(new Settings.Steps(1, 8, 0.001, 1));
    Dataset pairs = pairs();
    try (Backend backend = new ScalarBackend();
        Trainer trainer = new Trainer(settings, pairs.training(), pairs.test(), backend)) {
      trainer.epoch(new Listener() {}, () -> false);
      // The mean of (1 − 2x)² for evenly distributed x.
      assertEquals(1.0 / 3, trainer.validated().noisy().mse(), 0.02);
    }
  }

  @Test
  void aWordForPairsNeedsPairsAndPairsTheWord() {
    Dataset leaves = Datasets.open("leaves", Path.of(""));
    Dataset pairs = pairs();
    try (Backend backend = new ScalarBackend()) {
      Settings settings = Recipes.ARTICLE.settings("", "", "scalar").withNetwork("residual:2");
      Settings ofPairs = settings.with(new Settings.Noise("pairs+jpeg:50", false));
      for (Executable wrong :
          List.<Executable>of(
              () -> new TrainerDraft(ofPairs, leaves.training(), leaves.test(), backend),
              () -> new TrainerDraft(settings, pairs.training(), pairs.test(), backend))) {
        String message = assertThrows(UserError.class, wrong).getMessage();
        assertTrue(message.startsWith("noise: expected ") && message.contains("--noise"), message);
      }
    }
  }
}
