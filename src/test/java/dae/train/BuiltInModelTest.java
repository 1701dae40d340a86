package dae.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dae.backend.Backends;
import dae.data.Datasets;
import dae.data.Images;
import dae.kernel.Backend;
import dae.model.Checkpoint;
import dae.noise.GaussianNoise;
import dae.noise.Noises;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The built-in model is the one that its card describes.
class BuiltInModelTest {
  private static String card() throws Exception {
    try (InputStream in = Checkpoint.class.getResourceAsStream("MODEL_CARD.md")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void wasTrainedByTheCommandOnItsCard() throws Exception {
    Settings article = Recipes.ARTICLE.settings("cifar100", "data", "simd");
    Checkpoint model = Checkpoint.builtIn();
    for (String option : card().split("dae-engine.jar train ")[1].split("\n")[0].split(" (?=--)")) {
      String[] words = option.split(" ");
      String name = words[0].substring(2).replace('-', '_');
      if (!name.equals("out")) { // the folder decides nothing
        assertEquals(words.length == 1 ? "true" : words[1], model.metadata().get(name), name);
      }
    }
    assertEquals(article.noise().word(), Noises.named(model.metadata().get("noise")).word());
    assertEquals(article.network(), model.network().word());
    assertEquals(model.metadata().get("epochs"), model.metadata().get("finished_epochs"));
  }

  @ParameterizedTest
  @CsvSource({"CIFAR-100, cifar100", "CIFAR-10, cifar10"})
  void hasTheErrorsOnItsCard(String title, String name) throws Exception {
    Matcher row =
        Pattern.compile("\\| " + title + "\\b[^|-]*\\| ([0-9.]+) \\| ([0-9.]+) \\|")
            .matcher(card());
    assertTrue(row.find(), "no row of " + title);
    String folder = System.getenv("DAE_DATA");
    assumeTrue(folder != null, "DAE_DATA is not set: no real images");
    assumeTrue(Datasets.present(name, Path.of(folder)), name + " is not in " + folder);
    Images images = Datasets.open(name, Path.of(folder)).test();
    try (Backend backend = Backends.open("simd", 2);
        Evaluation evaluation =
            new Evaluation.Draft(
                    Checkpoint.builtIn().network(), new GaussianNoise(0.1), images, 32, backend)
                .open(Checkpoint.builtIn().parameters(backend))) {
      Evaluation.Result found = evaluation.measure(done -> {}, () -> false).orElseThrow();
      assertEquals(Double.parseDouble(row.group(1)), found.noisy().mse(), 1e-6);
      assertEquals(Double.parseDouble(row.group(2)), found.denoised().mse(), 1e-6);
    }
  }
}
