package dae.spark;

import dae.UserError;
import dae.train.RunFolder;
import dae.train.Settings;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.SparkException;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.rdd.RDD;
import scala.reflect.ClassTag$;

/// Trains a model by one barrier stage of as many tasks as the settings have workers.
final class DistributedRun {
  private static final int SECRET_BYTES = 32;

  /// As often as Spark starts any other stage. One whose results go to the driver it does not start
  /// again, if it is a barrier's.
  private static final int ATTEMPTS = 4;

  /// How Spark calls a stage that the cluster has too few cores for.
  private static final String TOO_FEW = "SPARK-24819";

  private final JavaSparkContext spark;

  DistributedRun(JavaSparkContext spark) {
    this.spark = spark;
  }

  /// Trains to the last epoch of the settings.
  ///
  /// @param folder as driver and workers see it
  /// @param timeout after which a silent rank is given up
  /// @return the history
  /// @throws UserError if a rank refuses or the cluster is too small
  String train(Settings settings, RunFolder folder, boolean resume, Duration timeout) {
    for (int attempt = 0; ; attempt++) {
      try {
        return train(settings, folder, resume, timeout, attempt);
      } catch (UserError e) {
        throw e;
      } catch (Exception e) {
        // Scala declares nothing.
        if (!(e instanceof SparkException)) {
          throw e;
        }
        String reason = ("" + e.getMessage()).lines().findFirst().orElse("");
        if (reason.contains(TOO_FEW)) {
          throw new UserError(
              "train: expected a cluster with cores for %d workers, got a smaller one — change --workers"
                  .formatted(settings.steps().workers()),
              e);
        }
        if (attempt + 1 == ATTEMPTS || spark.sc().isStopped()) {
          throw e;
        }
        System.err.println(
            "warning: a worker was lost, starting again from the last state: " + reason);
      }
    }
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
