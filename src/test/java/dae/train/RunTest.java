package dae.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dae.UserError;
import dae.backend.Backends;
import dae.data.Images;
import dae.kernel.Backend;
import dae.model.Checkpoint;
import dae.optim.Schedule;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a run leaves in its folder, whatever goes wrong.
class RunTest {
  private static final Images TRAINING = SmallRuns.images(40, 1);
  private static final Images TEST = SmallRuns.images(12, 2);

  @TempDir private Path temporary;

  private final SmallRuns.Heard heard = new SmallRuns.Heard();
  private RunFolder folder;
  private Backend backend;
  private Trainer trainer;

  @BeforeEach
  void open() {
    folder = new RunFolder(temporary.resolve("runs/a"));
    backend = Backends.open("simd", 1);
    trainer = new Trainer(SmallRuns.settings(2, "simd"), TRAINING, TEST, backend);
  }

  @AfterEach
  void close() {
    trainer.close();
    backend.close();
  }

  @Test
  void leavesEverything() throws Exception {
    Run run = Run.start(folder, trainer, heard);
    assertTrue(run.train(() -> false));

    assertEquals(List.of(), heard.warnings);
    try (Stream<Path> files = Files.list(folder.path())) {
      assertEquals(
          List.of(
              "best.safetensors",
              "history.csv",
              "last.safetensors",
              "loss.png",
              "samples.png",
              "settings.json",
              "state.safetensors"),
          files.map(file -> "" + file.getFileName()).sorted().toList());
    }
    History history = History.read(folder.history());
    double best = history.rows().stream().mapToDouble(History.Row::valMse).min().orElseThrow();
    assertEquals(best, run.best());
    Checkpoint saved = Checkpoint.load(folder.best());
    assertEquals(2, saved.width());
    assertEquals("" + best, saved.metadata().get("val_mse"));
    assertEquals("0.001", saved.metadata().get("learning_rate"));
    assertEquals("denoising-autoencoder", saved.metadata().get("architecture"));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void bestFindsTheMseOfTheHistoryAgainAtAnyBatchSize(boolean float16) throws Exception {
    trainer.close();
    Settings settings =
        new Settings(
            "random", 2, 16, 0.001, 5, 0, 0, 2, 0.1, false, Recipe.ARTICLE, float16, "simd", "");
    trainer = new Trainer(settings, TRAINING, TEST, backend);
    Run run = Run.start(folder, trainer, heard);
    run.train(() -> false);
    Checkpoint saved = Checkpoint.load(folder.best());
    for (int batchSize : new int[] {1, 5, 12, 100}) {
      try (Evaluation evaluation =
          new Evaluation(saved.parameters(backend), backend, 2, 0.1, TEST, batchSize)) {
        Evaluation.Result result = evaluation.measure(done -> {}, () -> false).orElseThrow();
        assertEquals(run.best(), result.denoised().mse(), "batches of " + batchSize);
      }
    }
  }

  @Test
  void aFolderWithARunIsNotTouched() throws Exception {
    Files.createDirectories(folder.path());
    Files.writeString(folder.history(), "mine");
    String message =
        assertThrows(UserError.class, () -> Run.start(folder, trainer, heard)).getMessage();
    assertTrue(message.contains("expected no run in it, got history.csv"), message);
    assertFalse(message.contains("--resume"), "without a state: " + message);
    try (Stream<Path> files = Files.list(folder.path())) {
      assertEquals(List.of(folder.history()), files.toList());
    }
    assertEquals("mine", Files.readString(folder.history()));
  }

  @Test
  void aFirstStepThatFailsLeavesTheFolderFree() throws Exception {
    BooleanSupplier failing =
        () -> {
          throw new OutOfMemoryError("unable to create native thread");
        };
    Run run = Run.start(folder, trainer, heard);
    assertThrows(OutOfMemoryError.class, () -> run.train(failing));
    assertFalse(Files.exists(folder.path()));

    Files.createDirectories(folder.path());
    Path mine = Files.writeString(folder.path().resolve("mine"), "mine");
    Run again = Run.start(folder, trainer, heard);
    assertThrows(OutOfMemoryError.class, () -> again.train(failing));
    try (Stream<Path> files = Files.list(folder.path())) {
      assertEquals(List.of(mine), files.toList());
    }
  }

  @Test
  void aRunThatHasNotSavedYetCannotBeResumed() {
    Run.start(folder, trainer, heard);
    assertEquals(
        folder.path()
            + ": expected a run that has saved, got one that had not yet — start a new run",
        assertThrows(UserError.class, () -> Run.settings(folder)).getMessage());
    String taken =
        assertThrows(UserError.class, () -> Run.start(folder, trainer, heard)).getMessage();
    assertFalse(taken.contains("--resume"), taken);
  }

  @Test
  void picturesThatCannotBeWrittenAreOneWarning() throws Exception {
    Run run = Run.start(folder, trainer, heard);
    Files.createDirectories(folder.samples().resolve("in the way"));
    assertTrue(run.train(() -> false));
    assertEquals(1, heard.warnings.size(), heard.warnings.toString());
    assertTrue(Files.exists(folder.best()));
    assertEquals(2, History.read(folder.history()).rows().size());
  }

  @Test
  void weightsThatCannotBeWrittenEndTheRunOnlyAtItsEnd() throws Exception {
    Run run = Run.start(folder, trainer, heard);
    Files.createDirectories(folder.state().resolve("in the way"));
    assertThrows(UserError.class, () -> run.train(() -> false));
    assertEquals(2, History.read(folder.history()).rows().size());
    assertTrue(Files.exists(folder.last()));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.9})
  void aNumberThatIsNotFiniteEndsTheRunWithTheWeightsOfBefore(double ema) throws Exception {
    trainer.close();
    Recipe recipe = new Recipe(Schedule.CONSTANT, false, ema, false);
    trainer = new Trainer(SmallRuns.settings(2, "simd", recipe), TRAINING, TEST, backend);
    String mean = "conv_block1/batch_normalization/moving_mean";
    String beta = "deconv_block4/batch_normalization/beta";
    Run run = Run.start(folder, trainer, heard);
    float[] huge = trainer.parameters().get(beta);
    Arrays.fill(huge, Float.POSITIVE_INFINITY);
    trainer.parameters().set(beta, huge);
    float[] before = trainer.parameters().get(mean);

    String message = assertThrows(UserError.class, () -> run.train(() -> false)).getMessage();

    assertTrue(message.contains("deconv_block4/batch_normalization forward"), message);
    assertTrue(message.contains("--learning-rate"), message);
    assertFalse(Files.exists(folder.best()));
    Checkpoint saved = Checkpoint.load(folder.last());
    assertArrayEquals(before, saved.parameters(backend).get(mean));
  }

  @Test
  void theNoiseOfTheValidationIsTheSameForEverySeed() {
    double noisy = validate(trainer);
    Settings other =
        new Settings(
            "random", 1, 7, 0.001, 99, 0, 0, 2, 0.1, true, Recipe.ARTICLE, false, "simd", "");
    try (Trainer second = new Trainer(other, TRAINING, TEST, backend)) {
      assertEquals(noisy, validate(second));
    }
  }

  private double validate(Trainer fresh) {
    fresh.epoch(heard, () -> false).orElseThrow();
    return fresh.validated().noisy().mse();
  }

  @Test
  void theLimitCutsBothSplits() {
    Settings limited =
        new Settings(
            "random", 1, 16, 0.001, 5, 10, 0, 2, 0.1, false, Recipe.ARTICLE, false, "simd", "");
    try (Trainer small = new Trainer(limited, TRAINING, TEST, backend)) {
      assertEquals(10, small.trainingImages());
      assertEquals(10, small.validationImages());
      assertTrue(small.epoch(heard, () -> false).isPresent());
    }
  }
}
