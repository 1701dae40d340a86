package dae.cli;

import dae.data.Datasets;
import dae.graph.Room;
import dae.graph.Trace;
import dae.model.Summary;
import dae.train.Evaluation;
import dae.train.History;
import dae.train.Listener;
import dae.train.Recipe;
import dae.train.Run;
import dae.train.Settings;
import dae.train.Trainer;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import picocli.CommandLine;

/// What `train` says: on stderr what it is doing, on stdout what came of it.
final class TrainReport implements Listener {
  /// The compiler is at work for this long, and the speed says little.
  private static final double COLD_SECONDS = 10;

  /// The speed is measured for this long before it is believed.
  private static final double ESTIMATE_SECONDS = 5;

  /// An image's forward pass as a part of its training.
  private static final double VALIDATION_SHARE = 0.3;

  private final PrintWriter out;
  private final PrintWriter err;
  private final ProgressLine line;
  private final Trainer trainer;
  private final Settings settings;
  private Trace trace;
  private double validationMse = Double.NaN;
  private long markNanos;
  private int markEpoch = -1;
  private int markBatches;
  private long firstNanos;
  private boolean measuredWarm;
  private boolean estimated;
  private boolean closed;

  TrainReport(CommandLine command, Trainer trainer) {
    out = command.getOut();
    err = command.getErr();
    line = new ProgressLine(err);
    this.trainer = trainer;
    settings = trainer.settings();
  }

  /// @param newTrace that times the ops; null for none
  void trace(Trace newTrace) {
    trace = newTrace;
    trainer.trace(newTrace);
  }

  /// Says that there is better to learn from.
  void offerData(Path folder) {
    err.println("There is no CIFAR-100 in " + folder + ": training on generated dead-leaves");
    err.println("images instead. Results are not comparable with the article's. For CIFAR-100:");
    err.println("  " + Shell.self() + " fetch cifar100");
  }

  /// Says what will be done.
  ///
  /// @param room where it is done
  /// @param images what is learnt from
  /// @param bytes that it takes besides them
  /// @param process bytes that all of it takes
  void begin(Room room, String images, long bytes, long process) {
    Summary network =
        new Summary(settings.model(), trainer.training().height(), trainer.training().width());
    err.println("device  " + room.backend().name());
    err.printf(
        Locale.ROOT,
        "data    %s: %d training and %d validation images%n",
        images,
        trainer.training().count(),
        trainer.validationImages());
    err.printf(
        Locale.ROOT,
        "network %s, %d parameters, %.1f million multiply-adds per image%n",
        settings.network(),
        network.parameters(),
        network.multiplyAdds() / 1e6);
    if (!settings.init().isEmpty()) {
      err.println("init    weights of " + settings.init());
    }
    err.printf(
        "size    batches of %d, epochs: %d%n",
        settings.steps().batchSize(), settings.steps().epochs());
    err.printf(
        Locale.ROOT,
        "memory  about %d MiB in all, %d MiB besides Java and the images, %s%n",
        process >> 20,
        bytes >> 20,
        room.describe());
    err.printf(
        Locale.ROOT,
        "seed    %d, noise %s, drawn %s%n",
        settings.steps().seed(),
        settings.noise().word(),
        settings.noise().once() ? "once" : "again in every epoch");
    if (!settings.recipe().equals(Recipe.ARTICLE)) {
      err.println("recipe  " + settings.recipe().describe());
    }
  }

  /// Takes the line away that shows the progress.
  void clear() {
    line.clear();
  }

  @Override
  public void trained(int epoch, int batches, double loss) {
    long now = System.nanoTime();
    if (firstNanos == 0) {
      firstNanos = now;
    }
    boolean warm = (now - firstNanos) / 1e9 > COLD_SECONDS;
    if (epoch != markEpoch || warm && !measuredWarm) {
      markEpoch = epoch;
      measuredWarm = warm;
      markNanos = now;
      markBatches = batches;
      return;
    }
    double seconds = (now - markNanos) / 1e9;
    double speed = (double) (batches - markBatches) * settings.steps().batchSize() / seconds;
    if (warm && seconds > ESTIMATE_SECONDS) {
      estimate(epoch, batches, speed);
    }
    line.show(() -> progress(epoch, batches, loss, speed));
  }

  /// Says once how long it will take.
  private void estimate(int epoch, int batches, double speed) {
    if (!estimated) {
      estimated = true;
      line.clear();
      String rest = time(rest(epoch, batches, speed));
      err.printf(Locale.ROOT, "time    about %s to go at %.0f images/s%n", rest, speed);
    }
  }

  private double rest(int epoch, int batches, double speed) {
    double images =
        (double) (settings.steps().epochs() - epoch)
            * (trainer.training().count() + VALIDATION_SHARE * trainer.validationImages());
    return (images - (double) batches * settings.steps().batchSize()) / speed;
  }

  private String progress(int epoch, int batches, double loss, double speed) {
    return String.format(
        Locale.ROOT,
        "epoch %d/%d %s loss %.6f%s %.0f images/s, ETA %s",
        epoch + 1,
        settings.steps().epochs(),
        ProgressLine.bar((double) batches / trainer.batches()),
        loss,
        Double.isNaN(validationMse) ? "" : String.format(Locale.ROOT, " val %.6f", validationMse),
        speed,
        time(rest(epoch, batches, speed)));
  }

  private static String time(double seconds) {
    return seconds < 90
        ? String.format(Locale.ROOT, "%.0f s", Math.max(1, seconds))
        : String.format(Locale.ROOT, "%.0f min", seconds / 60);
  }

  @Override
  public void refreshed(long images) {
    line.show(() -> "statistics " + ProgressLine.bar((double) images / trainer.training().count()));
  }

  @Override
  public void validated(int images) {
    line.show(() -> "validation " + ProgressLine.bar((double) images / trainer.validationImages()));
  }

  @Override
  public void finished(History.Row row, boolean best) {
    validationMse = row.valMse();
    result(
        String.format(
            Locale.ROOT,
            "epoch %d/%d  loss %.6f  val_mse %.6f  %.1f images/s  %.1f s%s%s",
            row.epoch(),
            settings.steps().epochs(),
            row.loss(),
            row.valMse(),
            row.imagesPerSecond(),
            row.seconds(),
            best ? "  best so far" : "",
            settling(row.epoch()) ? "  (statistics still settling)" : ""));
    if (row.epoch() < settings.steps().epochs()) {
      estimate(row.epoch(), 0, row.imagesPerSecond());
    }
    if (trace != null) {
      trace.table().forEach(err::println);
      trace.clear();
    }
  }

  private boolean settling(int epoch) {
    boolean keeps = trainer.parameters().all().values().stream().anyMatch(p -> !p.trainable());
    return keeps && settings.settling(epoch, trainer.batches());
  }

  @Override
  public void warned(String warning) {
    line.clear();
    err.println("warning: " + warning);
  }

  /// Says what came of the run and what to do with it.
  void end(Run run, DataOptions data) {
    Evaluation.Result last = trainer.validated();
    Path file = run.model();
    String model = " --model " + Shell.quoted(file.toString());
    String images = Again.images(settings.data(), data.repeated(settings.data().folder()));
    result("model     " + file);
    result(
        String.format(
            Locale.ROOT,
            "mse       %.6f denoised, %.6f noisy, on %d validation images",
            run.best(),
            last.noisy().mse(),
            last.noisy().images()));
    result("evaluate  " + Shell.self() + " evaluate" + model + images);
    if (!settings.data().noisy().isEmpty() || Datasets.anyFolder(settings.data().dataset())) {
      err.println("          (it learned from most of these; name others for a fair number)");
    }
    result("denoise   " + Shell.self() + " denoise photo.png" + model);
  }

  /// Says how to go on.
  void stopped(Run run) {
    line.clear();
    err.printf(
        Locale.ROOT,
        "stopped in epoch %d after batch %d of %d; everything is saved. To go on:%n",
        trainer.epoch() + 1,
        trainer.batch(),
        trainer.batches());
    err.println(
        "  " + Shell.self() + " train --resume " + Shell.quoted(run.folder().path().toString()));
  }

  /// A line for stdout. Whoever reads it may have gone (`| head -1`), which is no reason to stop.
  private void result(String text) {
    line.clear();
    out.println(text);
    out.flush();
    if (!closed && System.out.checkError()) {
      closed = true;
      warned("stdout is closed; the results are in the run's folder");
    }
  }
}
