package dae.graph;

import dae.kernel.Backend;
import dae.kernel.Turn;
import java.util.List;

/// A plan that has not taken its memory yet: asked first, opened then.
///
/// ```java
/// PlanDraft draft = new PlanDraft(graph, List.of(loss), Fusion.TRAINING, backend, 128);
/// long bytes = draft.bytes();
/// try (Plan plan = draft.open(parameters)) { … }
/// ```
public final class PlanDraft {
  private final Layout layout;

  /// Lays out everything that the roots depend on.
  ///
  /// @param roots values to be read after a run; in training the first is the loss, a scalar
  /// @param backend to run on
  /// @param capacity the most images of one run
  public PlanDraft(Graph graph, List<Value> roots, Mode mode, Backend backend, int capacity) {
    if (capacity < 1) {
      throw new IllegalArgumentException(
          "plan: expected a capacity of at least 1, got " + capacity);
    }
    try (Turn _ = backend.turn().take()) {
      layout = new Layout(graph, roots, mode, backend, capacity);
    }
  }

  /// What [#open] takes of the backend's memory, besides the parameters.
  public long bytes() {
    return Float.BYTES * layout.floats();
  }

  /// Takes the memory.
  ///
  /// @param parameters weights, shared by all plans of a model
  public Plan open(Parameters parameters) {
    return new Plan(layout, parameters);
  }
}
