package dae.report;

import dae.graph.Graph;
import dae.graph.Op;
import dae.graph.Param;
import dae.graph.Value;
import dae.html.Html;
import dae.model.Denoising;
import dae.model.Network;
import dae.op.Add;
import dae.op.Blend;
import dae.op.Clip;
import dae.op.Concat;
import dae.op.Convolution;
import dae.op.Sigmoid;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// A network drawn from its tape: from left to right as it runs, lower where its maps are smaller,
/// thicker where they have more channels, darker where more is multiplied. Norms and ReLUs are left
/// out.
final class NetworkDrawing {
  private static final int TOP = 26;
  private static final int LEFT = 52;
  private static final int LEVEL = 78;
  private static final int BAR = 38;
  private static final int GAP = 24;

  private final StringBuilder lines = new StringBuilder();
  private final StringBuilder boxes = new StringBuilder();
  private final Map<Value, Place> places = new HashMap<>();
  private final TreeMap<Integer, Integer> levels = new TreeMap<>();
  private final List<Graph.Entry> tape;
  private final double most;
  private int x = LEFT;

  /// Where something is drawn.
  ///
  /// @param left end
  /// @param right end
  /// @param middle its height in the drawing
  private record Place(int left, int right, int middle) {}

  private NetworkDrawing(Graph graph) {
    tape = graph.tape();
    List<Value> all = new ArrayList<>(graph.inputs());
    tape.forEach(entry -> all.add(entry.output()));
    all.forEach(value -> levels.put(-value.shape().h(), 0));
    int y = TOP;
    for (Map.Entry<Integer, Integer> level : levels.entrySet()) {
      level.setValue(y + BAR / 2);
      y += LEVEL;
    }
    most = tape.stream().mapToDouble(entry -> multiplyAdds(entry.op())).max().orElse(1);
    graph
        .inputs()
        .forEach(input -> box(input, List.of(), 4, "input", 0, input.name(), input.name()));
    tape.forEach(this::draw);
  }

  /// As SVG.
  static String svg(Network network, int h, int w) {
    NetworkDrawing drawing = new NetworkDrawing(Denoising.inference(network, h, w).graph());
    int width = drawing.x + 10;
    int height = TOP + drawing.levels.size() * LEVEL;
    StringBuilder svg = new StringBuilder();
    svg.append(
        "<svg class=\"network\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"The network’s layers from left to right\">\n"
            .formatted(width, height, width, height));
    drawing.levels.forEach((h0, middle) -> {
      svg.append("<path class=\"level\" d=\"M%d %dH%d\"/>".formatted(LEFT - 8, middle, width));
      svg.append("<text class=\"size\" x=\"0\" y=\"%d\">%d px</text>\n".formatted(middle + 4, -h0));
    });
    return svg.append(drawing.lines).append(drawing.boxes).append("</svg>\n").toString();
  }

  private void draw(Graph.Entry entry) {
    Op op = entry.op();
    String sign =
        switch (op) {
          case Convolution _ -> "";
          case Add _ -> "+";
          case Blend _ -> "◐";
          case Concat _ -> "‖";
          case Sigmoid _ -> "∫";
          case Clip _ -> "]";
          default -> null;
        };
    if (sign == null) {
      places.put(entry.output(), places.get(op.inputs().getFirst()));
    } else if (op instanceof Convolution) {
      int thickness = (int) Math.round(4 + 2.2 * Math.log(op.output().c()) / Math.log(2));
      double shade = 0.25 + 0.75 * multiplyAdds(op) / most;
      box(entry.output(), op.inputs(), thickness, "conv", shade, "" + op.output().c(), title(op));
    } else {
      box(entry.output(), op.inputs(), 18, "sign", 0, sign, title(op));
    }
  }

  private void box(
      Value value,
      List<Value> inputs,
      int thickness,
      String kind,
      double shade,
      String word,
      String title) {
    int middle = levels.get(-value.shape().h());
    Place place = new Place(x, x + thickness, middle);
    for (Value input : inputs) {
      join(places.get(input), place);
    }
    places.put(value, place);
    boxes.append("<g class=\"%s\"><title>%s</title>".formatted(kind, Html.text(title)));
    if (kind.equals("sign")) {
      boxes.append("<circle cx=\"%d\" cy=\"%d\" r=\"9\"/>".formatted(x + 9, middle));
      boxes.append("<text x=\"%d\" y=\"%d\">%s</text>".formatted(x + 9, middle + 4, word));
    } else {
      boxes.append(
          String.format(
              Locale.ROOT,
              "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"1.5\"%s/>",
              x,
              middle - BAR / 2,
              thickness,
              BAR,
              kind.equals("conv")
                  ? String.format(Locale.ROOT, " fill-opacity=\"%.2f\"", shade)
                  : ""));
      boxes.append(
          "<text x=\"%d\" y=\"%d\">%s</text>"
              .formatted(
                  x + thickness / 2,
                  kind.equals("conv") ? middle + BAR / 2 + 13 : middle - BAR / 2 - 12,
                  Html.text(word)));
    }
    boxes.append("</g>\n");
    x += thickness + GAP;
  }

  /// A line to the next box is straight; one that passes over others runs above them.
  private void join(Place from, Place to) {
    boolean next = to.left - from.right <= GAP;
    if (next || from.middle != to.middle) {
      int half = from.right + GAP / 2;
      lines.append("<path class=\"flow\" d=\"M%d %d".formatted(from.right, from.middle));
      lines.append(
          from.middle == to.middle
              ? "H%d".formatted(to.left)
              : "C%d %d %d %d %d %d"
                  .formatted(half, from.middle, to.left - GAP / 2, to.middle, to.left, to.middle));
    } else {
      int above = from.middle - BAR / 2 - 7;
      lines.append(
          "<path class=\"flow skip\" d=\"M%d %dC%d %d %d %d %d %dH%dC%d %d %d %d %d %d"
              .formatted(
                  from.right,
                  from.middle,
                  from.right + 8,
                  from.middle,
                  from.right + 4,
                  above,
                  from.right + 14,
                  above,
                  to.left - 10,
                  to.left + 2,
                  above,
                  to.left + 5,
                  above,
                  to.left + 9,
                  to.middle - 9));
    }
    lines.append("\"/>\n");
  }

  private static double multiplyAdds(Op op) {
    return op instanceof Convolution ? op.flops() / 2.0 : 0;
  }

  private static long parameters(Op op) {
    return op.params().stream().map(Param::shape).mapToLong(shape -> shape.size()).sum();
  }

  private static String title(Op op) {
    return "%s: %s, %s parameters%s"
        .formatted(
            op.label(),
            op.output(),
            Html.count(parameters(op)),
            op instanceof Convolution
                ? ", %s multiply-adds".formatted(Html.count(op.flops() / 2))
                : "");
  }

  /// All entries of the tape as rows of a table.
  static String table(Network network, int h, int w) {
    StringBuilder rows = new StringBuilder();
    for (Graph.Entry entry : Denoising.inference(network, h, w).graph().tape()) {
      Op op = entry.op();
      rows.append(
          "<tr><td>%s</td><td>%s</td><td class=\"n\">%s</td><td class=\"n\">%s</td></tr>\n"
              .formatted(
                  Html.text(op.label()),
                  Html.text("" + op.output()),
                  parameters(op) == 0 ? "" : Html.count(parameters(op)),
                  op instanceof Convolution ? Html.count(op.flops() / 2) : ""));
    }
    return rows.toString();
  }
}
