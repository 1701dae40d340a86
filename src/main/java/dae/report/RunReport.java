package dae.report;

import dae.UserError;
import dae.file.PlainFile;
import dae.file.Reason;
import dae.graph.Trace;
import dae.report.RunNotes.Sitting;
import dae.train.Evaluation;
import dae.train.History;
import dae.train.Listener;
import dae.train.Metrics;
import dae.train.RunFile;
import dae.train.RunFolder;
import dae.train.Trainer;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/// Keeps a run's report up to date, `report.html`: drawn anew after every validation from what lies
/// in the run's folder, so that it can be drawn again later.
public final class RunReport implements Listener {
  /// Pixels of the sample pictures, all together.
  private static final int SAMPLE_PIXELS = 1 << 15;

  private static final int MOST_SAMPLES = 6;

  /// Of the worst, the best and the median pictures.
  private static final int OF_A_KIND = 3;

  private final RunFolder run;
  private final ReportFolder folder;
  private final Trainer trainer;
  private final Trace trace;
  private final List<String> again;
  private final Consumer<String> warn;
  private final Map<String, String> machine;
  private RunNotes notes;
  private LossCurve curve;
  private boolean failed;

  /// @param machine what it runs on: a word for each thing, and what it is
  /// @param trace that times the ops; null for none
  /// @param again commands that make the run and use its model
  /// @param warn hears a line, once, when the report cannot be written
  public RunReport(
      RunFolder run,
      Trainer trainer,
      Map<String, String> machine,
      Trace trace,
      List<String> again,
      Consumer<String> warn) {
    this.run = run;
    this.trainer = trainer;
    this.trace = trace;
    this.again = again;
    this.warn = warn;
    folder = new ReportFolder(run.path().resolve("report"));
    this.machine = machine;
  }

  /// Before the first step of a run that is new or goes on.
  public void begin() {
    trying(() -> {
      if (trainer.epoch() == 0 && trainer.batch() == 0) {
        folder.clear();
      }
      RunNotes before =
          Files.exists(folder.notes())
              ? RunNotes.read(folder.notes())
              : new RunNotes(
                  trainer.training().count(),
                  trainer.validationImages(),
                  trainer.training().height(),
                  trainer.training().width(),
                  List.of(),
                  "");
      String now = LocalDateTime.now().truncatedTo(ChronoUnit.SECONDS).toString();
      notes = before.with(new Sitting(now, trainer.epoch() + 1, machine));
      // Nothing is kept yet: a run that fails in its first step leaves no folder.
      if (Files.isDirectory(folder.path())) {
        notes.write(folder.notes());
      }
      curve = new LossCurve(trainer, folder.steps());
      draw();
    });
  }

  @Override
  public void trained(int epoch, int batches, double loss) {
    if (curve != null) {
      curve.add(epoch, batches, loss);
    }
  }

  @Override
  public void finished(History.Row row, boolean best) {
    boolean last = row.epoch() >= trainer.settings().steps().epochs();
    if (curve == null) {
      return;
    }
    trying(() -> {
      Files.createDirectories(folder.path());
      keepSamples(row.epoch());
      keepValidation();
      if (trace != null) {
        folder.writeTrace(trace.costs());
      }
      keep(last ? "complete" : "");
    });
  }

  /// When it ends before its last epoch.
  ///
  /// @param how in words
  public void ended(String how) {
    // A run that failed in its first step has taken its folder back.
    if (curve == null || !Files.exists(run.file(RunFile.SETTINGS))) {
      return;
    }
    trying(() -> {
      Files.createDirectories(folder.path());
      keep(how);
    });
  }

  private void keep(String how) throws IOException {
    folder.writeSteps(curve.points());
    notes = notes.ended(how);
    notes.write(folder.notes());
    draw();
  }

  private void draw() throws IOException {
    Page.write(RunRecord.read(run), again, true, run.file(RunFile.REPORT));
  }

  /// The same pictures after every epoch.
  private void keepSamples(int epoch) throws IOException {
    int pixels = trainer.training().height() * trainer.training().width();
    Evaluation.Samples samples =
        trainer.validation().spread(Math.clamp(SAMPLE_PIXELS / pixels, 1, MOST_SAMPLES));
    Path clean = folder.picture("clean");
    byte[] before = Files.exists(clean) ? PlainFile.bytes(clean) : null;
    Drawing.write(() -> column(samples, samples.clean()), clean);
    Drawing.write(() -> column(samples, samples.noisy()), folder.picture("noisy"));
    boolean others = before != null && !Arrays.equals(before, PlainFile.bytes(clean));
    Drawing.write(() -> column(samples, samples.denoised()), folder.epoch(epoch));
    for (int kept : folder.epochs().keySet()) {
      if (kept > epoch || kept < epoch && (others || !worthKeeping(kept))) {
        Files.delete(folder.epoch(kept));
      }
    }
  }

  /// Ever rarer, as learning is fast at first: 1, 2, 3, 5, 8, 12, 18, 27, 41 …
  static boolean worthKeeping(int epoch) {
    int kept = 1;
    while (kept < epoch) {
      kept = Math.max(kept + 1, (3 * kept + 1) / 2);
    }
    return kept == epoch;
  }

  private static BufferedImage column(Evaluation.Samples samples, float[] images) {
    int length = samples.height() * samples.width() * 3;
    float[][] rows = new float[samples.count()][];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = Arrays.copyOfRange(images, i * length, (i + 1) * length);
    }
    return Strip.of(samples.height(), samples.width(), 1, rows);
  }

  private void keepValidation() throws IOException {
    Metrics denoised = trainer.validated().denoised();
    double[] psnr = denoised.psnrs();
    folder.writeValidation(trainer.validated().noisy().psnrs(), psnr);
    int[] order = order(psnr);
    for (Rank rank : Rank.values()) {
      Evaluation.Samples samples = trainer.validation().at(rank.of(order));
      Drawing.write(
          () ->
              Strip.of(
                  samples.height(),
                  samples.width(),
                  samples.count(),
                  samples.clean(),
                  samples.noisy(),
                  samples.denoised()),
          folder.picture(rank.word()));
    }
  }

  /// Pictures by their PSNR, the worst first.
  static int[] order(double[] psnr) {
    return IntStream.range(0, psnr.length)
        .boxed()
        .sorted(Comparator.comparingDouble(i -> psnr[i]))
        .mapToInt(i -> i)
        .toArray();
  }

  /// Which pictures of all are shown.
  enum Rank {
    WORST,
    MEDIAN,
    BEST;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    /// Their numbers.
    ///
    /// @param order of all, the worst first
    int[] of(int[] order) {
      int count = Math.clamp(order.length / 3, 1, OF_A_KIND);
      int first =
          switch (this) {
            case WORST -> 0;
            case MEDIAN -> (order.length - count) / 2;
            case BEST -> order.length - count;
          };
      return Arrays.copyOfRange(order, first, first + count);
    }
  }

  private interface Work {
    void run() throws IOException;
  }

  /// Whatever goes wrong with a report, the training goes on.
  private void trying(Work work) {
    try {
      work.run();
    } catch (IOException | RuntimeException e) {
      if (!failed) {
        failed = true;
        String line =
            switch (e) {
              case FileSystemException io when io.getFile() != null ->
                  "report: %s: %s".formatted(io.getFile(), Reason.of(io));
              case IOException io -> "report: " + Reason.of(io);
              case UserError said -> said.getMessage();
              default -> "report: " + e;
            };
        warn.accept(line + "; the run goes on without it");
      }
    }
  }
}
