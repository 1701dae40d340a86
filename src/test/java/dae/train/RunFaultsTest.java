package dae.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dae.UserError;
import dae.backend.Backends;
import dae.data.Images;
import dae.file.Safetensors;
import dae.kernel.Backend;
import dae.optim.Schedule;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Runs whose files were cut short, flipped, exchanged or taken away.
class RunFaultsTest {
  private static final int EPOCHS = 2;
  private static final Images TRAINING = SmallRuns.images(70, 1);
  private static final Images TEST = SmallRuns.images(20, 2);

  @TempDir private Path temporary;

  private final SmallRuns.Heard heard = new SmallRuns.Heard();

  private RunFolder folder(String name) {
    return new RunFolder(temporary.resolve(name));
  }

  private RunFolder unbroken() {
    RunFolder folder = folder("unbroken");
    start(folder, SmallRuns.settings(EPOCHS, "simd"), Duration.ZERO, () -> false);
    return folder;
  }

  /// Stopped in the second epoch, after states in the first and the second.
  private RunFolder stopped() {
    RunFolder folder = folder("stopped");
    int[] asked = {0};
    start(folder, SmallRuns.settings(EPOCHS, "simd"), Duration.ZERO, () -> ++asked[0] > 8);
    return folder;
  }

  private Run start(RunFolder folder, Settings settings, Duration every, BooleanSupplier stop) {
    try (Backend backend = Backends.open("simd", 1);
        Trainer trainer = new Trainer(settings, TRAINING, TEST, backend)) {
      Run run = Run.start(folder, trainer, List.of(heard));
      run.saveEvery(every);
      run.train(stop);
      return run;
    }
  }

  private Run resume(RunFolder folder) {
    try (Backend backend = Backends.open("simd", 1);
        Trainer trainer = new Trainer(Run.settings(folder), TRAINING, TEST, backend)) {
      Run run = Run.resume(folder, trainer, List.of(heard));
      assertTrue(run.train(() -> false));
      return run;
    }
  }

  private String refused(RunFolder folder) {
    String message = assertThrows(UserError.class, () -> resume(folder)).getMessage();
    assertEquals(1, message.lines().count(), message);
    return message;
  }

  private String warned(String part) {
    return heard.warnings.stream()
        .filter(line -> line.contains(part))
        .findFirst()
        .orElseThrow(() -> new AssertionError(part + " in " + heard.warnings));
  }

  private static void flip(Path file, int fromEnd) throws Exception {
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length - fromEnd] ^= 4;
    Files.write(file, bytes);
  }

  private static void assertSameRun(RunFolder expected, RunFolder got) throws Exception {
    for (RunFile file : List.of(RunFile.BEST, RunFile.LAST)) {
      assertArrayEquals(
          Files.readAllBytes(expected.file(file)), Files.readAllBytes(got.file(file)), "" + file);
    }
    assertEquals(rows(expected), rows(got));
    assertEquals(EPOCHS, rows(got).size());
  }

  private static List<String> rows(RunFolder folder) throws Exception {
    return History.read(folder.file(RunFile.HISTORY)).rows().stream()
        .map(row -> row.epoch() + " " + row.loss() + " " + row.valMse())
        .toList();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void savesOnTheWayChangeNoBit(boolean everything) throws Exception {
    Recipe recipe =
        everything
            ? new Recipe(Schedule.COSINE, 3, 0.1, 0.999, true, true, 0.9, true, "mse")
            : Recipe.ARTICLE;
    Settings settings = SmallRuns.settings(EPOCHS, "simd", recipe).withFloat16(everything);
    RunFolder plain = folder("plain");
    RunFolder often = folder("often");
    start(plain, settings, Duration.ZERO, () -> false);
    Path state = often.file(RunFile.STATE);
    byte[][] seen = {null};
    int[] states = {0};
    start(
        often,
        settings,
        Duration.ofNanos(1),
        () -> {
          byte[] now = bytes(state);
          states[0] += Arrays.equals(now, seen[0]) ? 0 : 1;
          seen[0] = now;
          return false;
        });
    assertTrue(states[0] > 8, states[0] + " states");
    assertSameRun(plain, often);
  }

  /// The number that is said at the end is that of the model that is named.
  @Test
  void aFolderInThePlaceOfTheBestModelLeavesTheLast() throws Exception {
    RunFolder folder = folder("run");
    Path best = folder.file(RunFile.BEST);
    int[] asked = {0};
    Run run =
        start(
            folder,
            SmallRuns.settings(EPOCHS, "simd"),
            Duration.ZERO,
            () -> {
              if (++asked[0] == 8) {
                replaceByFolder(best);
              }
              return false;
            });
    warned(best + ": expected the best model, got none or another; take the last");
    assertEquals(folder.file(RunFile.LAST), run.model());
    assertEquals(History.read(folder.file(RunFile.HISTORY)).rows().getLast().valMse(), run.best());
  }

  private static void replaceByFolder(Path file) {
    try {
      Files.delete(file);
      Files.createDirectory(file);
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static byte[] bytes(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /// What a power cut leaves of a run that saves on the way goes on with the same bits.
  @Test
  void aStateFromTheMiddleOfAnEpochIsWhole() throws Exception {
    RunFolder cut = folder("cut");
    RunFolder often = folder("often");
    Files.createDirectories(cut.path());
    int[] asked = {0};
    start(
        often,
        SmallRuns.settings(EPOCHS, "simd"),
        Duration.ofNanos(1),
        () -> {
          if (++asked[0] == 4) {
            copy(often, cut);
          }
          return false;
        });
    resume(cut);
    assertSameRun(often, cut);
  }

  private static void copy(RunFolder from, RunFolder to) {
    try (var files = Files.list(from.path())) {
      for (Path file : files.toList()) {
        Files.copy(file, to.path().resolve(file.getFileName()));
      }
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"flipped", "torn", "empty", "gone"})
  void aDamagedStateIsReplacedByTheOneBefore(String how) throws Exception {
    RunFolder run = stopped();
    Path state = run.file(RunFile.STATE);
    switch (how) {
      case "flipped" -> flip(state, 1000);
      case "torn" -> Files.write(state, Arrays.copyOf(Files.readAllBytes(state), 30_000));
      case "empty" -> Files.write(state, new byte[0]);
      default -> Files.delete(state);
    }
    resume(run);
    String line = warned("going on from ");
    assertTrue(line.contains("" + state) && line.contains("state-before.safetensors"), line);
    assertSameRun(unbroken(), run);
  }

  /// The damaged state must not push the good one out, however early the next save is.
  @Test
  void theGoodStateIsTheLastAgainBeforeAnythingIsLearnt() throws Exception {
    RunFolder run = stopped();
    byte[] good = Files.readAllBytes(run.file(RunFile.STATE_BEFORE));
    flip(run.file(RunFile.STATE), 1000);
    try (Backend backend = Backends.open("simd", 1);
        Trainer trainer = new Trainer(Run.settings(run), TRAINING, TEST, backend)) {
      Run.resume(run, trainer, List.of(heard));
    }
    assertArrayEquals(good, Files.readAllBytes(run.file(RunFile.STATE)));
  }

  @Test
  void withoutAWholeStateNothingIsTouched() throws Exception {
    RunFolder run = stopped();
    flip(run.file(RunFile.STATE), 1000);
    flip(run.file(RunFile.STATE_BEFORE), 1000);
    byte[] left = Files.readAllBytes(run.file(RunFile.STATE));
    assertTrue(refused(run).contains("expected bytes with the checksum"));
    assertArrayEquals(left, Files.readAllBytes(run.file(RunFile.STATE)));
  }

  @Test
  void aStateThatIsNotFiniteIsNotUsed() throws Exception {
    RunFolder run = stopped();
    Safetensors state = Safetensors.read(run.file(RunFile.STATE));
    Map<String, Safetensors.Entry> tensors = new LinkedHashMap<>(state.tensors());
    state.tensors().keySet().stream()
        .filter(name -> name.endsWith("moving_variance"))
        .findFirst()
        .ifPresent(name -> tensors.get(name).data()[0] = Float.NaN);
    new Safetensors(state.metadata(), tensors).write(run.file(RunFile.STATE));
    resume(run);
    assertTrue(warned("going on from ").contains("expected finite values, got NaN"));
    assertSameRun(unbroken(), run);
  }

  @Test
  void aHistoryWithoutItsLastRowIsCompleted() throws Exception {
    RunFolder run = unbroken();
    List<String> expected = rows(run);
    Path history = run.file(RunFile.HISTORY);
    List<String> lines = Files.readAllLines(history);
    Files.write(history, lines.subList(0, lines.size() - 1));
    assertTrue(refused(run).contains("larger --epochs"));
    assertEquals(expected, rows(run));
    Files.delete(history);
    refused(run);
    assertEquals(expected, rows(run));
    assertEquals(List.of(), heard.warnings);
    flip(history, 5);
    refused(run);
    assertEquals(expected, rows(run));
    warned("expected the rows that the state knows");
  }

  @Test
  void whatWasEndedBeforeItsFirstBatchGoesOnOrBeginsAgain() throws Exception {
    RunFolder run = folder("stopped");
    for (int i = 0; i < 2; i++) {
      try (Backend backend = Backends.open("simd", 1);
          Trainer trainer =
              new Trainer(SmallRuns.settings(EPOCHS, "simd"), TRAINING, TEST, backend)) {
        Run.start(run, trainer, List.of());
      }
    }
    resume(run);
    assertSameRun(unbroken(), run);
    assertThrows(UserError.class, run::requireNew);
  }

  @Test
  void theBestModelIsLookedAt() throws Exception {
    RunFolder run = stopped();
    Path best = run.file(RunFile.BEST);
    byte[] own = Files.readAllBytes(best);

    Files.delete(best);
    Files.createDirectory(best);
    assertTrue(refused(run).startsWith(best + ": expected a file of the run, got something else"));
    Files.delete(best);

    RunFolder other = folder("other");
    Settings settings = SmallRuns.settings(1, "simd");
    start(other, settings.with(settings.steps().withSeed(7)), Duration.ZERO, () -> false);
    byte[] foreign = Files.readAllBytes(other.file(RunFile.BEST));
    Files.write(best, foreign);
    String message = refused(run);
    assertTrue(message.contains("got that of another (seed differs) — move it away"), message);
    assertArrayEquals(foreign, Files.readAllBytes(best));

    Files.write(best, own);
    flip(best, 100);
    resume(run);
    warned("expected bytes with the checksum");
    assertTrue(new BestModel(best, settings).has(bestOf(run)));
  }

  private static double bestOf(RunFolder run) throws Exception {
    return RunState.load(run.file(RunFile.STATE)).best();
  }

  @Test
  void aBestModelThatIsTakenAwayIsNotNamed() throws Exception {
    RunFolder run = stopped();
    Files.delete(run.file(RunFile.BEST));
    Run resumed = resume(run);
    warned("expected the best model so far, got no file");
    assertTrue(Files.exists(resumed.model()));

    RunFolder taken = folder("taken");
    Settings settings = SmallRuns.settings(EPOCHS, "simd");
    Run whole =
        start(
            taken,
            settings,
            Duration.ZERO,
            () -> {
              // Whichever epoch was the best, its file is gone in the end.
              taken.file(RunFile.BEST).toFile().delete();
              return false;
            });
    assertTrue(Files.exists(whole.model()), heard.warnings.toString());
  }

  @Test
  void anotherRunsStateIsRecognised() throws Exception {
    RunFolder run = stopped();
    RunFolder other = folder("other");
    Settings settings = SmallRuns.settings(EPOCHS, "simd");
    start(other, settings.with(settings.steps().withSeed(7)), Duration.ZERO, () -> false);
    byte[] foreign = Files.readAllBytes(other.file(RunFile.STATE));
    Files.write(run.file(RunFile.STATE), foreign);
    assertTrue(refused(run).contains("got another's (seed differs)"));
    assertArrayEquals(foreign, Files.readAllBytes(run.file(RunFile.STATE)));
  }

  @Test
  void whatAKilledWriterLeftIsSwept() throws Exception {
    RunFolder run = stopped();
    Path left = run.path().resolve(".dae-8a6ae8b3-7f3b-4b7c-9c3e-4d6f2a1b0c9d.tmp");
    Path mine = run.path().resolve(".dae-mine.tmp");
    Files.writeString(left, "half");
    Files.writeString(mine, "mine");
    resume(run);
    assertFalse(Files.exists(left));
    assertTrue(Files.exists(mine));
  }

  @Test
  void aDivergedRunLeavesWhatWasGood() throws Exception {
    RunFolder run = stopped();
    byte[] best = Files.readAllBytes(run.file(RunFile.BEST));
    byte[] last = Files.readAllBytes(run.file(RunFile.LAST));
    byte[] state = Files.readAllBytes(run.file(RunFile.STATE));
    try (Backend backend = Backends.open("simd", 1);
        Trainer trainer = new Trainer(Run.settings(run), TRAINING, TEST, backend)) {
      Run resumed = Run.resume(run, trainer, List.of(heard));
      // Training does not use it, validating does.
      String name = "conv_block2/batch_normalization/moving_variance";
      float[] values = trainer.parameters().get(name);
      values[0] = Float.NaN;
      trainer.parameters().set(name, values);
      UserError error = assertThrows(UserError.class, () -> resumed.train(() -> false));
      assertInstanceOf(Diverged.class, error.getCause());
      assertTrue(error.getMessage().contains("got NaN or infinity"), error.getMessage());
    }
    assertArrayEquals(best, Files.readAllBytes(run.file(RunFile.BEST)));
    assertArrayEquals(last, Files.readAllBytes(run.file(RunFile.LAST)));
    assertArrayEquals(state, Files.readAllBytes(run.file(RunFile.STATE)));
    assertNotEquals(0, rows(run).size());
  }
}
