package dae.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dae.UserError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {
  private static final Settings ARTICLE = Settings.article("cifar100", "data", "simd");

  @Test
  void readsBackWhatItWrites() {
    assertEquals(ARTICLE, Settings.parse("state", ARTICLE.json()));
    assertEquals(ARTICLE, Settings.parse("state", ARTICLE.prettyJson()));
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
