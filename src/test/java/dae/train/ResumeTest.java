package dae.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dae.UserError;
import dae.backend.Backends;
import dae.data.Images;
import dae.file.Safetensors;
import dae.kernel.Backend;
import dae.optim.Schedule;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A run that was stopped and resumed, however often, leaves the bits of an unbroken one.
class ResumeTest {
  private static final int EPOCHS = 3;
  private static final Images TRAINING = SmallRuns.images(70, 1);
  private static final Images TEST = SmallRuns.images(40, 2);

  @TempDir private Path folder;

  /// Stops at every n-th question: within epochs, after their last batch, within validations.
  @ParameterizedTest
  @CsvSource({
    "scalar, 4, false",
    "simd, 1, false",
    "simd, 4, false",
    "simd, 5, false",
    "simd, 6, false",
    "scalar, 6, true",
    "simd, 5, true",
    "simd, 7, true"
  })
  void endsWithTheSameBits(String backend, int every, boolean everything) throws Exception {
    Recipe recipe =
        everything
            ? new Recipe(Schedule.COSINE, 3, 0.1, 0.999, true, true, 0.9, true, "mse")
            : Recipe.ARTICLE;
    RunFolder unbroken = new RunFolder(folder.resolve("unbroken"));
    RunFolder broken = new RunFolder(folder.resolve("broken"));
    assertTrue(start(unbroken, EPOCHS, backend, recipe, Integer.MAX_VALUE));

    int stops = 0;
    boolean complete = start(broken, EPOCHS, backend, recipe, every);
    while (!complete) {
      stops++;
      // A validation, and a refresh of the statistics, begins again, so it must not be stopped each
      // time.
      int spared = everything ? every + 6 : every + 2;
      complete = resume(broken, EPOCHS, backend, stops % 2 == 1 ? spared : every);
      assertTrue(stops < 100, "still not complete");
    }

    assertTrue(stops >= 3, "stopped " + stops + " times");
    assertSame(unbroken.file(RunFile.BEST), broken.file(RunFile.BEST));
    assertSame(unbroken.file(RunFile.LAST), broken.file(RunFile.LAST));
    List<History.Row> expected = History.read(unbroken.file(RunFile.HISTORY)).rows();
    List<History.Row> got = History.read(broken.file(RunFile.HISTORY)).rows();
    assertEquals(EPOCHS, got.size());
    for (int i = 0; i < EPOCHS; i++) {
      assertEquals(expected.get(i).loss(), got.get(i).loss());
      assertEquals(expected.get(i).valMse(), got.get(i).valMse());
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.9})
  void goesOnForMoreEpochs(double ema) throws Exception {
    Recipe recipe = new Recipe(Schedule.CONSTANT, 0, 0, 0.999, false, false, ema, false, "mse");
    RunFolder whole = new RunFolder(folder.resolve("whole"));
    RunFolder grown = new RunFolder(folder.resolve("grown"));
    start(whole, EPOCHS, "simd", recipe, Integer.MAX_VALUE);
    start(grown, EPOCHS - 1, "simd", recipe, Integer.MAX_VALUE);

    String done =
        assertThrows(UserError.class, () -> resume(grown, EPOCHS - 1, "simd", Integer.MAX_VALUE))
            .getMessage();
    assertTrue(done.contains("larger --epochs"), done);

    resume(grown, EPOCHS, "simd", Integer.MAX_VALUE);
    assertSame(whole.file(RunFile.LAST), grown.file(RunFile.LAST));
    assertEquals(EPOCHS, Run.settings(grown).steps().epochs());
  }

  @Test
  void aRecipeThatEndsWithItsLastEpochIsNotStretched() {
    for (Recipe recipe :
        List.of(
            new Recipe(Schedule.COSINE, 0, 0, 0.999, false, false, 0, false, "mse"),
            new Recipe(Schedule.CONSTANT, 0, 0, 0.999, false, false, 0, true, "mse"))) {
      RunFolder run = new RunFolder(folder.resolve(recipe.describe()));
      start(run, 2, "simd", recipe, Integer.MAX_VALUE);
      String more =
          assertThrows(UserError.class, () -> resume(run, 3, "simd", Integer.MAX_VALUE))
              .getMessage();
      assertTrue(more.contains("the 2 epochs that " + recipe.describe() + " was planned"), more);
      String done =
          assertThrows(UserError.class, () -> resume(run, 2, "simd", Integer.MAX_VALUE))
              .getMessage();
      assertTrue(done.endsWith("its recipe was planned for them; start a new run"), done);
    }
  }

  @Test
  void otherImagesAreRefused() {
    RunFolder run = new RunFolder(folder.resolve("run"));
    start(run, EPOCHS, "simd", 2);
    String message =
        assertThrows(
                UserError.class,
                () -> {
                  try (Backend backend = Backends.open("simd", 1);
                      Trainer trainer =
                          new Trainer(Run.settings(run), SmallRuns.images(70, 3), TEST, backend)) {
                    Run.resume(run, trainer, List.of());
                  }
                })
            .getMessage();
    assertTrue(message.contains("training images of the run"), message);
  }

  @ParameterizedTest
  @CsvSource({
    "batch, x",
    "batch, -1",
    "batch, 6",
    "loss_sum, 0.1.2",
    "training_seconds, ''",
    "seconds, NaN",
    "best, -1",
    "steps, 1.5"
  })
  void aDamagedNumberIsNamed(String field, String value) throws Exception {
    RunFolder run = new RunFolder(folder.resolve("run"));
    start(run, EPOCHS, "simd", 2);
    Safetensors state = Safetensors.read(run.file(RunFile.STATE));
    Map<String, String> metadata = new HashMap<>(state.metadata());
    metadata.put(field, value);
    new Safetensors(metadata, state.tensors()).write(run.file(RunFile.STATE));
    String message =
        assertThrows(UserError.class, () -> resume(run, EPOCHS, "simd", 2)).getMessage();
    assertTrue(message.startsWith(run.file(RunFile.STATE) + ", " + field + ": expected "), message);
    assertTrue(message.endsWith("got " + value + " — start a new run"), message);
  }

  @Test
  void theThreadsMayChange() throws Exception {
    RunFolder one = new RunFolder(folder.resolve("one"));
    RunFolder both = new RunFolder(folder.resolve("both"));
    start(one, 1, "simd", Integer.MAX_VALUE);
    start(both, 1, "simd", 3);
    try (Backend backend = Backends.open("simd", 3);
        Trainer trainer = new Trainer(Run.settings(both), TRAINING, TEST, backend)) {
      assertTrue(Run.resume(both, trainer, List.of()).train(() -> false));
    }
    assertSame(one.file(RunFile.LAST), both.file(RunFile.LAST));
  }

  private static boolean start(RunFolder folder, int epochs, String name, int every) {
    return start(folder, epochs, name, Recipe.ARTICLE, every);
  }

  private static boolean start(
      RunFolder folder, int epochs, String name, Recipe recipe, int every) {
    try (Backend backend = Backends.open(name, 1);
        Trainer trainer =
            new Trainer(SmallRuns.settings(epochs, name, recipe), TRAINING, TEST, backend)) {
      return train(Run.start(folder, trainer, List.of()), every);
    }
  }

  private static boolean resume(RunFolder folder, int epochs, String name, int every) {
    try (Backend backend = Backends.open(name, 1);
        Trainer trainer =
            new Trainer(withEpochs(Run.settings(folder), epochs), TRAINING, TEST, backend)) {
      return train(Run.resume(folder, trainer, List.of()), every);
    }
  }

  private static Settings withEpochs(Settings settings, int epochs) {
    return settings.with(settings.steps().withEpochs(epochs));
  }

  private static boolean train(Run run, int every) {
    int[] asked = {0};
    return run.train(() -> ++asked[0] >= every);
  }

  private static void assertSame(Path expected, Path got) throws Exception {
    Safetensors a = Safetensors.read(expected);
    Safetensors b = Safetensors.read(got);
    assertEquals(a.tensors().keySet(), b.tensors().keySet());
    assertFalse(a.tensors().isEmpty());
    a.tensors()
        .forEach(
            (name, entry) -> assertArrayEquals(entry.data(), b.tensors().get(name).data(), name));
  }
}
