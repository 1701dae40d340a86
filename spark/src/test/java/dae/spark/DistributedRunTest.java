package dae.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dae.UserError;
import dae.backend.Backends;
import dae.graph.Parameters;
import dae.kernel.Backend;
import dae.model.Checkpoint;
import dae.train.Recipes;
import dae.train.RunFile;
import dae.train.RunFolder;
import dae.train.RunLock;
import dae.train.Settings;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import javax.imageio.ImageIO;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.apache.spark.scheduler.SparkListenerTaskStart;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Training by a barrier stage of two tasks.
@Timeout(600)
class DistributedRunTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(120);

  private static JavaSparkContext spark;

  @TempDir static Path pictures;

  @TempDir Path folder;

  @BeforeAll
  static void open() throws IOException {
    spark = LocalSpark.open();
    Random random = new Random(3);
    for (int i = 0; i < 20; i++) {
      BufferedImage picture = new BufferedImage(48, 48, BufferedImage.TYPE_INT_RGB);
      for (int at = 0; at < 48 * 48; at++) {
        picture.setRGB(at % 48, at / 48, 0x10101 * (at / 9 % 200 + random.nextInt(40)));
      }
      ImageIO.write(picture, "png", pictures.resolve(i + ".png").toFile());
    }
  }

  @AfterAll
  static void close() {
    spark.close();
  }

  /// @param crops of each of 18 pictures in an epoch
  private static Settings settings(int workers, int epochs, int crops) {
    Settings article = Recipes.ARTICLE.settings(pictures.toString(), "", "simd");
    return article
        .withNetwork("article:2")
        .with(new Settings.Data(pictures.toString(), "", "", 0, 0, 16, crops))
        .with(article.steps().withEpochs(epochs).withBatchSize(16).withWorkers(workers));
  }

  private static String train(Settings settings, Path folder, boolean resume) {
    return new DistributedRun(spark).train(settings, new RunFolder(folder), resume, TIMEOUT);
  }

  private static float[] weights(Path run) {
    try (Backend backend = Backends.open("scalar", 1);
        Parameters parameters =
            Checkpoint.load(run.resolve(RunFile.LAST.fileName())).parameters(backend)) {
      float[] all = new float[parameters.trainable().shape().size()];
      backend.download(parameters.trainable(), 1, all, 0);
      return all;
    }
  }

  @Test
  void leavesARunThatGoesOnWithAsManyWorkers() throws IOException {
    Path whole = folder.resolve("whole");
    assertEquals(3, train(settings(2, 2, 4), whole, false).lines().count());
    Path broken = folder.resolve("broken");
    train(settings(2, 1, 4), broken, false);
    train(settings(2, 2, 4), broken, true);
    assertArrayEquals(weights(whole), weights(broken));
    for (RunFile file : RunFile.values()) {
      assertTrue(Files.exists(whole.resolve(file.fileName())), file.fileName());
    }
    UserError taken = assertThrows(UserError.class, () -> train(settings(2, 2, 4), whole, false));
    assertTrue(taken.getMessage().contains("expected no run in it"), taken.getMessage());
    RunFolder held = new RunFolder(broken);
    try (RunLock _ = RunLock.take(held)) {
      UserError second =
          assertThrows(UserError.class, () -> train(settings(2, 3, 4), broken, true));
      assertTrue(second.getMessage().contains("nobody trains"), second.getMessage());
    }
    int code = Main.commandLine().execute("train", "--workers", "3", "--resume", whole.toString());
    assertEquals(Main.WRONG_INPUT, code, "another number of workers");
  }

  @Test
  void endsWithTheSameBitsWhenAWorkerIsLost() throws Exception {
    Path undisturbed = folder.resolve("undisturbed");
    train(settings(2, 3, 50), undisturbed, false);
    Path disturbed = folder.resolve("disturbed");
    Map<Integer, Long> tasks = new ConcurrentHashMap<>();
    int[] attempts = new int[1];
    SparkListener listener =
        new SparkListener() {
          @Override
          public void onTaskStart(SparkListenerTaskStart start) {
            tasks.putIfAbsent(start.taskInfo().index(), start.taskInfo().taskId());
          }

          @Override
          public void onStageSubmitted(SparkListenerStageSubmitted stage) {
            attempts[0]++;
          }
        };
    spark.sc().addSparkListener(listener);
    Thread killer =
        Thread.ofPlatform()
            .daemon()
            .start(() -> {
              Path history = disturbed.resolve(RunFile.HISTORY.fileName());
              while (!Files.exists(history)) {
                LockSupport.parkNanos(1_000_000);
              }
              spark.sc().killTaskAttempt(tasks.get(1), true, "the test's");
            });
    try {
      String history = train(settings(2, 3, 50), disturbed, false);
      killer.join();
      assertEquals(4, history.lines().count());
      assertEquals(2, attempts[0], "the stage was started again");
      assertArrayEquals(weights(undisturbed), weights(disturbed));
    } finally {
      spark.sc().removeSparkListener(listener);
    }
  }

  @Test
  void refusesMoreWorkersThanCores() {
    UserError error =
        assertThrows(UserError.class, () -> train(settings(3, 1, 4), folder.resolve("run"), false));
    assertTrue(
        error.getMessage().contains("cores for 3 workers, got a smaller one for 2 s"),
        error.getMessage());
  }

  @Test
  void refusesTimesThatSparkCannotKeepOrHold() {
    for (String timeout : new String[] {"0", "-1", "4", "86401", "2147483647", "soon"}) {
      int code =
          Main.commandLine()
              .execute("train", "--workers=2", "--timeout=" + timeout, "--out=" + folder + "/run");
      assertEquals(Main.WRONG_INPUT, code, timeout);
    }
  }
}
