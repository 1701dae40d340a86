package dae.spark;

import dae.UserError;
import dae.train.RunFile;
import dae.train.RunFolder;
import dae.train.Settings;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkException;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.rdd.RDD;
import scala.reflect.ClassTag$;

/// Trains a model by one barrier stage of as many tasks as the settings have workers.
final class DistributedRun {
  private static final int SECRET_BYTES = 32;

  /// As often as Spark starts any other stage, in which nothing new is saved. One whose results go
  /// to the driver it does not start again, if it is a barrier's.
  private static final int ATTEMPTS = 4;

  /// How Spark calls a stage that the cluster has too few cores for.
  private static final String TOO_FEW = "SPARK-24819";

  private static final String CHECK = "spark.scheduler.barrier.maxConcurrentTasksCheck";

  /// For so long executors may come: the first ones, or one in the place of another.
  private static final int PATIENCE_SECONDS = 60;

  /// Spark kills an executor that does not end by itself ten seconds after it has given it up, and
  /// until then starts others in its place: its files are its own for so long. Three times that, as
  /// the machine may be busy.
  static final Duration KILLED_BY = Duration.ofSeconds(30);

  private final JavaSparkContext spark;

  DistributedRun(JavaSparkContext spark) {
    this.spark = spark;
  }

  /// What the stage needs of Spark, where nobody has said otherwise: executors, too, are given up
  /// after the time-out, as one that stands still keeps its core until then. Ranks wait longer for
  /// each other, as rank 0 may wait for an executor's end.
  static SparkConf configure(SparkConf conf, Duration timeout) {
    String beat = Math.clamp(timeout.toMillis() / 4, 1, 10_000) + "ms";
    long ranks = timeout.plus(KILLED_BY.multipliedBy(2)).toSeconds();
    return conf.setIfMissing("spark.app.name", "dae train")
        .setIfMissing("spark.barrier.sync.timeout", ranks + "s")
        .setIfMissing("spark.network.timeout", timeout.toSeconds() + "s")
        .setIfMissing("spark.network.timeoutInterval", beat)
        .setIfMissing("spark.executor.heartbeatInterval", beat)
        .setIfMissing(CHECK + ".interval", "1s")
        .setIfMissing(CHECK + ".maxFailures", "" + PATIENCE_SECONDS);
  }

  /// Seconds that Spark, as it is configured, waits for cores.
  private long patience() {
    return spark.getConf().getTimeAsSeconds(CHECK + ".interval")
        * spark.getConf().getInt(CHECK + ".maxFailures", PATIENCE_SECONDS);
  }

  /// Trains to the last epoch of the settings.
  ///
  /// @param folder as driver and workers see it
  /// @param timeout after which a silent rank is given up
  /// @return the history
  /// @throws UserError if a rank refuses or the cluster is too small
  String train(Settings settings, RunFolder folder, boolean resume, Duration timeout) {
    int inVain = 0;
    for (int attempt = 0; ; attempt++) {
      long saved = folder.file(RunFile.STATE).toFile().lastModified();
      try {
        return train(settings, folder, resume, timeout, attempt);
      } catch (UserError e) {
        throw e;
      } catch (Exception e) {
        // Scala declares nothing.
        if (!(e instanceof SparkException)) {
          throw e;
        }
        String reason = reason("" + e.getMessage());
        inVain = folder.file(RunFile.STATE).toFile().lastModified() == saved ? inVain + 1 : 0;
        if (reason.contains(TOO_FEW)) {
          throw new UserError(
              attempt == 0
                  ? "train: expected a cluster with cores for %d workers, got a smaller one for %d s — change --workers"
                      .formatted(settings.steps().workers(), patience())
                  : "train: expected a worker in the place of the lost one, got none in %d s — --resume %s goes on when there is"
                      .formatted(patience(), folder.path()),
              e);
        }
        if (reason.startsWith("java.lang.") || spark.sc().isStopped()) {
          throw e;
        }
        String shown = reason.replaceFirst("^([\\w.$]+(Exception|Error): )+", "");
        if (inVain == ATTEMPTS) {
          throw new UserError(
              "train: expected workers that last, lost some %d times before anything was saved (%s) — --resume %s goes on, if anything was before"
                  .formatted(ATTEMPTS, shown, folder.path()),
              e);
        }
        System.err.println(
            "warning: a worker was lost, starting again from the last state: " + shown);
      }
    }
  }

  /// Spark's one line, or what a task had to say: then it is the second.
  private static String reason(String message) {
    List<String> lines = message.lines().toList();
    boolean task = lines.size() > 1 && lines.getFirst().endsWith("finished unsuccessfully.");
    return lines.get(task ? 1 : 0);
  }

  private String train(
      Settings settings, RunFolder folder, boolean resume, Duration timeout, int attempt) {
    byte[] secret = new byte[SECRET_BYTES];
    new SecureRandom().nextBytes(secret);
    int workers = settings.steps().workers();
    RankTask task =
        new RankTask(
            settings,
            folder.path().toString(),
            resume,
            attempt,
            secret,
            timeout,
            spark.sc().longAccumulator("images trained on"));
    List<Integer> ranks = IntStream.range(0, workers).boxed().toList();
    RDD<RankTask.Result> stage =
        spark
            .parallelize(ranks, workers)
            .rdd()
            .barrier()
            .mapPartitions(task, false, ClassTag$.MODULE$.apply(RankTask.Result.class));
    List<RankTask.Result> results = stage.toJavaRDD().collect();
    for (RankTask.Result each : results) {
      if (!each.refused().isEmpty()) {
        throw new UserError(each.refused());
      }
    }
    return results.getFirst().history();
  }
}
