package dae.report;

import dae.html.Html;
import dae.report.LossCurve.Point;
import dae.train.History;
import dae.train.Metrics;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// The charts of one run, or of several over one another.
final class Charts {
  private static final String EPOCH = "epoch";

  /// Colors of a single run's charts.
  private static final int LOSS = 0;

  private static final int VALIDATION = 1;
  private static final int OTHER = 2;

  /// Points of the learning rate in an epoch.
  private static final int PARTS = 20;

  private final List<RunRecord> runs;
  private final int epochs;

  Charts(List<RunRecord> runs) {
    this.runs = runs;
    epochs = runs.stream().mapToInt(run -> run.epochs().size()).max().orElse(0);
  }

  String html() {
    return runs.size() == 1 ? single(runs.getFirst()) : several();
  }

  private String single(RunRecord run) {
    double[] validation = column(run, History.Row::valMse);
    double[] loss = column(run, History.Row::loss);
    double[] lossXs = run.steps().stream().mapToDouble(Point::epoch).toArray();
    double[] lossYs = run.steps().stream().mapToDouble(Point::loss).toArray();
    if (lossXs.length == 0) {
      lossXs = numbers(run.epochs().size());
      lossYs = Arrays.copyOf(loss, lossXs.length);
    }
    double last = Math.max(epochs, lossXs.length == 0 ? 0 : lossXs[lossXs.length - 1]);
    Axis x = new Axis(0, Math.max(1, last), false);
    Chart.Curve training =
        new Chart.Curve(
            "training loss", LOSS, "thin", lossXs, lossYs, loss, numbers(loss), epochs < 2);
    Chart.Curve measured =
        line("validation MSE", VALIDATION, validation, words(validation, Charts::error));
    boolean same = run.settings().recipe().loss().equals("mse");
    StringBuilder html = new StringBuilder();
    Chart error =
        chart(
            same ? "Error, logarithmic" : "Validation error, logarithmic",
            x,
            same ? Chart.axis(true, lossYs, validation) : Chart.axis(true, validation));
    if (same) {
      error.add(training);
    }
    if (epochs > 0) {
      error.add(measured);
    }
    html.append(error.html("error"));
    html.append("<div class=\"pair\">\n");
    if (!same) {
      boolean positive = DoubleStream.of(lossYs).allMatch(v -> !(v <= 0));
      String title = "Training loss, " + run.settings().recipe().loss();
      Chart own = chart(title + (positive ? ", logarithmic" : ""), x, Chart.axis(positive, lossYs));
      own.add(training);
      html.append(own.html("loss"));
    }
    double[] rates = run.learningRates(PARTS);
    if (rates.length > 0) {
      double[] ends = run.learningRates(1);
      double[] xs =
          IntStream.rangeClosed(1, rates.length).mapToDouble(i -> (double) i / PARTS).toArray();
      Chart rate = chart("Learning rate", x, Chart.axis(false, rates));
      rate.add(new Chart.Curve("Adam’s α", OTHER, "line", xs, rates, ends, numbers(ends), false));
      html.append(rate.html("rate"));
    }
    if (epochs == 0) {
      return html.append("</div>\n").toString();
    }
    double[] speed = column(run, History.Row::imagesPerSecond);
    Chart images = chart("Images per second", x, Chart.axis(false, speed));
    images.add(line("in training", OTHER, speed, numbers(speed)));
    return html.append(images.html("speed")).append("</div>\n").toString();
  }

  private String several() {
    Axis x = new Axis(0, Math.max(1, epochs), false);
    StringBuilder html = new StringBuilder();
    double[][] errors =
        runs.stream().map(run -> column(run, History.Row::valMse)).toArray(double[][]::new);
    Chart error = chart("Validation MSE, logarithmic", x, Chart.axis(true, errors));
    double[][] speeds =
        runs.stream()
            .map(run -> column(run, History.Row::imagesPerSecond))
            .toArray(double[][]::new);
    Chart speed = chart("Images per second", x, Chart.axis(false, speeds));
    double[][] rates = runs.stream().map(run -> run.learningRates(PARTS)).toArray(double[][]::new);
    Chart rate = chart("Learning rate", x, Chart.axis(false, rates));
    for (int i = 0; i < runs.size(); i++) {
      String name = runs.get(i).name();
      error.add(line(name, i, errors[i], words(errors[i], Charts::error)));
      speed.add(line(name, i, speeds[i], numbers(speeds[i])));
      if (rates[i].length > 0) {
        double[] ends = Arrays.copyOf(runs.get(i).learningRates(1), epochs);
        Arrays.fill(ends, runs.get(i).epochs().size(), epochs, Double.NaN);
        double[] xs =
            IntStream.rangeClosed(1, rates[i].length)
                .mapToDouble(k -> (double) k / PARTS)
                .toArray();
        rate.add(new Chart.Curve(name, i, "line", xs, rates[i], ends, numbers(ends), false));
      }
    }
    html.append(error.html("error")).append("<div class=\"pair\">\n");
    if (Stream.of(rates).anyMatch(some -> some.length > 0)) {
      html.append(rate.html("rate"));
    }
    return html.append(speed.html("speed")).append("</div>\n").toString();
  }

  private Chart chart(String title, Axis x, Axis y) {
    List<String> stops = IntStream.rangeClosed(1, epochs).mapToObj(i -> "epoch " + i).toList();
    return new Chart(title + ", by epoch", EPOCH, x, y, numbers(epochs), stops);
  }

  private Chart.Curve line(String name, int color, double[] values, List<String> words) {
    return new Chart.Curve(
        name, color, "line", numbers(epochs), values, values, words, epochs <= 60);
  }

  /// A value of each epoch; NaN where this run has none.
  private double[] column(RunRecord run, ToDoubleFunction<History.Row> value) {
    double[] column = new double[epochs];
    Arrays.fill(column, Double.NaN);
    run.epochs().forEach(row -> column[row.epoch() - 1] = value.applyAsDouble(row));
    return column;
  }

  private static double[] numbers(int count) {
    return IntStream.rangeClosed(1, count).asDoubleStream().toArray();
  }

  private static List<String> numbers(double[] values) {
    return words(values, Html::number);
  }

  private interface Word {
    String of(double value);
  }

  private static List<String> words(double[] values, Word word) {
    return DoubleStream.of(values).mapToObj(v -> Double.isNaN(v) ? "–" : word.of(v)).toList();
  }

  private static String error(double mse) {
    return Html.number(mse) + " (" + Html.decibels(Metrics.psnr(mse)) + ")";
  }

  /// How many validation images have which PSNR; nothing where that was not kept.
  String distribution() {
    List<RunRecord> known =
        runs.stream().filter(run -> run.validation().denoised().length > 0).toList();
    double[] all =
        known.stream()
            .flatMapToDouble(run ->
                Stream.of(run.validation().noisy(), run.validation().denoised())
                    .flatMapToDouble(DoubleStream::of))
            .filter(Double::isFinite)
            .sorted()
            .toArray();
    if (all.length == 0) {
      return "";
    }
    double low = Math.floor(all[0]);
    double high = Math.floor(all[all.length - 1]) + 1;
    double bin = high - low <= 30 ? 0.5 : high - low <= 60 ? 1 : Math.ceil((high - low) / 60);
    int bins = (int) Math.ceil((high - low) / bin);
    List<Chart.Curve> curves = new ArrayList<>();
    if (runs.size() == 1) {
      curves.add(bins("noisy", 7, runs.getFirst().validation().noisy(), low, bin, bins));
      curves.add(
          bins("denoised", VALIDATION, runs.getFirst().validation().denoised(), low, bin, bins));
    } else {
      for (RunRecord run : known) {
        curves.add(
            bins(run.name(), runs.indexOf(run), run.validation().denoised(), low, bin, bins));
      }
    }
    List<String> stops =
        IntStream.range(0, bins)
            .mapToObj(i ->
                "%s to %s dB".formatted(Axis.label(low + i * bin), Axis.label(low + (i + 1) * bin)))
            .toList();
    Axis y = Chart.axis(false, curves.stream().map(Chart.Curve::at).toArray(double[][]::new));
    Chart chart =
        new Chart(
            "How many validation images have which PSNR, in dB",
            "decibel",
            new Axis(low, low + bins * bin, false),
            y,
            IntStream.range(0, bins).mapToDouble(i -> low + (i + 0.5) * bin).toArray(),
            stops);
    curves.forEach(chart::add);
    double[] counts = curves.getLast().at();
    int highest = IntStream.range(0, bins).reduce(0, (a, b) -> counts[b] > counts[a] ? b : a);
    return chart.restingAt(highest).html("distribution");
  }

  private static Chart.Curve bins(
      String name, int color, double[] psnr, double low, double bin, int bins) {
    double[] counts = new double[bins];
    DoubleStream.of(psnr)
        .filter(Double::isFinite)
        .forEach(v -> counts[Math.clamp((int) ((v - low) / bin), 0, bins - 1)]++);
    double[] xs = new double[2 * bins];
    double[] ys = new double[2 * bins];
    for (int i = 0; i < bins; i++) {
      xs[2 * i] = low + i * bin;
      xs[2 * i + 1] = low + (i + 1) * bin;
      ys[2 * i] = ys[2 * i + 1] = counts[i];
    }
    List<String> words = DoubleStream.of(counts).mapToObj(c -> Html.count((long) c)).toList();
    return new Chart.Curve(name, color, "area", xs, ys, counts, words, false);
  }
}
