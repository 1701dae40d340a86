package dae.train;

import dae.kernel.Backend;
import dae.kernel.Write;
import dae.tensor.Tensor;
import java.util.List;

/// Copies of vectors beside them in the backend's memory, to go back to.
final class Snapshot {
  private final Backend backend;
  private final List<Tensor> originals;
  private final List<Tensor> copies;

  Snapshot(Backend backend, List<Tensor> originals) {
    this.backend = backend;
    this.originals = originals;
    copies =
        originals.stream()
            .map(t -> Tensor.dense(backend.allocate(t.shape().size()), 0, t.shape()))
            .toList();
  }

  /// Remembers.
  void take() {
    copy(originals, copies);
  }

  /// Puts back what was remembered.
  void restore() {
    copy(copies, originals);
  }

  private void copy(List<Tensor> from, List<Tensor> to) {
    for (int i = 0; i < from.size(); i++) {
      backend.pointwise().copy(1, from.get(i), to.get(i), Write.SET);
    }
  }
}
