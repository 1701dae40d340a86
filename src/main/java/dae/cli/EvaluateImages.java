package dae.cli;

import dae.UserError;
import dae.data.Dataset;
import dae.data.Images;
import dae.graph.Parameters;
import dae.graph.Room;
import dae.kernel.Backend;
import dae.model.Checkpoint;
import dae.noise.Noise;
import dae.report.Drawing;
import dae.report.Figure;
import dae.report.ScoreCsv.Row;
import dae.train.BaselineEvaluation;
import dae.train.Bootstrap.Estimate;
import dae.train.Evaluation;
import dae.train.Metrics;
import dae.train.Score;
import java.io.IOException;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntFunction;

/// Measures a model on the test images of a data set, and the textbooks' denoisers beside it.
///
/// @param images those to measure
/// @param name of the model, as the user said it
/// @param batchSize images that are computed together
/// @param ensemble whether each is denoised in all eight orientations
record EvaluateImages(
    Dataset dataset,
    Images images,
    String name,
    Checkpoint model,
    Noise noise,
    int batchSize,
    boolean ensemble) {
  private static final int SAMPLES = 10;

  /// Training images on which baselines are tuned.
  private static final int TUNING = 200;

  /// Measures, prints and draws.
  ///
  /// @param baselines whether they are measured too
  /// @param figure where the first images are drawn; null for nowhere
  /// @param asked whether somebody waits for it
  /// @return noisy images, baselines, and last the model
  List<Row> run(
      Backend backend,
      boolean baselines,
      Path figure,
      boolean asked,
      PrintWriter out,
      PrintWriter err) {
    Evaluation.Draft draft = requireRoom(backend);
    ProgressLine line = new ProgressLine(err);
    try (Parameters parameters = model.parameters(backend);
        Evaluation evaluation = draft.open(parameters)) {
      BaselineEvaluation beside = null;
      if (baselines) {
        line.show(() -> "baselines: tuning");
        beside = new BaselineEvaluation(training(), tuning(backend, parameters));
      }
      Evaluation.Result result =
          evaluation.measureWithSsim(
              beside == null ? batch -> {} : beside::add, done -> show(line, done));
      line.clear();
      double mse = result.denoised().mse();
      if (!Double.isFinite(mse)) {
        throw new UserError(
            "evaluate: expected a model with finite results, got " + mse + " — change --model");
      }
      List<BaselineEvaluation.Result> others = beside == null ? List.of() : beside.results();
      List<Row> rows = new ArrayList<>();
      rows.add(row(Score.NOISY, result.noisy()));
      others.forEach(other -> rows.add(row(other.word(), other.cleaned())));
      rows.add(row(name, result.denoised()));
      print(result, rows.getLast().score(), out);
      if (beside != null) {
        List<Double> times = new ArrayList<>();
        others.forEach(other -> times.add(other.milliseconds()));
        times.add(result.milliseconds());
        print(rows, times, out);
      }
      if (figure != null) {
        draw(evaluation.samples(SAMPLES), beside, figure, asked, err);
      }
      return rows;
    } finally {
      line.clear();
    }
  }

  private void show(ProgressLine line, int done) {
    line.show(() -> "images " + ProgressLine.bar((double) done / images.count()));
  }

  private Evaluation.Draft requireRoom(Backend backend) {
    IntFunction<Evaluation.Draft> draft =
        size -> new Evaluation.Draft(model.network(), noise, images, size, backend, ensemble);
    Evaluation.Draft asked = draft.apply(batchSize);
    new Room(backend)
        .requireBatches(
            "evaluate",
            batchSize,
            asked.bytes(),
            size -> draft.apply(size).bytes(),
            "take a smaller model");
    return asked;
  }

  private Images training() {
    if (dataset.training() instanceof Images training) {
      return training;
    }
    throw new UserError(
        "evaluate: expected training images in memory for --baselines, got %s — take cifar100, cifar10 or leaves"
            .formatted(dataset.describe()));
  }

  private Evaluation.Samples tuning(Backend backend, Parameters parameters) {
    Images some = training().first(TUNING);
    try (Evaluation evaluation =
        new Evaluation.Draft(model.network(), noise, some, TUNING, backend).open(parameters)) {
      return evaluation.samples(TUNING);
    }
  }

  private Row row(String method, Metrics metrics) {
    return new Row(Score.of(noise.word(), method, metrics), metrics);
  }

  private void print(Evaluation.Result result, Score score, PrintWriter out) {
    double noisy = result.noisy().mse();
    double denoised = result.denoised().mse();
    String how = ensemble ? ", mean of eight orientations" : "";
    out.printf(
        Locale.ROOT,
        "%s: %d test images, noise %s%s%n",
        dataset.describe(),
        images.count(),
        noise.word(),
        how);
    Estimate mse = score.mse();
    Estimate ofMean =
        new Estimate(
            result.denoised().psnrOfMean(), Metrics.psnr(mse.high()), Metrics.psnr(mse.low()));
    row(out, "against the original", "noisy", "denoised", "95 %");
    row(out, "MSE", "%.6f", noisy, mse);
    row(out, "PSNR of the MSE (dB)", "%.3f", result.noisy().psnrOfMean(), ofMean);
    row(out, "mean PSNR (dB)", "%.3f", result.noisy().meanPsnr(), score.psnr());
    row(out, "mean SSIM", "%.4f", result.noisy().ssim(), score.ssim());
    if (noisy > 0) {
      out.printf(Locale.ROOT, "error reduced by a factor of %.3f%n", noisy / denoised);
    }
    out.printf("denoised MSE in full  %s%n", BigDecimal.valueOf(denoised).toPlainString());
    out.flush();
  }

  private static void row(
      PrintWriter out, String name, String form, double noisy, Estimate denoised) {
    String interval = PictureReport.interval(form, denoised);
    row(
        out,
        name,
        PictureReport.number(form, noisy),
        PictureReport.number(form, denoised.mean()),
        interval);
  }

  private static void row(PrintWriter out, String... columns) {
    out.println("%-22s %10s %10s  %s".formatted((Object[]) columns).stripTrailing());
  }

  /// @param times of all but the noisy images
  private static void print(List<Row> rows, List<Double> times, PrintWriter out) {
    int longest = rows.stream().mapToInt(row -> row.score().method().length()).max().orElseThrow();
    String form = "%-" + longest + "s  %9s %17s  %7s %13s  %7s  %8s";
    out.println();
    out.println(form.formatted("method", "MSE", "95 %", "PSNR", "95 %", "SSIM", "ms/image"));
    for (int i = 0; i < rows.size(); i++) {
      Score score = rows.get(i).score();
      Object[] columns = {
        score.method(),
        PictureReport.number("%.6f", score.mse().mean()),
        PictureReport.interval("%.6f", score.mse()),
        PictureReport.number("%.3f", score.psnr().mean()),
        PictureReport.interval("%.2f", score.psnr()),
        PictureReport.number("%.4f", score.ssim().mean()),
        i == 0 ? "" : PictureReport.number("%.2f", times.get(i - 1))
      };
      out.println(form.formatted(columns).stripTrailing());
    }
    out.flush();
  }

  private static void draw(
      Evaluation.Samples samples,
      BaselineEvaluation beside,
      Path target,
      boolean asked,
      PrintWriter err) {
    List<Figure.Row> rows = new ArrayList<>();
    rows.add(new Figure.Row("original", samples.clean()));
    rows.add(new Figure.Row("noisy", samples.noisy()));
    if (beside != null) {
      List<float[]> cleaned = beside.clean(samples);
      for (int i = 0; i < cleaned.size(); i++) {
        rows.add(new Figure.Row(beside.words().get(i), cleaned.get(i)));
      }
    }
    rows.add(new Figure.Row("denoised", samples.denoised()));
    try {
      Drawing.write(
          () -> Figure.of(rows, samples.count(), samples.height(), samples.width()), target);
      err.println("figure  " + target);
    } catch (IOException e) {
      if (asked) {
        throw new UserError(e.getMessage() + " — change --figure", e);
      }
      err.println("warning: " + e.getMessage());
    }
  }
}
