package dae.launcher;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A run whose whole process group is killed or stopped at random moments, and gone on with until
/// it ends, has the bits of one that nobody disturbed. `-Ddae.kills=1000` and `-Ddae.stops=500` for
/// that many, `-Ddae.seed=N` for other moments, `-Ddae.backend=opencl` on a device.
class KillIT {
  private static final int KILLS = Integer.getInteger("dae.kills", 50);
  private static final int STOPS = Integer.getInteger("dae.stops", 20);
  private static final String BACKEND = System.getProperty("dae.backend", "scalar");
  private static final long SEED = Long.getLong("dae.seed", 1);
  private static final int EPOCHS = 4;

  /// What ends a process, and with which exit code.
  private enum Signal {
    INT(2),
    KILL(9),
    TERM(15);

    final int exitCode;

    Signal(int number) {
      exitCode = 128 + number;
    }
  }

  /// After which a process leads its group.
  private static final long START = TimeUnit.MILLISECONDS.toNanos(50);

  @TempDir private Path folder;

  /// What a whole run takes.
  private long nanos;

  @Test
  void killedRunsEndWithTheBitsOfAnUndisturbedOne() throws Exception {
    disturb(KILLS, Signal.KILL);
  }

  /// Also while the JVM starts, loads a driver or ends.
  @Test
  void soDoStoppedOnes() throws Exception {
    disturb(STOPS, Signal.INT, Signal.TERM);
  }

  private void disturb(int times, Signal... signals) throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/setsid")), "skipped: no setsid");
    Random random = new Random(SEED);
    paint(folder.resolve("pictures"), random);
    Path whole = folder.resolve("whole");
    long began = System.nanoTime();
    assertEquals(0, await(train(whole)), this::said);
    nanos = System.nanoTime() - began;

    int killed = 0;
    int ended = 0;
    Path run = folder.resolve("run0");
    while (killed < times || Files.exists(run)) {
      Signal signal = signals[random.nextInt(signals.length)];
      if (step(run, killed < times ? START + random.nextLong(nanos) : Long.MAX_VALUE, signal)) {
        killed++;
      } else {
        requireSame(whole, run);
        run = folder.resolve("run" + ++ended);
      }
    }
    System.out.printf(
        "%d times %s on %s, %d runs with the bits of an undisturbed one%n",
        killed, Arrays.toString(signals), BACKEND, ended);
  }

  /// Goes on with a run, until it ends or the moment comes.
  ///
  /// @return whether it was killed
  private boolean step(Path run, long moment, Signal signal) throws Exception {
    boolean fresh = !Files.exists(run);
    long began = System.nanoTime();
    Process process = train(run);
    if (process.waitFor(moment, TimeUnit.NANOSECONDS)) {
      requireDone(process.exitValue());
      if (fresh) {
        // The moment was too late: this machine has become faster.
        nanos = Math.min(nanos, System.nanoTime() - began);
      }
      return false;
    }
    // It leads its group: launcher, engine and whoever looks at drivers.
    int sent =
        new ProcessBuilder("sh", "-c", "kill -" + signal + " -" + process.pid())
            .redirectErrorStream(true)
            .start()
            .waitFor();
    int exitCode = await(process);
    if (said().contains("Error occurred during initialization of VM")) {
      // Java's own: told to end in a few milliseconds of its start, it fails with 1.
      return true;
    }
    assertFalse(said().contains("\tat "), this::said);
    if (exitCode != signal.exitCode) {
      requireDone(exitCode);
      return false;
    }
    assertEquals(0, sent, "no such group");
    return true;
  }

  /// One that was killed after its last save has nothing left to learn.
  private void requireDone(int exitCode) {
    boolean learnt = said().contains("expected more than the " + EPOCHS + " epochs it has");
    assertTrue(exitCode == 0 || learnt, () -> exitCode + ": " + said());
  }

  private static int await(Process process) throws InterruptedException {
    assertTrue(process.waitFor(120, TimeUnit.SECONDS), "still running");
    return process.exitValue();
  }

  /// Saves after every batch, so that a random moment is likely to be one of saving.
  private Process train(Path run) throws IOException {
    List<String> command =
        new ArrayList<>(List.of("/usr/bin/setsid", Jar.JAVA, "-XX:TieredStopAtLevel=1", "-jar"));
    command.addAll(List.of("" + Jar.PATH, "train", "--backend", BACKEND, "--threads", "1"));
    command.addAll(List.of("--save-every", "0.000001"));
    boolean begun =
        Files.exists(run.resolve("state.safetensors"))
            || Files.exists(run.resolve("state-before.safetensors"));
    if (begun) {
      command.addAll(List.of("--resume", "" + run));
    } else {
      command.addAll(List.of("--out", "" + run, "--dataset", "" + folder.resolve("pictures")));
      command.addAll(List.of("--arch", "article:1", "--recipe", "article", "--noise", "0.1"));
      command.addAll(List.of("--patch", "16", "--epochs", "" + EPOCHS, "--batch-size", "8"));
    }
    return Jar.process(command)
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("said").toFile())
        .start();
  }

  private String said() {
    try {
      return "seed " + SEED + ": " + Files.readString(folder.resolve("said"));
    } catch (IOException e) {
      return "" + e;
    }
  }

  private static void requireSame(Path whole, Path run) throws IOException {
    for (String file : List.of("best.safetensors", "last.safetensors")) {
      assertArrayEquals(
          Files.readAllBytes(whole.resolve(file)),
          Files.readAllBytes(run.resolve(file)),
          run + ", seed " + SEED + ": " + file);
    }
    assertEquals(losses(whole), losses(run), run + ", seed " + SEED);
    try (Stream<Path> files = Files.walk(run)) {
      assertTrue(files.noneMatch(file -> ("" + file).endsWith(".tmp")), run + ": left over");
    }
  }

  /// The history without its times.
  private static List<String> losses(Path run) throws IOException {
    return Files.readAllLines(run.resolve("history.csv")).stream()
        .map(row -> row.replaceFirst(",[^,]*,[^,]*$", ""))
        .toList();
  }

  private static void paint(Path pictures, Random random) throws IOException {
    Files.createDirectories(pictures);
    for (int i = 0; i < 20; i++) {
      BufferedImage image = new BufferedImage(40, 40, BufferedImage.TYPE_INT_RGB);
      int[] pixels = random.ints(40 * 40).toArray();
      image.setRGB(0, 0, 40, 40, pixels, 0, 40);
      ImageIO.write(image, "png", pictures.resolve(i + ".png").toFile());
    }
  }
}
