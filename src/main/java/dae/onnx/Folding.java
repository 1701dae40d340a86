package dae.onnx;

import dae.file.Safetensors;
import dae.graph.Graph;
import dae.graph.Op;
import dae.op.BatchNorm;
import dae.op.ConvTranspose2d;
import dae.op.Convolution;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Brings batch norms, as they are in inference, into the convolutions in front of them. With s =
/// γ/√(variance + ε), a filter's output channel becomes w·s and its bias (b − mean)·s + β.
public final class Folding {
  private Folding() {}

  /// The weights of a network without those batch norms that could be folded.
  ///
  /// @param weights by the names of the graph's parameters; not changed
  public static Map<String, Safetensors.Entry> of(
      Graph graph, Map<String, Safetensors.Entry> weights) {
    Map<String, Safetensors.Entry> folded = new LinkedHashMap<>(weights);
    normed(graph).forEach((product, norm) -> fold(product, norm, folded));
    return folded;
  }

  /// Every convolution with a bias that only a batch norm reads, and that.
  public static Map<Convolution, BatchNorm> normed(Graph graph) {
    Map<Convolution, BatchNorm> normed = new LinkedHashMap<>();
    for (Graph.Entry entry : graph.tape()) {
      List<Op> readers =
          graph.tape().stream()
              .map(Graph.Entry::op)
              .filter(op -> op.inputs().contains(entry.output()))
              .toList();
      if (entry.op() instanceof Convolution product
          && product.hasBias()
          && readers.size() == 1
          && readers.getFirst() instanceof BatchNorm norm) {
        normed.put(product, norm);
      }
    }
    return normed;
  }

  private static void fold(
      Convolution product, BatchNorm norm, Map<String, Safetensors.Entry> all) {
    String kernel = product.label() + "/kernel";
    String bias = product.label() + "/bias";
    float[] gamma = all.remove(norm.label() + "/gamma").data();
    float[] beta = all.remove(norm.label() + "/beta").data();
    float[] mean = all.remove(norm.label() + "/moving_mean").data();
    float[] variance = all.remove(norm.label() + "/moving_variance").data();
    Safetensors.Entry w = all.get(kernel);
    float[] foldedW = w.data().clone();
    float[] foldedB = all.get(bias).data().clone();
    double[] s = new double[foldedB.length];
    for (int c = 0; c < s.length; c++) {
      s[c] = gamma[c] / Math.sqrt(variance[c] + BatchNorm.EPSILON);
      foldedB[c] = (float) ((foldedB[c] - mean[c]) * s[c] + beta[c]);
    }
    int in = w.shape()[2];
    int out = w.shape()[3];
    for (int k = 0; k < foldedW.length; k++) {
      foldedW[k] *= (float) s[product instanceof ConvTranspose2d ? k / out % in : k % out];
    }
    all.put(kernel, new Safetensors.Entry(w.shape(), foldedW));
    all.put(bias, new Safetensors.Entry(all.get(bias).shape(), foldedB));
  }
}
