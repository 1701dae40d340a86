package dae.lesson;

import dae.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/// An [Example] that was run: its numbers, and how they are shown.
///
/// @param parts what went in, with gradients
/// @param h the step of the central differences
record Worked(
    Example example,
    List<Part> parts,
    Shape shape,
    double[] y,
    double[] dy,
    double h,
    boolean firstRow,
    List<Example.Hand> hands,
    List<Function<Worked, List<String>>> more) {
  /// Something that went in.
  ///
  /// @param gradient by the backward pass; null for data
  /// @param slopes by central differences
  record Part(String letter, Shape shape, double[] values, double[] gradient, double[] slopes) {
    boolean learns() {
      return gradient != null;
    }

    Part with(double[] slopes) {
      return new Part(letter, shape, values, gradient, slopes);
    }

    double difference() {
      double largest = 0;
      for (int i = 0; i < slopes.length; i++) {
        largest = Math.max(largest, Math.abs(slopes[i] - gradient[i]));
      }
      return largest;
    }
  }

  Part part(String letter) {
    return parts.stream().filter(p -> p.letter.equals(letter)).findFirst().orElseThrow();
  }

  /// The numbers of a result: y (L for a loss), or a gradient such as dx.
  double[] result(String letter) {
    return letter.equals(output()) ? y : part(letter.substring(1)).gradient;
  }

  private boolean loss() {
    return shape.equals(Shape.scalar());
  }

  private String output() {
    return loss() ? "L" : "y";
  }

  List<String> lines() {
    List<String> lines = new ArrayList<>(List.of(example.title, ""));
    List<List<String>> forward = new ArrayList<>();
    parts.forEach(part -> forward.add(grid(part.letter, part.shape, part.values)));
    forward.add(grid("→ " + output(), shape, y));
    lines.addAll(Grid.beside("forward", forward));
    List<Part> learnt = parts.stream().filter(Part::learns).toList();
    if (!learnt.isEmpty()) {
      List<List<String>> backward = new ArrayList<>();
      if (!loss()) {
        backward.add(grid("dy", shape, dy));
      }
      List<List<String>> checks = new ArrayList<>();
      for (Part part : learnt) {
        String arrow = backward.size() == (loss() ? 0 : 1) && !loss() ? "→ d" : "d";
        backward.add(grid(arrow + part.letter, part.shape, part.gradient));
        checks.add(grid("d" + part.letter, part.shape, part.slopes));
      }
      lines.add("");
      lines.addAll(Grid.beside("backward", backward));
      lines.add("");
      lines.addAll(Grid.beside("measured", checks));
      double largest = learnt.stream().mapToDouble(Part::difference).max().orElse(0);
      lines.add(
          String.format(
              Locale.ROOT,
              "%11sby (f(x + h) − f(x − h)) / 2h, f = %s, h = %s,",
              "",
              loss() ? "L" : "Σ y·dy",
              h < 0.01 ? "1/" + Math.round(1 / h) : "" + (float) h));
      lines.add(
          " ".repeat(11)
              + "off by "
              + (largest < 1e-12
                  ? "nothing"
                  : String.format(Locale.ROOT, "at most %.0e", largest)));
    }
    if (!hands.isEmpty()) {
      lines.add("");
      String caption = "by hand";
      for (Example.Hand hand : hands) {
        lines.add(Grid.padded(caption, 11) + line(hand));
        caption = "";
      }
    }
    for (Function<Worked, List<String>> extra : more) {
      lines.add("");
      lines.addAll(extra.apply(this));
    }
    return lines;
  }

  private String line(Example.Hand hand) {
    boolean forward = hand.of().equals(output());
    Shape of = forward ? shape : part(hand.of().substring(1)).shape;
    String value = Grid.number(result(hand.of())[hand.at()]);
    String sum = hand.sum();
    return hand.of()
        + index(of, hand.at())
        + " = "
        + sum
        + (sum.equals(value) ? "" : " = " + value);
  }

  /// Where the number stands: row and column, and the channel if there are several.
  private String index(Shape of, int at) {
    int[] e = of.extents();
    List<String> words = new ArrayList<>();
    int rest = at;
    for (int a = e.length - 1; a >= 0; a--) {
      boolean row = a == 0 && e.length > 1 && (firstRow || e[0] == 1);
      if (e[a] > 1 && !row || a == 1 && e.length > 1) {
        words.addFirst("" + rest % e[a]);
      }
      rest /= e[a];
    }
    return words.isEmpty() ? "" : words.toString().replace(" ", "");
  }

  private List<String> grid(String letter, Shape of, double[] values) {
    if (!firstRow || of.extents().length < 2) {
      return Grid.of(letter, of, values);
    }
    int columns = of.extents()[1];
    int row = of.isImage() ? 0 : row();
    Shape one = Shape.image(1, columns, 1);
    List<String> lines =
        Grid.of(letter, one, Arrays.copyOfRange(values, row * columns, (row + 1) * columns));
    return List.of(letter, lines.get(1));
  }

  /// The one row in which the filter is not 0.
  int row() {
    Part w = part("w");
    int columns = w.shape.extents()[1];
    int row = 0;
    while (Arrays.stream(w.values, row * columns, (row + 1) * columns).allMatch(v -> v == 0)) {
      row++;
    }
    return row;
  }
}
