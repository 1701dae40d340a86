package dae.spark;

import dae.UserError;
import dae.data.Datasets;
import dae.model.Models;
import dae.noise.Noises;
import dae.train.Recipes;
import dae.train.Run;
import dae.train.RunFile;
import dae.train.RunFolder;
import dae.train.RunLock;
import dae.train.Settings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Trains a model on several workers.
@Command(
    name = "train",
    description = {
      "Trains a model on several workers that share each batch. The run's folder, the data and"
          + " --init are named as the driver and every worker see them: on a file system that they"
          + " share.",
      "If a worker is lost, training goes on from the last epoch that was saved, to the same bits."
    },
    footer = {
      "",
      "Example:",
      "  spark-submit dae-engine-spark.jar train --workers 4 --dataset /shared/pictures --out"
          + " /shared/run"
    })
final class TrainCommand implements Callable<Integer> {
  /// Below, what is alive counts as lost: Spark's executors say so four times in this time, and on
  /// a busy machine, or while garbage is collected, are late by seconds.
  private static final int LEAST_SECONDS = 5;

  /// A day; Spark holds milliseconds in an int.
  private static final int MOST_SECONDS = 86_400;

  @Option(
      names = "--workers",
      required = true,
      paramLabel = "N",
      description = "Tasks that share each batch; each takes spark.task.cpus cores.")
  private int workers;

  @Option(
      names = "--dataset",
      paramLabel = "NAME",
      description = "cifar100, cifar10, leaves or a folder of pictures (default: leaves).")
  private String dataset;

  @Option(names = "--data", paramLabel = "DIR", description = "Where archives are (default: data).")
  private Path data;

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "Only the first N images of each split.")
  private Integer limit;

  @Option(
      names = "--recipe",
      paramLabel = "NAME",
      description = "article, best or photo (default: article; on folders photo).")
  private Recipes recipe;

  @Option(names = "--arch", paramLabel = "NETWORK", description = "The network.")
  private String arch;

  @Option(
      names = "--init",
      paramLabel = "MODEL",
      description =
          "Start from the weights of this model, by name or a file, and take its network.")
  private String init;

  @Option(names = "--noise", paramLabel = "WORD", description = "The noise, such as gaussian:0.1.")
  private String noise;

  @Option(names = "--epochs", paramLabel = "N", description = "How often each image is seen.")
  private Integer epochs;

  @Option(
      names = "--batch-size",
      paramLabel = "N",
      description = "Images per step, of all workers together.")
  private Integer batchSize;

  @Option(names = "--learning-rate", paramLabel = "RATE", description = "Adam's.")
  private Double learningRate;

  @Option(names = "--seed", paramLabel = "N", description = "Decides weights, order and noise.")
  private Long seed;

  @Option(names = "--out", paramLabel = "DIR", description = "Folder for the run.")
  private Path out;

  @Option(
      names = "--resume",
      paramLabel = "RUN",
      description =
          "Go on with the run in this folder, on as many workers; only --epochs may change.")
  private Path resume;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      description = "A worker that is silent for so long is given up, 5 to 86400 (default: 300).")
  private int timeout = 300;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    if ((out == null) == (resume == null)) {
      throw new UserError("train: expected either --out or --resume, got both or neither");
    }
    if (timeout < LEAST_SECONDS || timeout > MOST_SECONDS) {
      throw new UserError(
          "timeout: expected %d to %d, got %d — change --timeout"
              .formatted(LEAST_SECONDS, MOST_SECONDS, timeout));
    }
    RunFolder folder = new RunFolder((out != null ? out : resume).toAbsolutePath().normalize());
    if (resume == null) {
      folder.requireNew();
    } else if (folder.hasRun()) {
      // Before anybody waits for executors, which that other run may have.
      RunLock.take(folder).close();
    }
    Settings settings = resume != null ? resumed(Run.settings(folder)) : fresh();
    Duration silence = Duration.ofSeconds(timeout);
    SparkConf conf = DistributedRun.configure(ExecutorJvm.configure(new SparkConf()), silence);
    try (JavaSparkContext spark = new JavaSparkContext(conf)) {
      String history = new DistributedRun(spark).train(settings, folder, resume != null, silence);
      spec.commandLine().getOut().print(history);
      spec.commandLine().getOut().println("model  " + folder.file(RunFile.BEST));
      return 0;
    }
  }

  private Settings resumed(Settings before) {
    boolean others =
        dataset != null
            || data != null
            || limit != null
            || recipe != null
            || arch != null
            || init != null
            || noise != null
            || batchSize != null
            || learningRate != null
            || seed != null;
    if (others) {
      throw new UserError(
          "train: expected --workers, --epochs and --timeout alone beside --resume, got others —"
              + " leave them out");
    }
    if (before.steps().workers() != workers) {
      throw new UserError(
          "train: expected the %d workers that the run was started with, got %d — change --workers"
              .formatted(before.steps().workers(), workers));
    }
    return epochs == null ? before : before.with(before.steps().withEpochs(epochs));
  }

  private Settings fresh() {
    String name = Datasets.absolute(dataset == null ? "leaves" : dataset);
    boolean pictures = Datasets.anyFolder(name);
    Recipes base = recipe != null ? recipe : pictures ? Recipes.PHOTO : Recipes.ARTICLE;
    Path archives = data == null ? Path.of("data") : data;
    Settings settings = base.settings(name, "" + archives.toAbsolutePath().normalize(), "simd");
    if (pictures) {
      settings = settings.with(new Settings.Noise(Noises.REAL, false));
    }
    if (init != null) {
      String model = Models.ofUser().absolute(init);
      String network = Models.ofUser().open(model).network().word();
      settings = settings.withNetwork(network).withInit(model);
    }
    if (arch != null && init != null) {
      throw new UserError("train: expected --arch or --init, got both — leave one out");
    }
    if (arch != null) {
      settings = settings.withNetwork(arch);
    }
    if (noise != null) {
      settings = settings.with(new Settings.Noise(noise, false));
    }
    if (limit != null) {
      if (limit < 1) {
        throw new UserError("limit: expected at least 1, got " + limit + " — change --limit");
      }
      settings = settings.with(settings.data().withLimit(limit));
    }
    Settings.Steps steps = settings.steps();
    return settings.with(
        new Settings.Steps(
            epochs == null ? steps.epochs() : epochs,
            batchSize == null ? steps.batchSize() : batchSize,
            learningRate == null ? steps.learningRate() : learningRate,
            seed == null ? steps.seed() : seed,
            workers));
  }
}
