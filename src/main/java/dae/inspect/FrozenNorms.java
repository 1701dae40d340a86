package dae.inspect;

import dae.graph.Graph;
import dae.graph.Parameters;
import dae.graph.Value;
import dae.op.BatchNorm;
import dae.op.Conv2d;
import dae.op.Convolution;
import dae.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/// Batch norms at their moving statistics as part of the convolutions in front, so that a training
/// plan computes what inference does, and its gradients are those of inference.
final class FrozenNorms {
  private FrozenNorms() {}

  /// Leaves each norm out whose input a convolution makes: with [#fold]ed weights that makes the
  /// norm's output.
  static List<Graph.Entry> rewrite(List<Graph.Entry> tape) {
    List<Graph.Entry> entries = new ArrayList<>();
    for (Graph.Entry entry : tape) {
      Graph.Entry maker = entry.op() instanceof BatchNorm ? maker(entries, entry) : null;
      if (maker != null) {
        entries.remove(maker);
        entries.add(new Graph.Entry(maker.op(), entry.output()));
      } else {
        entries.add(entry);
      }
    }
    return entries;
  }

  private static Graph.Entry maker(List<Graph.Entry> tape, Graph.Entry norm) {
    Value x = norm.op().inputs().getFirst();
    return tape.stream()
        .filter(e -> e.output() == x && e.op() instanceof Convolution c && c.hasBias())
        .findFirst()
        .orElse(null);
  }

  /// Gives the convolutions the weights of convolution and norm together: w·γ·r and (b − μ)·γ·r +
  /// β, with r = 1/√(v + ε).
  static void fold(List<Graph.Entry> tape, Parameters parameters) {
    for (Graph.Entry entry : tape) {
      Graph.Entry maker = entry.op() instanceof BatchNorm ? maker(tape, entry) : null;
      if (maker != null) {
        fold((Convolution) maker.op(), (BatchNorm) entry.op(), parameters);
      }
    }
  }

  private static void fold(Convolution product, BatchNorm norm, Parameters parameters) {
    float[][] n = norm.params().stream().map(p -> parameters.get(p.name())).toArray(float[][]::new);
    String kernel = product.params().get(0).name();
    String bias = product.params().get(1).name();
    float[] w = parameters.get(kernel);
    float[] b = parameters.get(bias);
    Shape shape = product.params().getFirst().shape();
    int last = shape.extent("O");
    for (int i = 0; i < w.length; i++) {
      // A transposed convolution has its output channels in front of its input channels.
      int c = product instanceof Conv2d ? i % last : i / last % shape.extent("I");
      w[i] *= factor(n, c);
    }
    for (int c = 0; c < b.length; c++) {
      b[c] = (b[c] - n[2][c]) * factor(n, c) + n[1][c];
    }
    parameters.set(kernel, w);
    parameters.set(bias, b);
  }

  private static float factor(float[][] norm, int c) {
    return (float) (norm[0][c] / Math.sqrt(norm[3][c] + (double) BatchNorm.EPSILON));
  }

  /// Copies the values of all parameters that both have.
  static void copy(Parameters from, Parameters to) {
    from.all().keySet().stream()
        .filter(to.all()::containsKey)
        .forEach(name -> to.set(name, from.get(name)));
  }
}
