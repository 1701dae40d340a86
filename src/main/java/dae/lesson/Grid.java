package dae.lesson;

import dae.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// Numbers as they stand on paper: a grid under its letter, and grids side by side.
final class Grid {
  private static final String GAP = "    ";
  private static final int WIDTH = 92;

  private Grid() {}

  /// A whole number as such, any other with three decimals.
  static String number(double value) {
    double shown = Math.abs(value) < 1000 ? Math.rint(value * 1000) / 1000 : value;
    String text =
        shown == Math.rint(shown) && (shown == 0 ? value == 0 : Math.abs(shown) < 1e7)
            ? String.format(Locale.ROOT, "%.0f", Math.abs(value))
            : String.format(Locale.ROOT, Math.abs(value) < 1000 ? "%.3f" : "%.5g", Math.abs(value));
    return shown < 0 ? "−" + text : text;
  }

  /// The letter with its extents, and below it rows of numbers: of an image one after the other,
  /// channel after channel; of a filter likewise, for each pair of input and output.
  static List<String> of(String letter, Shape shape, double[] values) {
    int[] e = shape.extents();
    boolean flat = e.length < 2;
    int rows = flat ? 1 : e[0];
    int columns = e.length == 0 ? 1 : flat ? e[0] : e[1];
    int planes = values.length / (rows * columns);
    String title = flat ? letter : letter + " " + rows + "×" + columns;
    if (planes > 1) {
      title += "×" + (shape.isImage() ? planes : e[2] + "×" + e[3]);
    }
    int cell = Arrays.stream(values).mapToInt(v -> number(v).length()).max().orElse(1);
    List<String> lines = new ArrayList<>(List.of(title));
    for (int plane = 0; plane < planes; plane++) {
      for (int row = 0; row < rows; row++) {
        StringBuilder line = new StringBuilder();
        for (int column = 0; column < columns; column++) {
          String text = number(values[(row * columns + column) * planes + plane]);
          line.append(" ".repeat(cell - text.length() + (column > 0 ? 2 : 0))).append(text);
        }
        lines.add(line + (planes > 1 && row == 0 ? "   c = " + plane : ""));
      }
    }
    return lines;
  }

  /// Blocks side by side under one caption; on a further line where they do not fit.
  static List<String> beside(String caption, List<List<String>> blocks) {
    List<String> lines = new ArrayList<>();
    List<List<String>> row = new ArrayList<>();
    int width = 0;
    String left = caption;
    for (List<String> block : blocks) {
      if (!row.isEmpty() && width + width(block) > WIDTH) {
        lines.addAll(row(left, row));
        left = "";
        row.clear();
        width = 0;
      }
      row.add(block);
      width += width(block) + GAP.length();
    }
    lines.addAll(row(left, row));
    return lines;
  }

  private static List<String> row(String caption, List<List<String>> blocks) {
    int height = blocks.stream().mapToInt(List::size).max().orElse(0);
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < height; i++) {
      int at = i;
      String line =
          blocks.stream()
              .map(block -> padded(at < block.size() ? block.get(at) : "", width(block)))
              .collect(Collectors.joining(GAP));
      lines.add((padded(i == 0 ? caption : "", 11) + line).stripTrailing());
    }
    return lines;
  }

  static String padded(String text, int width) {
    // The hat of x̂ stands over its letter.
    long seen =
        text.chars().filter(c -> Character.getType(c) != Character.NON_SPACING_MARK).count();
    return text + " ".repeat(Math.max(0, width - (int) seen));
  }

  private static int width(List<String> block) {
    return block.stream().mapToInt(String::length).max().orElse(0);
  }
}
