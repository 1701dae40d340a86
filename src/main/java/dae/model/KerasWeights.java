package dae.model;

import dae.graph.Graph;
import dae.graph.Op;
import dae.keras.KerasFile;
import dae.keras.KerasLayer;
import dae.keras.KerasLayer.Kind;
import dae.op.BatchNorm;
import dae.op.ConvTranspose2d;
import dae.op.Convolution;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A file of Keras: layer by layer of each kind, in their order, whatever they are called.
record KerasWeights(KerasFile file) implements Foreign {
  @Override
  public String source() {
    return file.source();
  }

  @Override
  public String format() {
    return file.format();
  }

  @Override
  public List<KerasLayer> layers() {
    return file.layers();
  }

  @Override
  public double epsilon() {
    return 1e-3;
  }

  @Override
  public int widthOfFirst() {
    int[] first =
        layers().stream()
            .filter(layer -> layer.kind() == Kind.CONVOLUTION)
            .findFirst()
            .map(layer -> layer.weights().get("kernel").shape())
            .orElseThrow(this::noConvolution);
    return first[first.length - 1];
  }

  @Override
  public Map<Op, KerasLayer> pairs(Network network, Graph graph) {
    List<Op> ops = graph.tape().stream().map(Graph.Entry::op).toList();
    List<Op> products = ops.stream().filter(Convolution.class::isInstance).toList();
    List<Op> up = ops.stream().filter(ConvTranspose2d.class::isInstance).toList();
    List<Op> down = products.stream().filter(op -> !up.contains(op)).toList();
    Map<Op, KerasLayer> pairs = new LinkedHashMap<>();
    if (file.inOrder()) {
      // Names are free: a transposed convolution need not be called one.
      pair(network, "convolutions", products, pairs, Kind.CONVOLUTION, Kind.TRANSPOSED);
    } else {
      pair(network, "convolutions", down, pairs, Kind.CONVOLUTION);
      pair(network, "transposed convolutions", up, pairs, Kind.TRANSPOSED);
    }
    List<Op> norms = ops.stream().filter(BatchNorm.class::isInstance).toList();
    pair(network, "batch norms", norms, pairs, Kind.NORM);
    return pairs;
  }

  private void pair(
      Network network, String what, List<Op> ops, Map<Op, KerasLayer> pairs, Kind... kinds) {
    List<KerasLayer> layers =
        layers().stream().filter(layer -> Arrays.asList(kinds).contains(layer.kind())).toList();
    if (layers.size() != ops.size()) {
      throw misfit(network, "layers", ops.size() + " " + what, "" + layers.size());
    }
    for (int i = 0; i < layers.size(); i++) {
      pairs.put(ops.get(i), layers.get(i));
    }
  }
}
