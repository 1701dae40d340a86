package dae.lesson;

import java.util.Locale;

/// The pictures of the two hardest pages, from the numbers of their lessons. They follow the
/// reader's light or dark background.
final class Drawings {
  private static final String STYLE =
      """
      <style>
        text { font: 14px sans-serif; fill: #222 } .s { font-size: 12px }
        .m { text-anchor: middle } rect { fill: none; stroke: #666 } .a { fill: #2b6cb033; stroke: #2b6cb0 }
        .b { fill: #c0562133; stroke: #c05621 } .c { fill: #2f855a33; stroke: #2f855a }
        .cut { fill: none; stroke: #999; stroke-dasharray: 4 3 } line, path { stroke: #666; fill: none }
        .la { stroke: #2b6cb0 } .lb { stroke: #c05621 } .lc { stroke: #2f855a }
        @media (prefers-color-scheme: dark) {
          text { fill: #ddd } .a, .la { stroke: #63b3ed } .b, .lb { stroke: #f6ad55 } .c, .lc { stroke: #68d391 }
          line, path, rect { stroke: #999 }
        }
      </style>
      """;

  private static final int CELL = 56;
  private static final int ROW = 30;

  private final StringBuilder svg = new StringBuilder();
  private final int width;
  private final int height;

  private Drawings(int width, int height) {
    this.width = width;
    this.height = height;
  }

  /// Two stamps in one row, what is cut off, and how often windows of 2, 3 and 4 touch.
  static String stamps() {
    Drawings d = new Drawings(700, 400);
    Worked row = Lessons.named("conv_transpose2d").examples().getFirst().work();
    double[] x = row.part("x").values();
    double[] w = row.part("w").values();
    int left = 170;
    d.text(0, 24, "", "x, steps of 2 apart");
    d.text(0, 74, "", "stamp x[0]·w");
    d.text(0, 124, "", "stamp x[1]·w");
    d.text(0, 174, "", "y, their sum");
    for (int oh = 0; oh < x.length; oh++) {
      String colour = oh == 0 ? "a" : "b";
      d.cell(colour, left + 2 * oh * CELL, 4, Grid.number(x[oh]));
      for (int kw = 0; kw < 3; kw++) {
        int at = 2 * oh + kw;
        boolean cut = at >= row.shape().w();
        d.cell(cut ? "cut" : colour, left + at * CELL, 54 + 50 * oh, Grid.number(x[oh] * w[kw]));
      }
    }
    for (int i = 0; i < row.shape().w(); i++) {
      d.cell("", left + i * CELL, 154, Grid.number(row.y()[i]));
    }
    d.text(left + 5 * CELL + 12, 124, "s", "hangs over the edge: cut off");
    d.text(0, 230, "", "How many stamps touch each number of y, three inputs at stride 2:");
    for (int kernel = 2; kernel <= 4; kernel++) {
      int top = 250 + 50 * (kernel - 2);
      d.text(0, top + 20, "", "window " + kernel);
      double[] counts = Stamps.counts(kernel);
      for (int i = 0; i < counts.length; i++) {
        d.cell(counts[i] > 1 ? "b" : "a", left + i * CELL, top, Grid.number(counts[i]));
      }
      String says = kernel == 3 ? "uneven: the checkerboard" : "even within the edges";
      d.text(left + 6 * CELL + 12, top + 20, "s", says);
    }
    return d.done("Stamps of a transposed convolution");
  }

  /// From x to z through x itself, μ and v, and what each path brings back.
  static String normPaths() {
    Drawings d = new Drawings(700, 400);
    Worked example = Lessons.named("batch_norm").examples().getFirst().work();
    double[][] shares =
        NormPaths.shares(example.part("x").values(), example.part("γ").values()[0], example.dy());
    String[] boxes = {"x", "x − μ", "x̂ = (x − μ)·r", "z = γ·x̂ + β"};
    int[] at = {20, 190, 330, 550};
    int[] wide = {60, 80, 140, 130};
    for (int i = 0; i < boxes.length; i++) {
      d.box("", at[i], 90, wide[i], boxes[i]);
    }
    d.box("b", 100, 20, 110, "μ = Σ x / M");
    d.box("c", 205, 160, 260, "v = Σ (x − μ)² / M,  r = 1/√(v + ε)");
    d.line("la", "M 80 105 H 186");
    d.line("la", "M 270 105 H 326");
    d.line("la", "M 470 105 H 546");
    d.line("lb", "M 50 90 V 35 H 96");
    d.line("lb", "M 210 35 H 230 V 86");
    d.line("lc", "M 230 120 V 156");
    d.line("lc", "M 400 160 V 124");
    d.text(0, 230, "", "What dy = (1, 0, 0, 0) becomes on each way back, for x = (5, 5, 1, 1):");
    String[] names = {"through x itself", "through μ", "through v", "together, dx"};
    String[] colours = {"a", "b", "c", ""};
    for (int path = 0; path < 4; path++) {
      int top = 250 + 36 * path;
      d.text(0, top + 20, "", names[path]);
      for (int i = 0; i < 4; i++) {
        double value = path < 3 ? shares[path][i] : shares[0][i] + shares[1][i] + shares[2][i];
        d.box(colours[path], 170 + 90 * i, top, 90, Grid.number(value));
      }
    }
    return d.done("The three paths of a batch norm");
  }

  private void text(int x, int y, String style, String text) {
    svg.append("<text x=\"%d\" y=\"%d\" class=\"%s\">%s</text>%n".formatted(x, y, style, text));
  }

  private void cell(String style, int x, int y, String text) {
    box(style, x, y, CELL, text);
  }

  private void box(String style, int x, int y, int w, String text) {
    svg.append(
        "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" class=\"%s\"/>%n"
            .formatted(x, y, w, ROW, style));
    text(x + w / 2, y + 20, "m", text);
  }

  private void line(String style, String path) {
    svg.append("<path d=\"%s\" class=\"%s\" marker-end=\"url(#tip)\"/>%n".formatted(path, style));
  }

  private String done(String title) {
    return String.format(
            Locale.ROOT,
            """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="-4 -4 %d %d" role="img">
            <title>%s</title>
            %s<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto">\
            <path d="M 0 0 L 8 4 L 0 8"/></marker></defs>
            %s</svg>
            """,
            width,
            height,
            title,
            STYLE,
            svg)
        .replace(" class=\"\"", "")
        .replace(System.lineSeparator(), "\n");
  }
}
