package dae.report;

import dae.html.Html;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/// Curves over one axis, with a cursor that stops at certain places, such as epochs, and says each
/// curve's value there.
///
/// The curves are SVG that is stretched to the page's width; words and numbers stand around it as
/// text of the page, so that they keep their size on a telephone.
final class Chart {
  private static final int COLORS = 8;

  private final String title;
  private final String unit;
  private final Axis x;
  private final Axis y;
  private final List<String> stops;
  private final double[] places;
  private final List<Curve> curves = new ArrayList<>();
  private int rest;

  /// @param title above it
  /// @param unit what the cursor moves over: charts of one unit move together
  /// @param places where it stops
  /// @param stops what these are called
  Chart(String title, String unit, Axis x, Axis y, double[] places, List<String> stops) {
    this.title = title;
    this.unit = unit;
    this.x = x;
    this.y = y;
    this.places = places;
    this.stops = stops;
    rest = stops.size() - 1;
  }

  /// A curve.
  ///
  /// @param name what it is
  /// @param color number of its color, 0 to 7, or more, which begin again
  /// @param style a class: `line`, `thin` or `area`
  /// @param xs places of its points, in the axis' values
  /// @param ys values there
  /// @param at its values where the cursor stops, NaN for none
  /// @param words these values as they are said
  /// @param dots whether they are marked
  record Curve(
      String name,
      int color,
      String style,
      double[] xs,
      double[] ys,
      double[] at,
      List<String> words,
      boolean dots) {}

  void add(Curve curve) {
    curves.add(curve);
  }

  /// Where the cursor is said to be while it is nowhere, instead of the last stop.
  Chart restingAt(int stop) {
    rest = stop;
    return this;
  }

  /// The values of all curves.
  static Axis axis(boolean logarithmic, double[]... values) {
    return Axis.around(logarithmic, List.of(values).stream().flatMapToDouble(DoubleStream::of));
  }

  String html(String id) {
    StringBuilder html = new StringBuilder();
    html.append("<figure class=\"chart\" id=\"%s\">\n".formatted(id));
    html.append("<figcaption>%s</figcaption>\n".formatted(Html.text(title)));
    html.append(
        "<p class=\"legend\"><output class=\"stop\">%s</output>"
            .formatted(rest < 0 ? "" : Html.text(stops.get(rest))));
    for (Curve curve : curves) {
      String value = rest < 0 ? "" : curve.words.get(rest);
      html.append(
          " <span class=\"key c%d\"><i></i>%s <output>%s</output></span>"
              .formatted(curve.color % COLORS, Html.text(curve.name), Html.text(value)));
    }
    html.append("</p>\n");
    html.append(
        """
        <div class="plot" id="%s-plot" data-unit="%s" tabindex="0" role="slider" aria-label="%s" \
        aria-valuemin="1" aria-valuemax="%d" aria-valuenow="%d" aria-valuetext="%s">
        """
            .formatted(
                id,
                unit,
                Html.text(title),
                Math.max(1, stops.size()),
                rest + 1,
                rest < 0 ? "" : Html.text(stops.get(rest))));
    html.append(
        "<svg viewBox=\"0 0 1000 1000\" preserveAspectRatio=\"none\" aria-hidden=\"true\">");
    for (double tick : y.ticks()) {
      html.append("<path class=\"grid\" d=\"M0 %sH1000\"/>".formatted(place(1 - y.at(tick))));
    }
    curves.forEach(curve -> draw(curve, html));
    html.append("</svg>\n");
    for (double tick : y.ticks()) {
      html.append(
          "<span class=\"y\" style=\"bottom:%s%%\">%s</span>"
              .formatted(percent(y.at(tick)), Axis.label(tick)));
    }
    for (double tick : x.ticks()) {
      if (tick == Math.rint(tick)) {
        html.append(
            "<span class=\"x\" style=\"left:%s%%\">%s</span>"
                .formatted(percent(x.at(tick)), Axis.label(tick)));
      }
    }
    html.append("<i class=\"cursor\"></i>");
    for (Curve curve : curves) {
      html.append("<i class=\"dot c%d\"></i>".formatted(curve.color % COLORS));
    }
    return html.append("\n<script type=\"application/json\">")
        .append(data())
        .append("</script>\n</div>\n</figure>\n")
        .toString();
  }

  private void draw(Curve curve, StringBuilder html) {
    String color = "c" + curve.color % COLORS;
    StringBuilder path = new StringBuilder();
    boolean down = false;
    for (int i = 0; i < curve.xs.length; i++) {
      double at = y.at(curve.ys[i]);
      if (Double.isNaN(at)) {
        down = false;
        continue;
      }
      path.append(down ? 'L' : 'M')
          .append(place(x.at(curve.xs[i])))
          .append(' ')
          .append(place(1 - at));
      down = true;
    }
    if (curve.style.equals("area") && !path.isEmpty()) {
      html.append(
          "<path class=\"area %s\" d=\"%sV1000H%sZ\"/>"
              .formatted(color, path, place(x.at(curve.xs[0]))));
    }
    html.append(
        "<path class=\"%s %s\" d=\"%s\"/>"
            .formatted(curve.style.equals("area") ? "line" : curve.style, color, path));
    if (curve.dots) {
      // A line of no length has round ends: a dot that is not stretched.
      String dots =
          IntStream.range(0, places.length)
              .filter(i -> !Double.isNaN(y.at(curve.at[i])))
              .mapToObj(
                  i -> "M%s %sh0".formatted(place(x.at(places[i])), place(1 - y.at(curve.at[i]))))
              .collect(Collectors.joining());
      html.append("<path class=\"dots %s\" d=\"%s\"/>".formatted(color, dots));
    }
  }

  private String data() {
    String at =
        IntStream.range(0, places.length)
            .mapToObj(i -> percent(x.at(places[i])))
            .collect(Collectors.joining(",", "[", "]"));
    String series =
        curves.stream()
            .map(curve ->
                "{\"y\":%s,\"words\":%s}"
                    .formatted(
                        DoubleStream.of(curve.at)
                            .mapToObj(v -> Double.isNaN(y.at(v)) ? "null" : percent(y.at(v)))
                            .collect(Collectors.joining(",", "[", "]")),
                        strings(curve.words)))
            .collect(Collectors.joining(",", "[", "]"));
    return "{\"x\":%s,\"stops\":%s,\"rest\":%d,\"curves\":%s}"
        .formatted(at, strings(stops), rest, series);
  }

  private static String strings(List<String> words) {
    return words.stream().map(Html::json).collect(Collectors.joining(",", "[", "]"));
  }

  private static String place(double part) {
    return String.format(Locale.ROOT, "%.1f", 1000 * part);
  }

  private static String percent(double part) {
    return String.format(Locale.ROOT, "%.2f", 100 * part);
  }
}
