package dae.report;

import dae.graph.Trace;
import dae.html.Html;
import dae.model.Summary;
import dae.report.RunReport.Rank;
import dae.train.History;
import dae.train.Metrics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/// The parts of one run's report besides its charts.
///
/// @param run what is told
record RunSections(RunRecord run) {
  /// Rows of the table of times that are always seen.
  private static final int SHOWN_TIMES = 10;

  /// In two or three sentences.
  String abstractOfIt() {
    StringBuilder text = new StringBuilder("<p class=\"abstract\">");
    text.append(
        "%s learns to take %s away from %s. "
            .formatted(
                strong(run.settings().network()),
                strong(run.settings().metadata().get("noise")),
                strong(run.settings().metadata().get("dataset"))));
    text.append(
        "%d of %d epochs are done. "
            .formatted(run.epochs().size(), run.settings().steps().epochs()));
    run.best().ifPresent(row -> text.append(best(row)));
    return text.append("</p>\n").toString();
  }

  private String best(History.Row row) {
    double[] noisy = run.validation().noisy();
    String before =
        noisy.length == 0
            ? ""
            : " The mean of the images’ PSNR is %s noisy, and %s denoised after epoch %d."
                .formatted(mean(noisy), mean(run.validation().denoised()), run.epochs().size());
    return "The smallest error on the validation images is %s, a PSNR of %s, after epoch %d.%s"
        .formatted(
            strong(Html.number(row.valMse())),
            Html.decibels(Metrics.psnr(row.valMse())),
            row.epoch(),
            before);
  }

  private static String mean(double[] psnr) {
    return Html.decibels(DoubleStream.of(psnr).average().orElse(Double.NaN));
  }

  private static String strong(String any) {
    return "<strong>" + Html.text(any) + "</strong>";
  }

  /// The same pictures after ever more epochs; nothing where none were kept.
  String samples() throws IOException {
    if (run.samples().isEmpty() || !Files.exists(run.picture("clean"))) {
      return "";
    }
    StringBuilder html =
        new StringBuilder(
            "<div class=\"strip\" tabindex=\"0\" role=\"region\" aria-label=\"The same pictures by epoch\">\n");
    html.append(strip(run.picture("noisy"), "noisy", ""));
    for (Map.Entry<Integer, Path> epoch : run.samples().entrySet()) {
      int number = epoch.getKey();
      html.append(strip(epoch.getValue(), "epoch " + number, " data-epoch=\"" + number + "\""));
    }
    return html.append(strip(run.picture("clean"), "original", "")).append("</div>\n").toString();
  }

  private String strip(Path png, String caption, String attribute) throws IOException {
    return "<figure%s>%s<figcaption>%s</figcaption></figure>\n"
        .formatted(
            attribute, Html.picture(png, run.height(), "Sample pictures, " + caption), caption);
  }

  /// The worst, the median and the best pictures.
  String ranks() throws IOException {
    double[] psnr = run.validation().denoised();
    if (psnr.length == 0 || !Files.exists(run.picture("worst"))) {
      return "";
    }
    int[] order = RunReport.order(psnr);
    StringBuilder html = new StringBuilder("<div class=\"ranks\">\n");
    for (Rank rank : Rank.values()) {
      if (Files.exists(run.picture(rank.word()))) {
        String decibels =
            IntStream.of(rank.of(order))
                .mapToObj(i -> String.format(Locale.ROOT, "%.1f", psnr[i]))
                .collect(Collectors.joining(", "));
        html.append(
            "<figure>%s<figcaption>%s: %s dB</figcaption></figure>\n"
                .formatted(
                    Html.picture(
                        run.picture(rank.word()),
                        run.height(),
                        "The " + rank.word() + " pictures: original, noisy, denoised"),
                    rank.word(),
                    decibels));
      }
    }
    return html.append("</div>\n<p class=\"note\">Rows: original, noisy, denoised.</p>\n")
        .toString();
  }

  String network() {
    int h = run.height();
    int w = run.width();
    Summary summary = new Summary(run.network(), h, w);
    return """
    <p>%s: %s parameters, %s multiply-adds for an image of %d×%d.</p>
    <div class="wide" tabindex="0" role="region" aria-label="Drawing of the network">
    %s</div>
    <p class="note">Each bar is a convolution with its channels below; the darker, the more multiply-adds; its layer is named under the pointer.
    + sum, ‖ concatenation, ◐ blend, ∫ sigmoid, ] clip. Norms and activations are in the table.</p>
    <details id="layers"><summary>All layers</summary>
    <div class="wide"><table><tr><th>layer</th><th>output</th><th class="n">parameters</th><th class="n">multiply-adds</th></tr>
    %s</table></div></details>
    """
        .formatted(
            strong(run.settings().network()),
            Html.count(summary.parameters()),
            Html.count(summary.multiplyAdds()),
            w,
            h,
            NetworkDrawing.svg(run.network(), h, w),
            NetworkDrawing.table(run.network(), h, w));
  }

  /// Nothing where nothing was timed.
  String times() {
    List<Trace.Cost> costs =
        run.trace().stream()
            .sorted(Comparator.comparingDouble(Trace.Cost::share).reversed())
            .toList();
    if (costs.isEmpty()) {
      return "";
    }
    double all = costs.stream().mapToDouble(Trace.Cost::milliseconds).sum();
    double most = costs.getFirst().share();
    StringBuilder html = new StringBuilder();
    html.append("<p>A step takes %s ms, most of it in these:</p>\n".formatted(Html.number(all)));
    html.append(times(costs.subList(0, Math.min(SHOWN_TIMES, costs.size())), most));
    if (costs.size() > SHOWN_TIMES) {
      html.append(
          "<details id=\"times\"><summary>The other %d</summary>\n"
              .formatted(costs.size() - SHOWN_TIMES));
      html.append(times(costs.subList(SHOWN_TIMES, costs.size()), most)).append("</details>\n");
    }
    return html.toString();
  }

  private static String times(List<Trace.Cost> costs, double most) {
    StringBuilder html =
        new StringBuilder(
            "<div class=\"wide\"><table class=\"times\"><tr><th>entry</th><th class=\"n\">ms</th><th class=\"n\">share</th><th></th><th class=\"n\">GFLOP/s</th><th class=\"n\">GB/s</th></tr>\n");
    for (Trace.Cost cost : costs) {
      html.append(
          String.format(
              Locale.ROOT,
              "<tr><td>%s</td><td class=\"n\">%.3f</td><td class=\"n\">%.1f %%</td><td class=\"bar\"><i style=\"width:%.1f%%\"></i></td><td class=\"n\">%s</td><td class=\"n\">%s</td></tr>%n",
              Html.text(cost.what()),
              cost.milliseconds(),
              100 * cost.share(),
              100 * cost.share() / most,
              cost.gflops() == 0 ? "" : String.format(Locale.ROOT, "%.1f", cost.gflops()),
              cost.gbytes() == 0 ? "" : String.format(Locale.ROOT, "%.1f", cost.gbytes())));
    }
    return html.append("</table></div>\n").toString();
  }

  String settings() {
    return "<dl class=\"settings\">"
        + run.settings().metadata().entrySet().stream()
            .filter(entry -> !entry.getValue().isEmpty())
            .map(entry -> term(word(entry.getKey()), value(entry.getKey(), entry.getValue())))
            .collect(Collectors.joining())
        + "</dl>\n<p class=\"note\">These are options of <code>train</code>; its <code>--help</code> says what each does.</p>\n";
  }

  /// A setting's name.
  static String word(String setting) {
    return setting.replace('_', ' ');
  }

  /// A setting's value as people say it.
  static String value(String setting, String value) {
    boolean zero = value.matches("0(\\.0)?");
    return switch (setting) {
      case "limit" -> zero ? "all images" : value + " images";
      case "holdout" -> zero ? "none" : value + " images";
      case "crops" -> zero ? "as many as fit" : value;
      case "patch" -> zero ? "none" : value + " pixels";
      case "warmup" -> zero ? "none" : value + " steps";
      case "clip", "ema" -> zero ? "none" : value;
      default ->
          switch (value) {
            case "true" -> "yes";
            case "false" -> "no";
            default -> value;
          };
    };
  }

  /// Nothing where it was not noted.
  String machine() {
    if (run.notes() == null) {
      return "";
    }
    StringBuilder html = new StringBuilder("<dl class=\"settings\">");
    html.append(
        term(
            "images",
            Html.count(run.notes().training())
                + " to learn from, "
                + Html.count(run.notes().validation())
                + " to validate with"));
    for (RunNotes.Sitting sitting : run.notes().sittings()) {
      html.append(
          term(
              "began",
              sitting.began().replace('T', ' ')
                  + (sitting.epoch() > 1 ? ", in epoch " + sitting.epoch() : "")));
      sitting.machine().forEach((what, is) -> html.append(term(what, is)));
    }
    return html.append("</dl>\n").toString();
  }

  private static String term(String what, String is) {
    return "<div><dt>%s</dt><dd>%s</dd></div>".formatted(Html.text(what), Html.text(is));
  }

  /// Where the validation says little.
  String settling() {
    int epochs = run.settling();
    return epochs == 0
        ? ""
        : "<p class=\"note\">Statistics still settling in %s: batch norm's moving averages lag behind the weights in the first steps, and the validation comes out worse than the network is.</p>\n"
            .formatted(epochs == 1 ? "epoch 1" : "epochs 1 to " + epochs);
  }

  String epochs() {
    if (run.epochs().isEmpty()) {
      return "";
    }
    StringBuilder html =
        new StringBuilder(
            "<details id=\"epochs\"><summary>All epochs</summary>\n<div class=\"wide\"><table><tr><th class=\"n\">epoch</th><th class=\"n\">loss</th><th class=\"n\">validation MSE</th><th class=\"n\">PSNR</th><th class=\"n\">images/s</th><th class=\"n\">time</th></tr>\n");
    for (History.Row row : run.epochs()) {
      html.append(
          "<tr><td class=\"n\">%d</td><td class=\"n\">%s</td><td class=\"n\">%s</td><td class=\"n\">%s</td><td class=\"n\">%s</td><td class=\"n\">%s</td></tr>\n"
              .formatted(
                  row.epoch(),
                  Html.number(row.loss()),
                  Html.number(row.valMse()),
                  Html.decibels(Metrics.psnr(row.valMse())),
                  Html.number(row.imagesPerSecond()),
                  Html.seconds(row.seconds())));
    }
    return html.append("</table></div></details>\n").toString();
  }
}
