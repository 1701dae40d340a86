package dae.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dae.UserError;
import dae.backend.Backends;
import dae.data.Images;
import dae.file.Safetensors;
import dae.kernel.Backend;
import dae.model.Checkpoint;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// One flipped bit at random places of each file that a run reads back: it is noticed, or has
/// changed no number. `-Ddae.flips=1000` for that many places of each, `-Ddae.seed=N` for others.
class BitFlipTest {
  private static final int FLIPS = Integer.getInteger("dae.flips", 100);
  private static final Images IMAGES = SmallRuns.images(32, 1);

  @TempDir private Path folder;

  @Test
  void isNoticedWhereItChangesANumber() throws Exception {
    RunFolder run = new RunFolder(folder.resolve("run"));
    try (Backend backend = Backends.open("simd", 1);
        Trainer trainer = new Trainer(SmallRuns.settings(1, "simd"), IMAGES, IMAGES, backend)) {
      assertTrue(Run.start(run, trainer, List.of()).train(() -> false));
    }
    long seed = Long.getLong("dae.seed", 1);
    Random random = new Random(seed);
    for (RunFile file :
        List.of(
            RunFile.BEST,
            RunFile.LAST,
            RunFile.STATE,
            RunFile.STATE_BEFORE,
            RunFile.HISTORY,
            RunFile.SETTINGS)) {
      byte[] whole = Files.readAllBytes(run.file(file));
      int noticed = 0;
      int harmless = 0;
      for (int i = 0; i < FLIPS; i++) {
        byte[] flipped = whole.clone();
        int at = random.nextInt(flipped.length);
        flipped[at] ^= (byte) (1 << random.nextInt(8));
        Files.write(run.file(file), flipped);
        if (isNoticed(run, file)) {
          noticed++;
        } else if (isHarmless(run, file, whole)) {
          harmless++;
        } else {
          throw new AssertionError(file + ": a flip at " + at + " passes, seed " + seed);
        }
      }
      Files.write(run.file(file), whole);
      System.out.printf(
          "%s: of %d flips %d noticed, %d harmless%n", file.fileName(), FLIPS, noticed, harmless);
      assertEquals(FLIPS, noticed + harmless);
    }
  }

  private boolean isNoticed(RunFolder run, RunFile file) throws Exception {
    try (Backend backend = Backends.open("scalar", 1);
        Trainer trainer = new Trainer(more(), IMAGES, IMAGES, backend)) {
      SmallRuns.Heard heard = new SmallRuns.Heard();
      switch (file) {
        case LAST -> Checkpoint.load(run.file(file));
        case STATE_BEFORE -> RunState.load(run.file(file));
        default -> resume(run, trainer, heard);
      }
      return !heard.warnings.isEmpty();
    } catch (UserError e) {
      return true;
    }
  }

  /// Leaves the folder as it was, but for the file in question.
  private void resume(RunFolder run, Trainer trainer, Listener heard) throws Exception {
    Map<RunFile, byte[]> before = new java.util.EnumMap<>(RunFile.class);
    for (RunFile file : RunFile.values()) {
      if (Files.exists(run.file(file))) {
        before.put(file, Files.readAllBytes(run.file(file)));
      }
    }
    try {
      Run.resume(run, trainer, List.of(heard));
    } finally {
      for (Map.Entry<RunFile, byte[]> each : before.entrySet()) {
        Files.write(run.file(each.getKey()), each.getValue());
      }
    }
  }

  private static Settings more() {
    return SmallRuns.settings(2, "simd");
  }

  private static boolean isHarmless(RunFolder run, RunFile file, byte[] whole) throws Exception {
    if (file == RunFile.HISTORY) {
      return false;
    }
    if (file == RunFile.SETTINGS) {
      // What --resume goes by is in the state; only these differ, or nothing does.
      Settings expected = SettingsFile.parse("", new String(whole, StandardCharsets.UTF_8));
      Settings got = SettingsFile.parse("", Files.readString(run.file(file)));
      return BestModel.difference(expected.metadata(), got.metadata()) == null;
    }
    Path copy = run.path().resolve("whole");
    Files.write(copy, whole);
    Safetensors expected = Safetensors.read(copy);
    Safetensors got = Safetensors.read(run.file(file));
    Files.delete(copy);
    return expected.tensors().keySet().equals(got.tensors().keySet())
        && expected.tensors().keySet().stream()
            .allMatch(name ->
                Arrays.equals(expected.tensors().get(name).data(), got.tensors().get(name).data()));
  }
}
