package dae.noise;

import dae.graph.Op;
import dae.graph.Setup;
import dae.graph.Step;
import dae.graph.Value;
import dae.tensor.Check;
import dae.tensor.Shape;
import java.util.List;
import java.util.function.Consumer;

/// **What is drawn**: the op of every kind of damage that works pixel by pixel, and of its level.
/// It stands in front of the model, so it has no gradient and keeps nothing.
///
/// @param inputs the images that are damaged, or nothing
/// @param forward one call of [dae.kernel.DataKernels]
record Drawn(String label, List<Value> inputs, Shape output, Consumer<Step> forward) implements Op {
  /// Records damage.
  ///
  /// @param clean N×H×W×C
  static Value drawn(String label, Value clean, Consumer<Step> forward) {
    Check.image(label, clean.shape());
    return clean.graph().add(new Drawn(label, List.of(clean), clean.shape(), forward));
  }

  @Override
  public void prepare(Setup setup) {
    for (int i = 0; i < inputs.size(); i++) {
      Check.that(
          !setup.wants(i),
          label,
          "data",
          inputs.get(i) + ", which depends on a parameter that learns",
          "put the noise in front of the model");
    }
  }

  @Override
  public void forward(Step s) {
    forward.accept(s);
  }

  @Override
  public void backward(Step s) {}

  @Override
  public Keeps keeps() {
    return Keeps.NOTHING;
  }
}
