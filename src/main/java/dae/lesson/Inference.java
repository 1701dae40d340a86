package dae.lesson;

import dae.backend.Backends;
import dae.graph.Graph;
import dae.graph.Mode;
import dae.graph.Parameters;
import dae.graph.Plan;
import dae.graph.PlanDraft;
import dae.graph.Value;
import dae.kernel.Backend;
import java.util.List;
import java.util.function.Consumer;

/// An op without a way back, on the scalar kernels.
final class Inference {
  private Inference() {}

  /// What y is, once the inputs have been brought.
  static double[] of(Graph graph, Value y, Consumer<Plan> inputs) {
    try (Backend backend = Backends.open("scalar", 1);
        Parameters none = new Parameters(List.of(), backend, 1);
        Plan plan = new PlanDraft(graph, List.of(y), Mode.PLAIN_INFERENCE, backend, 1).open(none)) {
      inputs.accept(plan);
      plan.forward(1);
      float[] values = new float[y.shape().size()];
      plan.download(y, values, 0);
      return Example.doubles(values);
    }
  }
}
