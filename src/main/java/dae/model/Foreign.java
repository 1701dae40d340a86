package dae.model;

import dae.UserError;
import dae.graph.Graph;
import dae.graph.Op;
import dae.keras.KerasLayer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// Another program's layers, on their way into a network.
sealed interface Foreign permits KerasWeights, StateDict {
  String source();

  /// What wrote them, for people.
  String format();

  /// Those with weights, in our layouts.
  List<KerasLayer> layers();

  /// What batch norms usually have there.
  double epsilon();

  /// The filters of the first layer, if it is the article's network.
  int widthOfFirst();

  /// Which layer goes into which of a network's ops: one into each that has weights.
  ///
  /// @throws UserError where that cannot be told
  Map<Op, KerasLayer> pairs(Network network, Graph graph);

  /// A shape as the file has it.
  default String shown(int[] extents) {
    return Arrays.toString(extents);
  }

  /// What does not fit, in one line.
  default UserError misfit(Network network, String who, String expected, String got) {
    return new UserError(
        "%s: %s: expected %s, got %s — it is not a model of the network %s; name its own with import --arch"
            .formatted(source(), who, expected, got, network.word()));
  }

  /// For a file without a layer that could be the first.
  default UserError noConvolution() {
    return new UserError(
        source() + ": expected a model with convolutions, got none — name another file");
  }
}
