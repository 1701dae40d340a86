package dae.report;

import dae.file.PlainFile;
import dae.html.Html;
import dae.model.Summary;
import dae.train.History;
import dae.train.Metrics;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Several runs beside one another: what came of them, and what they differ in.
///
/// @param runs two or more
record Comparison(List<RunRecord> runs) {
  String results() {
    StringBuilder html =
        new StringBuilder(
            "<div class=\"wide\"><table><tr><th>run</th><th class=\"n\">epochs</th><th class=\"n\">best validation MSE</th><th class=\"n\">PSNR</th><th class=\"n\">after epoch</th><th class=\"n\">parameters</th><th class=\"n\">images/s</th><th class=\"n\">time</th></tr>\n");
    for (int i = 0; i < runs.size(); i++) {
      RunRecord run = runs.get(i);
      Optional<History.Row> best = run.best();
      double mse = best.map(History.Row::valMse).orElse(Double.NaN);
      double[] speeds =
          run.epochs().stream().mapToDouble(History.Row::imagesPerSecond).sorted().toArray();
      html.append(
          "<tr><td><span class=\"key c%d\"><i></i>%s</span></td>"
              .formatted(i % 8, Html.text(run.name())));
      number(html, run.epochs().size() + " of " + run.settings().steps().epochs());
      number(html, best.isEmpty() ? "–" : Html.number(mse));
      number(html, best.isEmpty() ? "–" : Html.decibels(Metrics.psnr(mse)));
      number(html, best.map(row -> "" + row.epoch()).orElse("–"));
      number(html, Html.count(new Summary(run.network(), run.height(), run.width()).parameters()));
      number(html, speeds.length == 0 ? "–" : Html.number(speeds[speeds.length / 2]));
      number(html, Html.seconds(run.epochs().stream().mapToDouble(History.Row::seconds).sum()));
      html.append("</tr>\n");
    }
    return html.append("</table></div>\n").toString();
  }

  private static void number(StringBuilder html, String value) {
    html.append("<td class=\"n\">%s</td>".formatted(value));
  }

  /// The settings that are not the same in all.
  String differences() {
    Map<String, List<String>> values = new LinkedHashMap<>();
    for (RunRecord run : runs) {
      run.settings()
          .metadata()
          .forEach(
              (name, value) -> values.computeIfAbsent(name, n -> new ArrayList<>()).add(value));
    }
    values.values().removeIf(all -> new HashSet<>(all).size() == 1);
    if (values.isEmpty()) {
      return "<p>In no setting.</p>\n";
    }
    StringBuilder html = new StringBuilder("<div class=\"wide\"><table><tr><th>setting</th>");
    runs.forEach(run -> html.append("<th>%s</th>".formatted(Html.text(run.name()))));
    html.append("</tr>\n");
    values.forEach((name, all) -> {
      html.append("<tr><td>%s</td>".formatted(Html.text(RunSections.word(name))));
      all.forEach(value ->
          html.append(
              "<td>%s</td>"
                  .formatted(value.isEmpty() ? "–" : Html.text(RunSections.value(name, value)))));
      html.append("</tr>\n");
    });
    return html.append("</table></div>\n").toString();
  }

  /// What each makes of the same pictures; nothing unless they have kept the same ones.
  String samples() throws IOException {
    StringBuilder html = new StringBuilder();
    byte[] clean = null;
    Set<ByteBuffer> noisy = new HashSet<>();
    for (RunRecord run : runs) {
      if (run.samples().isEmpty() || !Files.exists(run.picture("clean"))) {
        return "";
      }
      byte[] its = PlainFile.bytes(run.picture("clean"));
      if (clean != null && !Arrays.equals(clean, its)) {
        return "";
      }
      clean = its;
      noisy.add(ByteBuffer.wrap(PlainFile.bytes(run.picture("noisy"))));
      int last = run.epochs().size();
      if (run.samples().get(last) != null) {
        html.append(strip(run, run.samples().get(last), run.name()));
      }
    }
    RunRecord first = runs.getFirst();
    return "<div class=\"strip\" tabindex=\"0\" role=\"region\" aria-label=\"The same pictures by run\">\n"
        + (noisy.size() == 1 ? strip(first, first.picture("noisy"), "noisy") : "")
        + html
        + strip(first, first.picture("clean"), "original")
        + "</div>\n";
  }

  private static String strip(RunRecord run, Path png, String caption) throws IOException {
    return "<figure>%s<figcaption>%s</figcaption></figure>\n"
        .formatted(
            Html.picture(png, run.height(), "Sample pictures, " + caption), Html.text(caption));
  }
}
