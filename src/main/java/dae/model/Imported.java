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
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Weights that another program has saved, brought into a network: files of Keras, and state dicts
/// of PyTorch as safetensors.
///
/// @param format what wrote them, for people
/// @param rows what went where, in the network's order
/// @param checkpoint the model
/// @since 0.1.0
public record Imported(String format, List<Row> rows, Checkpoint checkpoint) {
  /// One layer.
  ///
  /// @param from its name in the file
  /// @param to its name in the network
  /// @param shapes of its weights, by name, in the file's own layout
  public record Row(String from, String to, Map<String, String> shapes) {}

  private static final int HEAD = 8;

  /// A layer may do without a bias, or a batch norm without γ or β: it is as if these were 0 and 1.
  private static final Map<String, Float> IF_ABSENT = Map.of("bias", 0f, "beta", 0f, "gamma", 1f);

  /// Reads a file.
  ///
  /// @param word of its network; null for the article's, as wide as the file's first layer
  /// @param epsilon of its batch norms; null for what is usual, 0.001 with Keras and 0.00001 with
  ///   PyTorch. Where ours has another, γ makes up for it
  /// @param metadata what to remember of the training
  /// @throws UserError one line that names the layer and both shapes, where one does not fit, or
  ///   says that it is no such file
  /// @throws IOException when it cannot be read
  public static Imported read(
      Path source, String word, Double epsilon, Map<String, String> metadata) throws IOException {
    if (!Files.isRegularFile(source)) {
      throw new UserError(
          source + ": expected weights of Keras or PyTorch, got no file — check the path");
    }
    Safetensors stateDict = isKeras(source) ? null : Safetensors.read(source);
    if (stateDict != null && !StateDict.is(stateDict)) {
      throw new UserError(
          source
              + ": expected weights of Keras or a state dict of PyTorch, got another file — models"
              + " of this program are taken as they are");
    }
    return of(source, stateDict, word, epsilon, metadata);
  }

  /// Whether a file begins like one of Keras.
  ///
  /// @throws IOException when it cannot be read
  static boolean isKeras(Path source) throws IOException {
    if (!Files.isRegularFile(source)) {
      return false;
    }
    try (InputStream in = PlainFile.open(source)) {
      return KerasFile.begins(in.readNBytes(HEAD));
    }
  }

  /// As [#read], where the file is known to be one.
  ///
  /// @param stateDict its content; null for a file of Keras
  static Imported of(
      Path source, Safetensors stateDict, String word, Double epsilon, Map<String, String> metadata)
      throws IOException {
    Network asked = word == null ? null : Networks.named(word);
    Foreign file =
        stateDict == null
            ? new KerasWeights(KerasFile.read(source))
            : StateDict.of(source.toString(), stateDict);
    Network network = asked != null ? asked : Networks.named(Networks.ofWidth(file.widthOfFirst()));
    int side = network.multiple();
    Graph graph = Denoising.inference(network, side, side).graph();
    for (KerasLayer layer : file.layers()) {
      if (layer.kind() == Kind.OTHER) {
        throw file.misfit(
            network,
            "layer " + Printable.shortened(layer.name()),
            "a convolution or a batch norm",
            "weights of "
                + layer.weights().values().stream()
                    .map(entry -> Arrays.toString(entry.shape()))
                    .toList());
      }
    }
    Map<Op, KerasLayer> pairs = file.pairs(network, graph);
    double theirs = epsilon == null ? file.epsilon() : epsilon;
    Map<String, Safetensors.Entry> tensors = new LinkedHashMap<>();
    List<Row> rows = new ArrayList<>();
    for (Graph.Entry entry : graph.tape()) {
      if (pairs.containsKey(entry.op())) {
        KerasLayer layer = pairs.get(entry.op());
        rows.add(new Move(file, network, layer, entry.op()).into(tensors, theirs));
      }
    }
    Map<String, String> all = new LinkedHashMap<>(metadata);
    all.put("imported", file.format());
    Safetensors model = Checkpoint.file(network, tensors, all, false);
    return new Imported(file.format(), rows, new Checkpoint(file.source(), model));
  }

  private record Move(Foreign file, Network network, KerasLayer layer, Op op) {
    Row into(Map<String, Safetensors.Entry> tensors, double epsilon) {
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
          throw file.misfit(
              network,
              Printable.shortened(layer.name() + " " + name),
              file.shown(extents) + " of " + op.label(),
              entry == null ? "none" : file.shown(entry.shape()));
        } else {
          shapes.put(name, file.shown(extents));
        }
        tensors.put(param.name(), entry);
      }
      if (!left.isEmpty()) {
        String name = left.keySet().iterator().next();
        throw file.misfit(
            network,
            Printable.shortened(layer.name() + " " + name),
            "no such weights for " + op.label(),
            Arrays.toString(left.get(name).shape()));
      }
      if (op instanceof BatchNorm && (float) epsilon != BatchNorm.EPSILON) {
        tensors.compute(
            op.label() + "/gamma",
            (k, gamma) -> {
              Safetensors.Entry variance = tensors.get(op.label() + "/moving_variance");
              return scaled(gamma, variance.data(), epsilon);
            });
        shapes.merge("gamma", " with ε " + epsilon, String::concat);
      }
      return new Row(Printable.shortened(layer.name()), op.label(), shapes);
    }

    /// γ that has the same effect with our ε.
    private static Safetensors.Entry scaled(
        Safetensors.Entry gamma, float[] variance, double epsilon) {
      float[] values = gamma.data().clone();
      for (int c = 0; c < values.length; c++) {
        values[c] *=
            (float) Math.sqrt((variance[c] + (double) BatchNorm.EPSILON) / (variance[c] + epsilon));
      }
      return new Safetensors.Entry(gamma.shape(), values);
    }
  }
}
