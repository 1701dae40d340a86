package dae.model;

import dae.Printable;
import dae.UserError;
import dae.file.PlainFile;
import dae.file.Safetensors;
import dae.graph.Graph;
import dae.graph.Op;
import dae.graph.Param;
import dae.keras.KerasFile;
import dae.keras.KerasLayer;
import dae.keras.KerasLayer.Kind;
import dae.op.BatchNorm;
import dae.op.ConvTranspose2d;
import dae.op.Convolution;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Weights that Keras has saved, brought into a network: layer by layer of each kind, in their
/// order, whatever they are called.
///
/// @param format which generation of Keras wrote them, for people
/// @param rows what went where, in the network's order
/// @param checkpoint the model
public record KerasImport(String format, List<Row> rows, Checkpoint checkpoint) {
  /// One layer.
  ///
  /// @param from its path in Keras' file
  /// @param to its name in the network
  /// @param shapes of its weights, by name
  public record Row(String from, String to, Map<String, String> shapes) {}

  private static final int HEAD = 8;

  /// Keras lets a layer do without a bias, or a batch norm without γ or β: it is as if these were 0
  /// and 1.
  private static final Map<String, Float> IF_ABSENT = Map.of("bias", 0f, "beta", 0f, "gamma", 1f);

  /// Whether a file begins like one of Keras.
  ///
  /// @throws IOException when it cannot be read
  public static boolean recognises(Path source) throws IOException {
    if (!Files.isRegularFile(source)) {
      return false;
    }
    try (InputStream in = PlainFile.open(source)) {
      return KerasFile.begins(in.readNBytes(HEAD));
    }
  }

  /// Reads a file.
  ///
  /// @param word of its network; null for the article's, as wide as the file's first layer
  /// @param metadata what to remember of the training
  /// @throws UserError one line that names the layer and both shapes, where one does not fit
  /// @throws IOException when it cannot be read
  public static KerasImport read(Path source, String word, Map<String, String> metadata)
      throws IOException {
    Network asked = word == null ? null : Networks.named(word);
    KerasFile file = KerasFile.read(source);
    return of(file, asked == null ? article(file) : asked, metadata);
  }

  private static Network article(KerasFile file) {
    int[] first =
        file.layers().stream()
            .filter(layer -> layer.kind() == Kind.CONVOLUTION)
            .findFirst()
            .map(layer -> layer.weights().get("kernel").shape())
            .orElseThrow(() ->
                new UserError(
                    file.source()
                        + ": expected a model with convolutions, got none — name another file"));
    return Networks.named(Networks.ofWidth(first[first.length - 1]));
  }

  private static KerasImport of(KerasFile file, Network network, Map<String, String> metadata) {
    int side = network.multiple();
    Graph graph = Denoising.inference(network, side, side).graph();
    Map<Op, KerasLayer> pairs = new LinkedHashMap<>();
    List<Op> ops = graph.tape().stream().map(Graph.Entry::op).toList();
    List<Op> norms = ops.stream().filter(BatchNorm.class::isInstance).toList();
    List<Op> products = ops.stream().filter(Convolution.class::isInstance).toList();
    List<Op> up = ops.stream().filter(ConvTranspose2d.class::isInstance).toList();
    List<Op> down = products.stream().filter(op -> !up.contains(op)).toList();
    Matching matching = new Matching(file, network);
    matching.requireKinds();
    if (file.inOrder()) {
      // Names are free: a transposed convolution need not be called one.
      matching.pair("convolutions", products, pairs, Kind.CONVOLUTION, Kind.TRANSPOSED);
    } else {
      matching.pair("convolutions", down, pairs, Kind.CONVOLUTION);
      matching.pair("transposed convolutions", up, pairs, Kind.TRANSPOSED);
    }
    matching.pair("batch norms", norms, pairs, Kind.NORM);
    Map<String, Safetensors.Entry> tensors = new LinkedHashMap<>();
    List<Row> rows = new ArrayList<>();
    for (Op op : ops) {
      if (pairs.containsKey(op)) {
        rows.add(matching.move(pairs.get(op), op, tensors));
      }
    }
    Map<String, String> all = new LinkedHashMap<>(metadata);
    all.put("imported", file.format());
    Safetensors model = Checkpoint.file(network, tensors, all, false);
    return new KerasImport(file.format(), rows, new Checkpoint(file.source(), model));
  }

  private record Matching(KerasFile file, Network network) {
    void requireKinds() {
      for (KerasLayer layer : file.layers()) {
        if (layer.kind() == Kind.OTHER) {
          throw misfit(
              "layer " + Printable.shortened(layer.name()),
              "a convolution or a batch norm",
              "weights of "
                  + layer.weights().values().stream()
                      .map(entry -> Arrays.toString(entry.shape()))
                      .toList());
        }
      }
    }

    void pair(String what, List<Op> ops, Map<Op, KerasLayer> pairs, Kind... kinds) {
      List<KerasLayer> layers =
          file.layers().stream()
              .filter(layer -> Arrays.asList(kinds).contains(layer.kind()))
              .toList();
      if (layers.size() != ops.size()) {
        throw misfit("layers", ops.size() + " " + what, "" + layers.size());
      }
      for (int i = 0; i < layers.size(); i++) {
        pairs.put(ops.get(i), layers.get(i));
      }
    }

    Row move(KerasLayer layer, Op op, Map<String, Safetensors.Entry> tensors) {
      Map<String, String> shapes = new LinkedHashMap<>();
      Map<String, Safetensors.Entry> left = new LinkedHashMap<>(layer.weights());
      for (Param param : op.params()) {
        String name = param.name().substring(param.name().lastIndexOf('/') + 1);
        int[] extents = param.shape().extents();
        Safetensors.Entry entry = left.remove(name);
        if (entry == null && IF_ABSENT.containsKey(name)) {
          float[] values = new float[param.shape().size()];
          Arrays.fill(values, IF_ABSENT.get(name));
          entry = new Safetensors.Entry(extents, values);
          shapes.put(name, "none, so " + (int) values[0]);
        } else if (entry == null || !Arrays.equals(entry.shape(), extents)) {
          throw misfit(
              Printable.shortened(layer.name() + " " + name),
              Arrays.toString(extents) + " of " + op.label(),
              entry == null ? "none" : Arrays.toString(entry.shape()));
        } else {
          shapes.put(name, Arrays.toString(extents));
        }
        tensors.put(param.name(), entry);
      }
      if (!left.isEmpty()) {
        String name = left.keySet().iterator().next();
        throw misfit(
            Printable.shortened(layer.name() + " " + name),
            "no such weights for " + op.label(),
            Arrays.toString(left.get(name).shape()));
      }
      return new Row(Printable.shortened(layer.name()), op.label(), shapes);
    }

    private UserError misfit(String who, String expected, String got) {
      return new UserError(
          "%s: %s: expected %s, got %s — it is not a model of the network %s; name its own with import --arch"
              .formatted(file.source(), who, expected, got, network.word()));
    }
  }
}
