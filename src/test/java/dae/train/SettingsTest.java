package dae.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dae.UserError;
import dae.optim.Schedule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {
  private static final Settings ARTICLE = Settings.article("cifar100", "data", "simd");

  @Test
  void readsBackWhatItWrites() {
    assertEquals(ARTICLE, Settings.parse("state", ARTICLE.json()));
    assertEquals(ARTICLE, Settings.parse("state", ARTICLE.prettyJson()));
  }

  @Test
  void aModelFileNamesTheRecipe() {
    Recipe recipe = new Recipe(Schedule.COSINE, true, 0.999, false);
    Settings other = SmallRuns.settings(3, "simd", recipe);
    assertEquals(other, Settings.parse("state", other.json()));
    assertEquals("cosine", other.metadata().get("schedule"));
    assertEquals("true", other.metadata().get("flip"));
    assertEquals("0.999", other.metadata().get("ema"));
    assertEquals("false", other.metadata().get("bn_refresh"));
    assertEquals("--schedule cosine --flip --ema 0.999", recipe.describe());
  }

  @Test
  void theDefaultsAreTheArticles() {
    assertEquals(40, ARTICLE.epochs());
    assertEquals(128, ARTICLE.batchSize());
    assertEquals(0.001, ARTICLE.learningRate());
    assertEquals(0.1, ARTICLE.noise());
    assertEquals(32, ARTICLE.width());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{}", "[]", "{\"epochs\": 3}", "{\"epochs\": \"many\"}"})
  void otherTextIsOneLine(String text) {
    String message =
        assertThrows(UserError.class, () -> Settings.parse("state", text)).getMessage();
    assertTrue(message.startsWith("state: expected the settings of a run"), message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"epochs\":40|\"epochs\":\"4o\"|got something else at epochs",
        "\"seed\":1|\"seed\":1e99|got something else at seed",
        "\"data\":\"data\"|\"data\":null|got something else at data",
        "\"width\":32|\"width\":0|state, width: expected 1 to",
        "\"ema\":0.0|\"ema\":1.0|state, ema: expected 0 to less than 1",
        "\"schedule\":\"constant\"|\"schedule\":\"linear\"|got something else at schedule"
      })
  void aDamagedSettingIsNamed(String good, String damaged, String expected) {
    assertTrue(ARTICLE.json().contains(good), ARTICLE.json());
    String text = ARTICLE.json().replace(good, damaged);
    String message =
        assertThrows(UserError.class, () -> Settings.parse("state", text)).getMessage();
    assertTrue(message.contains(expected), message);
  }

  @Test
  void anUnknownSettingIsNotPassedOver() {
    String text = ARTICLE.json().replace("\"seed\"", "\"sead\":1,\"seed\"");
    assertThrows(UserError.class, () -> Settings.parse("state", text));
  }

  @Test
  void aModelFileNamesNoFolders() {
    Settings own = Settings.article("/home/somebody/pictures", "/home/somebody/data", "simd");
    assertEquals("pictures", own.metadata().get("dataset"));
    assertFalse(own.metadata().toString().contains("somebody"), "" + own.metadata());
    assertEquals("cifar100", ARTICLE.metadata().get("dataset"));
  }

  @Test
  void valuesOutOfRangeAreNamed() {
    String message = assertThrows(UserError.class, () -> ARTICLE.withBatchSize(0)).getMessage();
    assertEquals("batch size: expected at least 1, got 0 — change --batch-size", message);
  }
}
