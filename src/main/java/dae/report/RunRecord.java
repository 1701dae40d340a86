package dae.report;

import dae.UserError;
import dae.data.Datasets;
import dae.file.PlainFile;
import dae.graph.Trace;
import dae.model.Network;
import dae.model.Networks;
import dae.model.Summary;
import dae.report.LossCurve.Point;
import dae.train.History;
import dae.train.RunFile;
import dae.train.RunFolder;
import dae.train.Settings;
import dae.train.SettingsFile;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.DoubleStream;

/// All that a run's folder tells of it. Runs that were made before there were reports have settings
/// and a history only.
public final class RunRecord {
  private final RunFolder folder;
  private final Settings settings;
  private final History history;
  private final RunNotes notes;
  private final List<Point> steps;
  private final ReportFolder.Psnr validation;
  private final List<Trace.Cost> trace;
  private final TreeMap<Integer, Path> samples;

  private RunRecord(RunFolder folder) throws IOException {
    this.folder = folder;
    Path file = folder.file(RunFile.SETTINGS);
    if (!Files.isRegularFile(file)) {
      throw new UserError(
          folder.path()
              + ": expected a run's folder, got none with a "
              + RunFile.SETTINGS.fileName()
              + " — check the name");
    }
    try {
      settings = SettingsFile.parse("" + file, PlainFile.text(file));
    } catch (CharacterCodingException e) {
      throw new UserError(file + ": expected a run's settings, got no text — check the file", e);
    }
    Path table = folder.file(RunFile.HISTORY);
    history = Files.exists(table) ? History.read(table) : new History();
    ReportFolder kept = new ReportFolder(folder.path().resolve("report"));
    notes = Files.exists(kept.notes()) ? RunNotes.read(kept.notes()) : null;
    steps = kept.steps();
    validation = kept.validation();
    trace = kept.trace();
    samples = kept.epochs();
    samples.tailMap(history.rows().size(), false).clear();
  }

  /// Reads it.
  ///
  /// @throws UserError one line, if there is no run or one of its files is damaged
  /// @throws IOException if one cannot be read
  public static RunRecord read(RunFolder folder) throws IOException {
    return new RunRecord(folder);
  }

  /// What people call it: the last name of its folder.
  String name() {
    return "" + folder.path().toAbsolutePath().normalize().getFileName();
  }

  RunFolder folder() {
    return folder;
  }

  /// What the run was started with.
  public Settings settings() {
    return settings;
  }

  Network network() {
    return Networks.named(settings.network());
  }

  List<History.Row> epochs() {
    return history.rows();
  }

  /// The epoch with the smallest validation MSE.
  Optional<History.Row> best() {
    return epochs().stream()
        .filter(row -> Double.isFinite(row.valMse()))
        .min(Comparator.comparingDouble(History.Row::valMse));
  }

  /// Whether the noisy images of the last validation are nearer to the clean ones than the best
  /// model's ever were; not where that was not kept.
  boolean harmful() {
    double noisy =
        DoubleStream.of(validation.noisy())
            .map(psnr -> Math.pow(10, -psnr / 10))
            .average()
            .orElse(1);
    return best().map(row -> row.valMse() > noisy).orElse(true);
  }

  /// Null where none were made.
  RunNotes notes() {
    return notes;
  }

  /// Whether it came to its last epoch.
  boolean complete() {
    return epochs().size() >= settings.steps().epochs();
  }

  int height() {
    return notes != null ? notes.height() : side();
  }

  int width() {
    return notes != null ? notes.width() : side();
  }

  private int side() {
    boolean crops =
        !settings.data().noisy().isEmpty() || Datasets.anyFolder(settings.data().dataset());
    return crops ? settings.data().patch() : 32;
  }

  /// The training loss within epochs; empty where it was not kept.
  List<Point> steps() {
    return steps;
  }

  /// Of the last validation; empty where it was not kept.
  ReportFolder.Psnr validation() {
    return validation;
  }

  /// Of the last epoch; empty where nothing was timed.
  List<Trace.Cost> trace() {
    return trace;
  }

  /// What it made of the same pictures, by epoch.
  Map<Integer, Path> samples() {
    return samples;
  }

  /// One of the pictures beside these.
  Path picture(String name) {
    return new ReportFolder(folder.path().resolve("report")).picture(name);
  }

  /// In how many of the epochs the moving averages of batch norm still lagged behind the weights; 0
  /// where there are none, or the number of steps is not known.
  int settling() {
    Summary summary = new Summary(network(), height(), width());
    if (notes == null || summary.parameters() == summary.trainable()) {
      return 0;
    }
    long batches = Math.ceilDiv(notes.training(), settings.steps().batchSize());
    return (int) epochs().stream().filter(row -> settings.settling(row.epoch(), batches)).count();
  }

  /// Adam's α at the end of each part of an epoch; empty where that depends on a number of steps
  /// that is not known.
  ///
  /// @param parts of an epoch
  double[] learningRates(int parts) {
    if (notes == null) {
      return new double[0];
    }
    long batches = Math.ceilDiv(notes.training(), settings.steps().batchSize());
    long all = batches * settings.steps().epochs();
    double[] rates = new double[parts * epochs().size()];
    for (int i = 0; i < rates.length; i++) {
      long step = Math.max(0, batches * (i + 1) / parts - 1);
      rates[i] = settings.learningRate(step, all);
    }
    return rates;
  }
}
