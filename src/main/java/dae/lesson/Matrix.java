package dae.lesson;

import dae.backend.Backends;
import dae.graph.Mode;
import dae.graph.Probe;
import dae.graph.Value;
import dae.kernel.Backend;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// A linear op of one row as the table of its weights.
final class Matrix {
  private Matrix() {}

  /// Rows are outputs, columns inputs: each column is what a 1 at one input makes of the output.
  static List<String> of(Worked worked, Function<List<Value>, Value> op) {
    Worked.Part x = worked.part("x");
    Worked.Part w = worked.part("w");
    int inputs = x.shape().w();
    int outputs = worked.shape().w();
    List<List<String>> columns = new ArrayList<>();
    List<Probe.Leaf> leaf = List.of(new Probe.Leaf("x", x.shape(), true));
    try (Backend backend = Backends.open("scalar", 1);
        Probe probe = new Probe(backend, Mode.PLAIN_TRAINING, leaf, op)) {
      float[] kernel = new float[w.values().length];
      for (int i = 0; i < kernel.length; i++) {
        kernel[i] = (float) w.values()[i];
      }
      probe.parameters().set("op/kernel", kernel);
      for (int i = 0; i < inputs; i++) {
        float[] one = new float[x.values().length];
        one[i] = 1;
        probe.set(0, one);
        float[] y = probe.forward();
        List<String> column = new ArrayList<>(List.of("x[" + i + "]"));
        for (int o = 0; o < outputs; o++) {
          column.add("%4s".formatted(Grid.number(y[o])));
        }
        columns.add(column);
      }
    }
    List<String> names = new ArrayList<>(List.of(""));
    for (int o = 0; o < outputs; o++) {
      names.add("y[" + o + "]");
    }
    columns.addFirst(names);
    List<String> lines = new ArrayList<>(Grid.beside("weights", columns));
    lines.add(Grid.padded("", 11) + "down a column: whom an input touches;");
    lines.add(Grid.padded("", 11) + "across a row: who touches an output");
    return lines;
  }

  /// A linear map's gradients are its transposes, so three sums are one number.
  static List<String> adjoint(Worked worked) {
    Worked.Part x = worked.part("x");
    Worked.Part w = worked.part("w");
    return List.of(
        Grid.padded("without b", 11)
            + "Σ y·dy = %s    Σ x·dx = %s    Σ w·dw = %s"
                .formatted(
                    Grid.number(Example.dot(worked.y(), worked.dy())),
                    Grid.number(Example.dot(x.values(), x.gradient())),
                    Grid.number(Example.dot(w.values(), w.gradient()))));
  }
}
