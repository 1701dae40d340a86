package dae.inspect;

import dae.html.Html;
import java.util.List;
import java.util.Locale;

/// The page's frame and its text.
final class Sheet {
  private static final String HEAD =
      """
      <!DOCTYPE html>
      <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
      <title>%s</title>
      <style>
        :root { color-scheme: light dark }
        body { background: Canvas; color: CanvasText; font: 15px/1.5 system-ui, sans-serif; max-width: 1100px; margin: 2em auto; padding: 0 1em }
        h1, figcaption { overflow-wrap: anywhere }
        h2 { margin-top: 2em; border-bottom: 1px solid #8886 }
        .row { display: flex; flex-wrap: wrap; gap: 1em }
        .small { display: grid; grid-template-columns: repeat(auto-fill, minmax(150px, 1fr)) }
        figure { margin: 0 } figcaption { font-size: 13px; width: 0; min-width: 100%% }
        img { image-rendering: pixelated; max-width: 100%%; height: auto }
        svg { background: #8881; width: 100%%; height: 60px } rect { fill: #4a86c8 }
      </style></head><body>
      <h1>%1$s</h1>
      """;

  private final StringBuilder page;

  Sheet(String title) {
    page = new StringBuilder(HEAD.formatted(Html.text(title)));
  }

  /// A heading and what there is to know first.
  void section(String title, String words) {
    page.append("<h2>%s</h2>%n<p>%s</p>%n".formatted(Html.text(title), Html.text(words)));
  }

  /// Figures side by side.
  void row(String... figures) {
    page.append("<div class=\"row\">").append(String.join("", figures)).append("</div>\n");
  }

  /// Many small figures in columns.
  void small(List<String> figures) {
    page.append("<div class=\"row small\">").append(String.join("", figures)).append("</div>\n");
  }

  void words(String words) {
    page.append("<p>%s</p>%n".formatted(breakable(words)));
  }

  /// Names of parameters may break at their slashes.
  private static String breakable(String text) {
    return Html.text(text).replace("/", "/<wbr>");
  }

  @Override
  public String toString() {
    return page + "</body></html>\n";
  }

  /// How values are spread, in 41 bars from −limit to limit, where limit is their largest size.
  static String histogram(String caption, float[] values) {
    float limit = 1e-30f;
    double squares = 0;
    for (float value : values) {
      limit = Math.max(limit, Math.abs(value));
      squares += (double) value * value;
    }
    int[] counts = new int[41];
    int most = 1;
    for (float value : values) {
      int bar = Math.round((value / limit + 1) * 20);
      most = Math.max(most, ++counts[bar]);
    }
    StringBuilder bars = new StringBuilder();
    for (int i = 0; i < counts.length; i++) {
      double h = 60.0 * counts[i] / most;
      bars.append(
          "<rect x=\"%d\" y=\"%.1f\" width=\"4\" height=\"%.1f\"/>".formatted(5 * i, 60 - h, h));
    }
    String about =
        String.format(
            Locale.ROOT,
            "%,d values, ±%.3g, rms\u00a0%.3g",
            values.length,
            limit,
            Math.sqrt(squares / values.length));
    return "<figure><svg role=\"img\" aria-label=\"%s\" viewBox=\"0 0 204 60\" preserveAspectRatio=\"none\">%s</svg><figcaption>%s<br>%s</figcaption></figure>%n"
        .formatted(Html.text("Histogram of " + caption), bars, breakable(caption), about);
  }
}
