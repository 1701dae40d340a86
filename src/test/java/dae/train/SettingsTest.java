package dae.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dae.UserError;
import dae.optim.Schedule;
import org.junit.jupiter.api.Test;

class SettingsTest {
  private static final Settings ARTICLE = Recipes.ARTICLE.settings("cifar100", "data", "simd");

  @Test
  void aModelFileNamesTheRecipe() {
    Recipe recipe = new Recipe(Schedule.COSINE, 500, 0.5, 0.999, true, true, 0.999, false, "psnr");
    Settings other = SmallRuns.settings(3, "simd", recipe);
    assertEquals("cosine", other.metadata().get("schedule"));
    assertEquals("500", other.metadata().get("warmup"));
    assertEquals("0.5", other.metadata().get("clip"));
    assertEquals("true", other.metadata().get("flip"));
    assertEquals("true", other.metadata().get("turn"));
    assertEquals("0.999", other.metadata().get("ema"));
    assertEquals("false", other.metadata().get("bn_refresh"));
    assertEquals("psnr", other.metadata().get("loss"));
    assertEquals("article:2", other.metadata().get("network"));
  }

  @Test
  void theDefaultsAreTheArticles() {
    assertEquals(40, ARTICLE.steps().epochs());
    assertEquals(128, ARTICLE.steps().batchSize());
    assertEquals(0.001, ARTICLE.steps().learningRate());
    assertEquals("gaussian:0.1", ARTICLE.noise().word());
    assertEquals("article:32", ARTICLE.network());
  }

  @Test
  void wordsAreKeptInOneSpelling() {
    assertEquals("gaussian:0.1", new Settings.Noise("0.10", false).word());
    assertEquals("article:32", ARTICLE.withNetwork("article").network());
  }

  @Test
  void aModelFileNamesNoFolders() {
    Settings own =
        Recipes.ARTICLE.settings("/home/somebody/pictures", "/home/somebody/data", "simd");
    assertEquals("pictures", own.metadata().get("dataset"));
    assertFalse(own.metadata().toString().contains("somebody"), "" + own.metadata());
    assertEquals("cifar100", ARTICLE.metadata().get("dataset"));
  }

  @Test
  void valuesOutOfRangeAreNamed() {
    String message =
        assertThrows(UserError.class, () -> ARTICLE.steps().withBatchSize(0)).getMessage();
    assertEquals("batch size: expected at least 1, got 0 — change --batch-size", message);
  }
}
