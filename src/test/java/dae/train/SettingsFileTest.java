package dae.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dae.UserError;
import dae.model.Network;
import dae.model.Networks;
import dae.optim.Schedule;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsFileTest {
  private static final Settings ARTICLE = Recipes.ARTICLE.settings("cifar100", "data", "simd");
  private static final String TEXT = SettingsFile.json(ARTICLE);

  @Test
  void readsBackWhatItWrites() {
    Recipe recipe = new Recipe(Schedule.COSINE, 500, 0.5, 0.999, true, true, 0.999, false, "psnr");
    Settings other = SmallRuns.settings(3, "simd", recipe).withFloat16(true);
    for (Settings settings : List.of(ARTICLE, other)) {
      assertEquals(settings, SettingsFile.parse("state", SettingsFile.json(settings)));
      assertEquals(settings, SettingsFile.parse("state", SettingsFile.pretty(settings)));
    }
  }

  /// What each of the program's versions wrote, oldest first: the first form, then with the data
  /// folder, with held-out images, recipe and 16 bits, and with groups.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'dataset':'cifar100','epochs':40,'batch_size':128,'learning_rate':0.001,'seed':1,'limit':0,"
            + "'width':32,'noise':0.1,'noise_once':false,'backend':'simd'}",
        "{'dataset':'cifar100','epochs':40,'batch_size':128,'learning_rate':0.001,'seed':1,'limit':0,"
            + "'width':32,'noise':0.1,'noise_once':false,'backend':'simd','data':''}",
        "{'dataset':'cifar100','epochs':40,'batch_size':128,'learning_rate':0.001,'seed':1,'limit':0,"
            + "'holdout':0,'width':32,'noise':0.1,'noise_once':false,'recipe':{'schedule':'constant',"
            + "'flip':false,'ema':0.0,'bn_refresh':false},'float16':false,'backend':'simd','data':''}",
        "{'version':2,'data':{'dataset':'cifar100','folder':'','limit':0,'holdout':0},"
            + "'network':'article:32','noise':{'word':'gaussian:0.1','once':false},'steps':{'epochs':40,"
            + "'batch_size':128,'learning_rate':0.001,'seed':1},'recipe':{'schedule':'constant',"
            + "'flip':false,'ema':0.0,'bn_refresh':false},'float16':false,'backend':'simd'}"
      })
  void olderFormsAreRead(String text) {
    assertEquals(
        Recipes.ARTICLE.settings("cifar100", "", "simd"),
        SettingsFile.parse("state", text.replace('\'', '"')));
  }

  @Test
  void theSettingsOfAllRunsThatAreKeptAreRead() throws Exception {
    try (Stream<Path> runs = Files.list(Path.of("bench/runs"))) {
      for (Path run : runs.filter(Files::isDirectory).toList()) {
        Settings settings =
            SettingsFile.parse(run.toString(), Files.readString(run.resolve("settings.json")));
        String name = run.getFileName().toString();
        String family = name.substring(name.lastIndexOf('-') + 1);
        String network =
            Networks.all().stream()
                .map(Network::word)
                .filter(word -> word.startsWith(family + ":"))
                .findFirst()
                .orElse("article:32");
        assertEquals(network, settings.network(), name);
      }
    }
    Path once = Path.of("bench/runs/once-seed1/settings.json");
    Settings settings = SettingsFile.parse("once", Files.readString(once));
    assertEquals(new Settings.Noise("gaussian:0.1", true), settings.noise());
    assertEquals(Recipe.ARTICLE, settings.recipe());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "{}", "[]", "3", "{\"epochs\": 3}", "{\"epochs\": \"many\"}", "{\"data\": 3}"})
  void otherTextIsOneLine(String text) {
    String message =
        assertThrows(UserError.class, () -> SettingsFile.parse("state", text)).getMessage();
    assertTrue(message.startsWith("state: expected the settings of a run"), message);
    assertEquals(1, message.lines().count(), message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"epochs\":40|\"epochs\":\"4o\"|got something else at epochs",
        "\"seed\":1|\"seed\":1e99|got something else at seed",
        "\"seed\":1|\"seed\":1,\"seed\":2|got something else",
        "\"batch_size\":128|\"batch_size\":8.9|got something else at batch_size",
        "\"folder\":\"data\"|\"folder\":null|got something else at folder",
        "\"steps\":{|\"step\":{|step' as well — take a newer dae-engine",
        "\"article:32\"|\"article:0\"|state, network: expected 1 to",
        "\"article:32\"|\"dance\"|state, network: expected one of article:",
        "\"gaussian:0.1\"|\"fog:1\"|state, noise: expected one of gaussian:",
        "\"warmup\":0|\"warmup\":-3|state, warmup: expected a number of steps",
        "\"clip\":0.0|\"clip\":-0.5|state, clip: expected a norm of more than 0",
        "\"ema\":0.0|\"ema\":1.0|state, ema: expected 0 to less than 1",
        "\"schedule\":\"constant\"|\"schedule\":\"linear\"|got something else at schedule",
        "\"version\":2|\"version\":3|expected settings of version 2, got version 3"
      })
  void aDamagedSettingIsNamed(String good, String damaged, String expected) {
    assertTrue(TEXT.contains(good), TEXT);
    String text = TEXT.replace(good, damaged);
    String message =
        assertThrows(UserError.class, () -> SettingsFile.parse("state", text)).getMessage();
    assertTrue(message.contains(expected), message);
  }

  @Test
  void aSettingOfANewerProgramIsRefusedByName() {
    String text = TEXT.replace("\"seed\"", "\"warm_up\":500,\"seed\"");
    String message =
        assertThrows(UserError.class, () -> SettingsFile.parse("state", text)).getMessage();
    assertTrue(message.contains("'warm_up'"), message);
  }

  @Test
  void aMissingSettingHasItsDefault() {
    String text = TEXT.replace(",\"holdout\":0", "").replace("\"float16\":false,", "");
    assertTrue(text.length() < TEXT.length() - 20, text);
    assertEquals(ARTICLE, SettingsFile.parse("state", text));
  }
}
