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
import dae.train.BaselineEvaluation;
import dae.train.Evaluation;
import dae.train.Metrics;
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
/// @param batchSize images that are computed together
/// @param ensemble whether each is denoised in all eight orientations
record EvaluateImages(
    Dataset dataset,
    Images images,
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
  void run(Backend backend, boolean baselines, Path figure, PrintWriter out, PrintWriter err) {
    Evaluation.Draft draft = requireRoom(backend);
    ProgressLine line = new ProgressLine(err);
    try (Parameters parameters = model.parameters(backend);
        Evaluation evaluation = draft.open(parameters)) {
      Evaluation.Result result =
          evaluation.measureWithSsim(done -> show(line, "model", done), () -> false).orElseThrow();
      line.clear();
      double mse = result.denoised().mse();
      if (!Double.isFinite(mse)) {
        throw new UserError(
            "evaluate: expected a model with finite results, got " + mse + " — change --model");
      }
      print(result, out);
      BaselineEvaluation beside = null;
      if (baselines) {
        line.show(() -> "baselines: tuning");
        beside = new BaselineEvaluation(training(), tuning(backend, parameters));
        List<BaselineEvaluation.Result> others =
            beside.measure(evaluation, done -> show(line, "baselines", done));
        line.clear();
        print(result, others, out);
      }
      if (figure != null) {
        draw(evaluation.samples(SAMPLES), beside, figure, err);
      }
    } finally {
      line.clear();
    }
  }

  private void show(ProgressLine line, String what, int done) {
    line.show(() -> what + " " + ProgressLine.bar((double) done / images.count()));
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

  private void print(Evaluation.Result result, PrintWriter out) {
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
    out.printf("%-22s %10s %10s%n", "against the original", "noisy", "denoised");
    row(out, "MSE", "%.6f", noisy, denoised);
    row(
        out,
        "PSNR of the MSE (dB)",
        "%.3f",
        result.noisy().psnrOfMean(),
        result.denoised().psnrOfMean());
    row(out, "mean PSNR (dB)", "%.3f", result.noisy().meanPsnr(), result.denoised().meanPsnr());
    row(out, "mean SSIM", "%.4f", result.noisy().ssim(), result.denoised().ssim());
    if (noisy > 0) {
      out.printf(Locale.ROOT, "error reduced by a factor of %.3f%n", noisy / denoised);
    }
    out.printf("denoised MSE in full  %s%n", BigDecimal.valueOf(denoised).toPlainString());
    out.flush();
  }

  private static void row(
      PrintWriter out, String name, String format, double noisy, double denoised) {
    out.printf(
        "%-22s %10s %10s%n",
        name,
        String.format(Locale.ROOT, format, noisy),
        String.format(Locale.ROOT, format, denoised));
  }

  private void print(
      Evaluation.Result result, List<BaselineEvaluation.Result> baselines, PrintWriter out) {
    out.printf("%n%-40s %9s %8s %8s %9s%n", "method", "MSE", "PSNR", "SSIM", "ms/image");
    method(out, "noisy", result.noisy(), 0);
    for (BaselineEvaluation.Result baseline : baselines) {
      method(out, baseline.word(), baseline.cleaned(), baseline.milliseconds());
    }
    method(out, "the model, " + model.network().word(), result.denoised(), result.milliseconds());
    out.flush();
  }

  private static void method(PrintWriter out, String name, Metrics metrics, double milliseconds) {
    out.printf(
        Locale.ROOT,
        "%-40s %9.6f %8.3f %8.4f %9s%n",
        name,
        metrics.mse(),
        metrics.meanPsnr(),
        metrics.ssim(),
        milliseconds == 0 ? "" : String.format(Locale.ROOT, "%.2f", milliseconds));
  }

  private static void draw(
      Evaluation.Samples samples, BaselineEvaluation beside, Path target, PrintWriter err) {
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
      err.println("warning: " + e.getMessage());
    }
  }
}
