package dae.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dae.backend.Backends;
import dae.data.Datasets;
import dae.data.Images;
import dae.denoise.Denoiser;
import dae.image.Picture;
import dae.kernel.Backend;
import dae.model.Checkpoint;
import dae.model.Networks;
import dae.noise.Noises;
import dae.random.Draws;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
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
    // Where one command goes on from another's model, the last.
    String command = card(name).substring(card(name).lastIndexOf("dae-engine.jar train ") + 21);
    for (String option : command.split("\n")[0].split(" (?=--)")) {
      String[] words = option.split(" ");
      options.put(words[0].substring(2).replace('-', '_'), words.length == 1 ? "true" : words[1]);
    }
    options.remove("out"); // The folder decides nothing.
    String arch = options.remove("arch");
    String recipe = options.remove("recipe");
    String dataset = options.get("dataset");
    boolean pictures = !Datasets.named(dataset);
    for (String path : List.of("dataset", "init")) {
      options.computeIfPresent(path, (key, value) -> "" + Path.of(value).getFileName());
    }
    options.computeIfPresent("learning_rate", (key, value) -> "" + Double.parseDouble(value));
    Map<String, String> expected = new LinkedHashMap<>();
    Recipes base =
        recipe != null
            ? Recipes.valueOf(recipe.toUpperCase(Locale.ROOT))
            : pictures ? Recipes.PHOTO : Recipes.ARTICLE;
    for (String key :
        List.of("batch_size", "learning_rate", "schedule", "flip", "ema", "limit", "loss")) {
      expected.put(key, base.settings("", "", "").metadata().get(key));
    }
    expected.putAll(options);
    // What a model does not say is older than it.
    expected.forEach(
        (key, value) -> assertEquals(value, model.metadata().getOrDefault(key, value), key));
    assertEquals(
        options.getOrDefault("noise", pictures ? Noises.REAL : Noises.DEFAULT),
        Noises.named(model.metadata().get("noise")).word());
    String fallback = options.containsKey("init") ? model.network().word() : Networks.DEFAULT;
    assertEquals(arch == null ? fallback : Networks.named(arch).word(), model.network().word());
    assertEquals(model.metadata().get("epochs"), model.metadata().get("finished_epochs"));
  }

  static List<String> cifar() {
    return List.of(Checkpoint.CIFAR, "article");
  }

  @ParameterizedTest
  @MethodSource("cifar")
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

  /// Neither where nothing is to be done, nor where there is.
  @Test
  void photoDoesNoHarm() {
    int side = (int) Math.sqrt(Datasets.scene(0).length / 3);
    byte[] scene = Datasets.scene(0);
    float[] rgb = new float[scene.length];
    float[] noisy = new float[scene.length];
    Draws draws = new Draws(1, 0, 0, 0);
    for (int i = 0; i < scene.length; i++) {
      rgb[i] = (scene[i] & 0xFF) / 255f;
      noisy[i] = Math.clamp(rgb[i] + 0.1f * draws.normal(), 0, 1);
    }
    try (Backend backend = Backends.open("simd", 2);
        Denoiser denoiser = Denoiser.open(Checkpoint.builtIn(), backend)) {
      float[] same = denoiser.clean(new Picture(side, side, rgb, null)).rgb();
      assertTrue(mse(rgb, same) < 5e-4, "a clean picture changes by " + mse(rgb, same));
      float[] cleaned = denoiser.clean(new Picture(side, side, noisy, null)).rgb();
      assertTrue(mse(rgb, cleaned) < 0.4 * mse(rgb, noisy), "is left with " + mse(rgb, cleaned));
    }
  }

  private static double mse(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (a[i] - b[i]) * (double) (a[i] - b[i]);
    }
    return sum / a.length;
  }
}
