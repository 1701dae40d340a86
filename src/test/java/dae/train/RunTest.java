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
import dae.noise.Noises;
import dae.optim.Schedule;
import dae.report.Pictures;
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

  private List<Listener> listeners() {
    return List.of(new Pictures(folder, trainer, heard::warned), heard);
  }

  @Test
  void leavesEverything() throws Exception {
    Run run = Run.start(folder, trainer, listeners());
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
              "state-before.safetensors",
              "state.safetensors"),
          files.map(file -> "" + file.getFileName()).sorted().toList());
    }
    History history = History.read(folder.file(RunFile.HISTORY));
    double best = history.rows().stream().mapToDouble(History.Row::valMse).min().orElseThrow();
    assertEquals(best, run.best());
    Checkpoint saved = Checkpoint.load(folder.file(RunFile.BEST));
    assertEquals("article:2", saved.network().word());
    assertEquals("" + best, saved.metadata().get("val_mse"));
    assertEquals("0.001", saved.metadata().get("learning_rate"));
    assertEquals("denoising-autoencoder", saved.metadata().get("architecture"));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void bestFindsTheMseOfTheHistoryAgainAtAnyBatchSize(boolean float16) throws Exception {
    trainer.close();
    Settings settings = SmallRuns.settings(2, "simd").withFloat16(float16);
    trainer = new Trainer(settings, TRAINING, TEST, backend);
    Run run = Run.start(folder, trainer, listeners());
    run.train(() -> false);
    Checkpoint saved = Checkpoint.load(folder.file(RunFile.BEST));
    for (int batchSize : new int[] {1, 5, 12, 100}) {
      try (Evaluation evaluation =
          new Evaluation.Draft(
                  saved.network(), Noises.named("gaussian:0.1"), TEST, batchSize, backend)
              .open(saved.parameters(backend))) {
        Evaluation.Result result = evaluation.measure(done -> {}, () -> false).orElseThrow();
        assertEquals(run.best(), result.denoised().mse(), "batches of " + batchSize);
      }
    }
  }

  @Test
  void aFolderWithARunIsNotTouched() throws Exception {
    Files.createDirectories(folder.path());
    Files.writeString(folder.file(RunFile.HISTORY), "mine");
    String message =
        assertThrows(UserError.class, () -> Run.start(folder, trainer, listeners())).getMessage();
    assertTrue(message.contains("expected no run in it, got history.csv"), message);
    assertFalse(message.contains("--resume"), "without a state: " + message);
    try (Stream<Path> files = Files.list(folder.path())) {
      assertEquals(List.of(folder.file(RunFile.HISTORY)), files.toList());
    }
    assertEquals("mine", Files.readString(folder.file(RunFile.HISTORY)));
  }

  @Test
  void aFirstStepThatFailsLeavesTheFolderFree() throws Exception {
    BooleanSupplier failing =
        () -> {
          throw new OutOfMemoryError("unable to create native thread");
        };
    Run run = Run.start(folder, trainer, listeners());
    assertThrows(OutOfMemoryError.class, () -> run.train(failing));
    assertFalse(Files.exists(folder.path()));

    Files.createDirectories(folder.path());
    Path mine = Files.writeString(folder.path().resolve("mine"), "mine");
    Run again = Run.start(folder, trainer, listeners());
    assertThrows(OutOfMemoryError.class, () -> again.train(failing));
    try (Stream<Path> files = Files.list(folder.path())) {
      assertEquals(List.of(mine), files.toList());
    }
  }

  @Test
  void picturesThatCannotBeWrittenAreOneWarning() throws Exception {
    Run run = Run.start(folder, trainer, listeners());
    Files.createDirectories(folder.file(RunFile.SAMPLES).resolve("in the way"));
    assertTrue(run.train(() -> false));
    assertEquals(1, heard.warnings.size(), heard.warnings.toString());
    assertTrue(Files.exists(folder.file(RunFile.BEST)));
    assertEquals(2, History.read(folder.file(RunFile.HISTORY)).rows().size());
  }

  @Test
  void weightsThatCannotBeWrittenEndTheRunOnlyAtItsEnd() throws Exception {
    Run run = Run.start(folder, trainer, listeners());
    Files.createDirectories(folder.file(RunFile.STATE_BEFORE).resolve("in the way"));
    assertThrows(UserError.class, () -> run.train(() -> false));
    assertEquals(2, History.read(folder.file(RunFile.HISTORY)).rows().size());
    assertTrue(Files.exists(folder.file(RunFile.LAST)));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.9})
  void aNumberThatIsNotFiniteEndsTheRunWithTheWeightsOfBefore(double ema) throws Exception {
    trainer.close();
    Recipe recipe = new Recipe(Schedule.CONSTANT, 0, 0, 0.999, false, false, ema, false, "mse");
    trainer = new Trainer(SmallRuns.settings(2, "simd", recipe), TRAINING, TEST, backend);
    String mean = "conv_block1/batch_normalization/moving_mean";
    String beta = "deconv_block4/batch_normalization/beta";
    Run run = Run.start(folder, trainer, listeners());
    assertFalse(run.train(() -> true));
    byte[] last = Files.readAllBytes(folder.file(RunFile.LAST));
    float[] huge = trainer.parameters().get(beta);
    Arrays.fill(huge, Float.POSITIVE_INFINITY);
    trainer.parameters().set(beta, huge);
    float[] before = trainer.parameters().get(mean);

    String message = assertThrows(UserError.class, () -> run.train(() -> false)).getMessage();

    assertTrue(message.contains("deconv_block4/batch_normalization forward"), message);
    assertTrue(message.contains("--learning-rate"), message);
    assertFalse(Files.exists(folder.file(RunFile.BEST)));
    assertArrayEquals(before, trainer.parameters().get(mean));
    assertArrayEquals(last, Files.readAllBytes(folder.file(RunFile.LAST)));
  }

  @Test
  void theNoiseOfTheValidationIsTheSameForEverySeed() {
    double noisy = validate(trainer);
    Settings same = SmallRuns.settings(1, "simd");
    Settings other =
        same.with(same.steps().withBatchSize(7).withSeed(99))
            .with(new Settings.Noise("gaussian:0.1", true));
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
    Settings all = SmallRuns.settings(1, "simd");
    Settings limited = all.with(all.data().withLimit(10));
    try (Trainer small = new Trainer(limited, TRAINING, TEST, backend)) {
      assertEquals(10, small.training().count());
      assertEquals(10, small.validationImages());
      assertTrue(small.epoch(heard, () -> false).isPresent());
    }
  }
}
