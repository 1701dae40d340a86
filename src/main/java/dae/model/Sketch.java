package dae.model;

import dae.graph.Graph;
import dae.graph.Op;
import dae.graph.Value;
import dae.op.Add;
import dae.op.Blend;
import dae.op.Clip;
import dae.op.Concat;
import dae.op.Conv2d;
import dae.op.ConvTranspose2d;
import dae.op.Sigmoid;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// A network drawn in text from its tape: from left to right as it runs, one line for each size of
/// its maps, the image's on top. Norms and ReLUs are left out.
final class Sketch {
  /// What the signs mean.
  static final String LEGEND =
      "▼ ▲ convolution down, transposed one up, ▮ at the same size, each with its channels where"
          + " they change; + sum, ◐ blend, ‖ concatenation, ─ skip; ∫ sigmoid, ] clip";

  /// What stands on one line, by column.
  private final TreeMap<Integer, StringBuilder> rows = new TreeMap<>();

  private final Map<Value, Integer> ends = new HashMap<>();
  private int column;

  private Sketch(Graph graph) {
    for (Value input : graph.inputs()) {
      put(input, input.name(), List.of());
    }
    for (Graph.Entry entry : graph.tape()) {
      Op op = entry.op();
      String sign = sign(op);
      if (sign.isEmpty()) {
        ends.put(entry.output(), ends.get(op.inputs().getFirst()));
      } else {
        put(entry.output(), sign, op.inputs());
      }
    }
  }

  /// The drawing, line by line.
  static List<String> of(Graph graph) {
    Sketch sketch = new Sketch(graph);
    List<String> lines = new ArrayList<>();
    sketch.rows.descendingMap().forEach((h, row) -> lines.add("%4d  %s".formatted(h, row)));
    return lines;
  }

  private static String sign(Op op) {
    String channels = "" + op.output().c();
    return switch (op) {
      case Conv2d conv when conv.spec().stride() > 1 -> " ▼" + channels;
      case ConvTranspose2d conv when conv.spec().stride() > 1 -> " ▲" + channels;
      case Conv2d conv -> conv.spec().ic() == conv.spec().oc() ? "▮" : " ▮" + channels;
      case ConvTranspose2d _ -> " ▮" + channels;
      case Add _ -> "+";
      case Blend _ -> "◐";
      case Concat _ -> "‖";
      case Sigmoid _ -> "∫";
      case Clip _ -> "]";
      default -> "";
    };
  }

  /// Writes a sign on the line of its value's size, and in front of it the skips that lead to it.
  private void put(Value value, String sign, List<Value> inputs) {
    StringBuilder row = rows.computeIfAbsent(value.shape().h(), h -> new StringBuilder());
    row.append(" ".repeat(column - Math.min(column, row.length())));
    for (Value input : inputs) {
      if (inputs.size() > 1 && input.shape().h() == value.shape().h()) {
        for (int i = ends.get(input); i < column; i++) {
          row.setCharAt(i, row.charAt(i) == ' ' ? '─' : row.charAt(i));
        }
      }
    }
    row.append(sign);
    column = row.length();
    ends.put(value, column);
  }
}
