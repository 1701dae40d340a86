package dae.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dae.denoise.Denoiser;
import dae.spark.LoopbackCluster.Driver;
import dae.spark.LoopbackCluster.Ended;
import dae.train.RunFile;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/// The jar under `spark-submit`, on a master and two workers of one core each.
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ClusterIT {
  private static final int EPOCHS = 3;

  @TempDir static Path folder;

  private static LoopbackCluster cluster;

  @BeforeAll
  static void start() throws Exception {
    cluster = new LoopbackCluster(Path.of("target/spark/test cluster"));
  }

  @AfterAll
  static void stop() throws Exception {
    if (cluster != null) {
      cluster.stop();
    }
  }

  @AfterEach
  void leavesNoExecutor() throws Exception {
    LoopbackCluster.until("the end of executors", null, () -> cluster.executors().isEmpty());
  }

  private static void draw(Path file, String format, int seed) throws IOException {
    Random random = new Random(seed);
    BufferedImage image = new BufferedImage(60, 44, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < 60 * 44; i++) {
      int grey = Math.clamp((long) (i / 20 + 25 * random.nextGaussian()), 0, 255);
      image.setRGB(i % 60, i / 60, grey * 0x10101);
    }
    Files.createDirectories(file.getParent());
    assertTrue(ImageIO.write(image, format, file.toFile()));
  }

  @Test
  @Order(1)
  void cleansAFolderToTheBytesOfOneMachine() throws Exception {
    Path in = folder.resolve("in");
    List<String> names = List.of("a.png", "Bäume im Herbst/b c.jpg", "Bäume im Herbst/100%.png");
    for (String name : names) {
      draw(in.resolve(name), name.substring(name.lastIndexOf('.') + 1), name.hashCode());
    }
    Files.writeString(in.resolve("bad.png"), "rubbish");
    Path out = folder.resolve("out");
    Ended ended = cluster.submit("denoise", "" + in, "" + out, "--model", "cifar");
    assertEquals(Main.WRONG_INPUT, ended.code(), "one is bad: " + ended);
    assertTrue(ended.out().startsWith("3 cleaned, 0 were there already, 1 refused"), "" + ended);
    try (Denoiser denoiser = Denoiser.open("cifar")) {
      for (String name : names) {
        Path alone = folder.resolve("alone" + name.substring(name.lastIndexOf('.')));
        denoiser.clean(in.resolve(name), alone);
        assertArrayEquals(Files.readAllBytes(alone), Files.readAllBytes(out.resolve(name)), name);
        Files.delete(alone);
      }
    }
    try (Stream<Path> left = Files.list(out)) {
      assertEquals(3, left.count(), "two pictures' places and the report");
    }
  }

  private static List<String> training(Path run, int timeout) {
    return List.of(
        ("train --workers 2 --dataset leaves --limit 6000 --arch article:4 --batch-size 32 --epochs "
                + EPOCHS
                + " --timeout "
                + timeout
                + " --out "
                + run)
            .split(" "));
  }

  private static Driver start(Path run, int timeout) throws IOException {
    return cluster.start(training(run, timeout).toArray(String[]::new));
  }

  /// The bits of a run that nothing happened to, which is made once.
  private static void requireUndisturbed(Path run) throws Exception {
    Path undisturbed = folder.resolve("undisturbed");
    if (!Files.exists(undisturbed)) {
      try (Driver driver = start(undisturbed, 120)) {
        Ended ended = driver.await();
        assertEquals(0, ended.code(), "" + ended);
        assertEquals(List.of(), ended.err());
        assertTrue(ended.out().contains("model  " + undisturbed), ended.out());
      }
      for (RunFile file : RunFile.values()) {
        assertTrue(Files.exists(undisturbed.resolve(file.fileName())), file.fileName());
      }
    }
    for (RunFile file : List.of(RunFile.LAST, RunFile.BEST)) {
      byte[] expected = Files.readAllBytes(undisturbed.resolve(file.fileName()));
      assertArrayEquals(expected, Files.readAllBytes(run.resolve(file.fileName())), "" + file);
    }
    assertEquals(losses(undisturbed), losses(run));
  }

  private static List<String> losses(Path run) throws IOException {
    List<String> losses = new ArrayList<>();
    for (String row : Files.readAllLines(run.resolve(RunFile.HISTORY.fileName()))) {
      losses.add(row.replaceFirst("^([^,]*,[^,]*,[^,]*),.*", "$1"));
    }
    return losses;
  }

  @Test
  @Order(2)
  void trains() throws Exception {
    requireUndisturbed(folder.resolve("undisturbed"));
    assertEquals(EPOCHS + 1, losses(folder.resolve("undisturbed")).size());
  }

  /// Until after the first epoch.
  ///
  /// @return the executor of rank 0, or of the other
  private static ProcessHandle amidst(Driver driver, Path run, boolean first) throws Exception {
    Path history = run.resolve(RunFile.HISTORY.fileName());
    LoopbackCluster.until("the first epoch", driver, () -> Files.exists(history));
    // Reports and samples of the first epoch take a while; an epoch takes longer.
    Thread.sleep(1_500);
    String holder = Files.readString(run.resolve("run.lock")).split(" ")[1];
    List<ProcessHandle> executors = cluster.executors();
    assertEquals(2, executors.size(), "" + executors);
    return executors.stream()
        .filter(each -> first == ("" + each.pid()).equals(holder))
        .findFirst()
        .orElseThrow();
  }

  @Test
  @Order(3)
  void goesOnWithTheSameBitsWhenAnExecutorIsKilled() throws Exception {
    Path run = folder.resolve("killed");
    try (Driver driver = start(run, 120)) {
      ProcessHandle victim = amidst(driver, run, false);
      LoopbackCluster.signal("STOP", victim);
      Ended second = cluster.submit("train", "--workers", "2", "--resume", "" + run);
      assertEquals(Main.WRONG_INPUT, second.code(), "" + second);
      assertEquals(1, second.err().size(), "" + second);
      assertTrue(
          second.err().getFirst().contains("expected a run that nobody trains"), "" + second);
      LoopbackCluster.signal("KILL", victim);
      Ended ended = driver.await();
      assertEquals(0, ended.code(), "" + ended);
      assertTrue(("" + ended.err()).contains("a worker was lost"), "" + ended);
    }
    requireUndisturbed(run);
  }

  @Test
  @Order(4)
  void givesUpAnExecutorThatStandsStill() throws Exception {
    Path run = folder.resolve("stalled");
    try (Driver driver = start(run, 6)) {
      LoopbackCluster.signal("STOP", amidst(driver, run, true));
      Ended ended = driver.await();
      assertEquals(0, ended.code(), "" + ended);
      assertTrue(("" + ended.err()).contains("a worker was lost"), "" + ended);
    }
    requireUndisturbed(run);
  }
}
