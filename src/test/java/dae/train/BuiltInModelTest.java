package dae.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dae.backend.Backends;
import dae.data.Datasets;
import dae.data.Images;
import dae.kernel.Backend;
import dae.model.Checkpoint;
import dae.model.Networks;
import dae.noise.Noises;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Each built-in model is the one that its card describes.
class BuiltInModelTest {
  private static String card(String model) throws Exception {
    try (InputStream in = Checkpoint.class.getResourceAsStream(model + ".md")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  static List<String> models() {
    return Checkpoint.BUILT_IN;
  }

  @ParameterizedTest
  @MethodSource("models")
  void wasTrainedByTheCommandOnItsCard(String name) throws Exception {
    Checkpoint model = Checkpoint.builtIn(name);
    Map<String, String> options = new LinkedHashMap<>();
    for (String option :
        card(name).split("dae-engine.jar train ")[1].split("\n")[0].split(" (?=--)")) {
      String[] words = option.split(" ");
      options.put(words[0].substring(2).replace('-', '_'), words.length == 1 ? "true" : words[1]);
    }
    options.remove("out"); // The folder decides nothing.
    String arch = options.remove("arch");
    String recipe = options.remove("recipe");
    Map<String, String> expected = new LinkedHashMap<>();
    Recipes base =
        recipe == null ? Recipes.ARTICLE : Recipes.valueOf(recipe.toUpperCase(Locale.ROOT));
    for (String key : List.of("batch_size", "learning_rate", "schedule", "flip", "ema", "limit")) {
      expected.put(key, base.settings("", "", "").metadata().get(key));
    }
    expected.putAll(options);
    expected.forEach((key, value) -> assertEquals(value, model.metadata().get(key), key));
    assertEquals(Noises.DEFAULT, Noises.named(model.metadata().get("noise")).word());
    assertEquals(arch == null ? Networks.DEFAULT : arch, model.network().word());
    assertEquals(model.metadata().get("epochs"), model.metadata().get("finished_epochs"));
  }

  @ParameterizedTest
  @MethodSource("models")
  void hasTheErrorsOnItsCard(String model) throws Exception {
    hasTheErrorsOnItsCard(model, "CIFAR-100", "cifar100");
    hasTheErrorsOnItsCard(model, "CIFAR-10", "cifar10");
  }

  private static void hasTheErrorsOnItsCard(String model, String title, String name)
      throws Exception {
    Matcher row =
        Pattern.compile("\\| " + title + "\\b[^|-]*\\| ([0-9.]+) \\| ([0-9.]+) \\|")
            .matcher(card(model));
    assertTrue(row.find(), "no row of " + title);
    String folder = System.getenv("DAE_DATA");
    assumeTrue(folder != null, "DAE_DATA is not set: no real images");
    assumeTrue(Datasets.present(name, Path.of(folder)), name + " is not in " + folder);
    Images images = Datasets.open(name, Path.of(folder)).test();
    try (Backend backend = Backends.open("simd", 2);
        Evaluation evaluation =
            new Evaluation.Draft(
                    Checkpoint.builtIn(model).network(),
                    Noises.named("gaussian:0.1"),
                    images,
                    32,
                    backend)
                .open(Checkpoint.builtIn(model).parameters(backend))) {
      Evaluation.Result found = evaluation.measure(done -> {}, () -> false).orElseThrow();
      assertEquals(Double.parseDouble(row.group(1)), found.noisy().mse(), 1e-6);
      assertEquals(Double.parseDouble(row.group(2)), found.denoised().mse(), 1e-6);
    }
  }
}
