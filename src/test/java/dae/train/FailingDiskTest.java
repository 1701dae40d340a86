package dae.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dae.UserError;
import dae.backend.Backends;
import dae.data.Images;
import dae.file.FailingDisk;
import dae.kernel.Backend;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Each creation, write, force, link and rename of a run's files fails in its turn, once or from
/// then on; the run goes on or ends in one line, and what is left can be gone on with.
class FailingDiskTest {
  private static final Images TRAINING = SmallRuns.images(32, 1);
  private static final Images TEST = SmallRuns.images(8, 2);

  /// Of the steps, every which one fails; `-Ddae.every=1` for all of them.
  private static final int EVERY = Integer.getInteger("dae.every", 10);

  @TempDir private Path temporary;

  private int train(RunFolder folder) {
    int refusals = 0;
    try (Backend backend = Backends.open("scalar", 1);
        Trainer trainer = new Trainer(SmallRuns.settings(2, "scalar"), TRAINING, TEST, backend)) {
      try {
        SmallRuns.Heard heard = new SmallRuns.Heard();
        Run run =
            folder.hasRun()
                ? Run.resume(folder, trainer, List.of(heard))
                : Run.start(folder, trainer, List.of(heard));
        run.saveEvery(Duration.ofNanos(1));
        assertTrue(run.train(() -> false));
      } catch (UserError e) {
        assertEquals(1, e.getMessage().lines().count(), e.getMessage());
        refusals++;
      }
    }
    return refusals;
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void nothingIsLost(boolean forGood) throws Exception {
    RunFolder whole = new RunFolder(temporary.resolve("whole"));
    int steps;
    try (FailingDisk disk = FailingDisk.at(0, false)) {
      train(whole);
      steps = disk.steps();
    }
    assertTrue(steps > 60, steps + " steps");
    int refusals = 0;
    for (int step = 1; step <= steps; step += EVERY) {
      RunFolder run = new RunFolder(temporary.resolve("step" + step));
      try (FailingDisk _ = FailingDisk.at(step, forGood)) {
        refusals += train(run);
      }
      // The run is complete now, or goes on to be.
      train(run);
      for (RunFile file : List.of(RunFile.BEST, RunFile.LAST)) {
        assertArrayEquals(
            Files.readAllBytes(whole.file(file)),
            Files.readAllBytes(run.file(file)),
            file + " after step " + step);
      }
      assertEquals(2, History.read(run.file(RunFile.HISTORY)).rows().size(), "step " + step);
      try (Stream<Path> files = Files.list(run.path())) {
        assertTrue(files.noneMatch(file -> file.toString().endsWith(".tmp")), "step " + step);
      }
    }
    assertTrue(!forGood || refusals > 0);
  }

  @Test
  void aRunThatCannotBeginLeavesNoFolder() {
    RunFolder run = new RunFolder(temporary.resolve("run"));
    try (FailingDisk _ = FailingDisk.at(1, true)) {
      assertEquals(1, train(run));
    }
    assertTrue(Files.notExists(run.path()));
  }
}
