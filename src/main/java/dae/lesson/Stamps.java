package dae.lesson;

import dae.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// How often stamps touch each number of the output: a stamp of ones for each of three ones.
final class Stamps {
  private static final int INPUTS = 3;

  private Stamps() {}

  /// What the scalar kernels make of a window of ones at stride 2.
  static double[] counts(int kernel) {
    double[] window = new double[kernel * kernel];
    // The row of the window that lands on the first row of the output.
    int row = (kernel - 2) / 2;
    Arrays.fill(window, row * kernel, (row + 1) * kernel, 1);
    Worked worked =
        new Example("", ProductLessons.layer(kernel))
            .image("x", 1, INPUTS, 1, 1, 1, 1)
            .parameter("w", "op/kernel", Shape.filter(kernel, kernel, 1, 1), window)
            .dy(new double[4 * INPUTS])
            .work();
    return Arrays.copyOf(worked.y(), 2 * INPUTS);
  }

  /// The counts of windows 2, 3 and 4.
  static List<String> touched() {
    List<String> lines = new ArrayList<>(List.of("", ""));
    lines.add("How many stamps touch each number of y, three inputs in one row at stride 2.");
    lines.add("");
    List<List<String>> columns = new ArrayList<>();
    for (int kernel = 2; kernel <= 4; kernel++) {
      String counts =
          String.join("  ", Arrays.stream(counts(kernel)).mapToObj(Grid::number).toList());
      columns.add(List.of("window " + kernel, counts));
    }
    lines.addAll(Grid.beside("stamps", columns));
    return lines;
  }
}
