package dae.kernel.opencl;

import dae.kernel.Conv2dSpec;
import dae.kernel.Epilogue;
import dae.kernel.Needs;
import dae.kernel.Pass;
import dae.kernel.Workspace;
import dae.kernel.Write;
import dae.tensor.Shape;
import dae.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/// Tries every tile on every product, by the device's own clock.
final class Tuner {
  /// Calls that are timed; the fastest counts, because others only ever disturb.
  private static final int CALLS = 5;

  private final ClBackend backend;
  private final int n;
  private final List<Tensor> tensors = new ArrayList<>();

  Tuner(ClBackend backend, int n) {
    this.backend = backend;
    this.n = n;
  }

  /// Finds the fastest tile of a product and leaves it in use.
  Tile tune(Conv2dSpec s, Pass pass, Consumer<String> line) {
    Tile chosen = Winners.untuned(s, pass, n, backend.context().device());
    try {
      Tensor x = tensor(s.x(), n), w = tensor(s.w(), 1), y = tensor(s.y(), n);
      Needs needs = backend.conv().needs(s, pass, n);
      Tensor scratch = needs.scratch() == 0 ? null : tensor(Shape.vector((int) needs.scratch()), 1);
      Workspace workspace = new Workspace(scratch, null, () -> 1);
      Tile best = chosen;
      long chosenNanos = nanos(s, pass, chosen, x, w, y, workspace);
      long bestNanos = chosenNanos;
      for (Tile tile : Tile.ALL) {
        if (!tile.equals(chosen) && tile.fits(pass, backend.context().device())) {
          long nanos = nanos(s, pass, tile, x, w, y, workspace);
          if (nanos < bestNanos) {
            best = tile;
            bestNanos = nanos;
          }
        }
      }
      line.accept(row(s, pass, chosen, chosenNanos, best, bestNanos));
      backend.products().use(s, pass, n, best);
      return best;
    } finally {
      tensors.forEach(tensor -> backend.free(tensor.storage()));
      tensors.clear();
    }
  }

  static String header() {
    return String.format(
        "%-44s %-15s %9s  %-15s %9s %9s", "product", "default", "ms", "fastest", "ms", "GFLOP/s");
  }

  private String row(Conv2dSpec s, Pass pass, Tile chosen, long before, Tile best, long after) {
    String what =
        "%s %s %s"
            .formatted(
                pass.name().toLowerCase(Locale.ROOT),
                Winners.extents(s.x()),
                Winners.extents(s.y()));
    return String.format(
        Locale.ROOT,
        "%-44s %-15s %9.3f  %-15s %9.3f %9.0f",
        what,
        chosen,
        before / 1e6,
        best,
        after / 1e6,
        2.0 * n * s.multiplyAdds() / Math.max(1, after));
  }

  private long nanos(
      Conv2dSpec s, Pass pass, Tile tile, Tensor x, Tensor w, Tensor y, Workspace workspace) {
    backend.products().use(s, pass, n, tile);
    long best = Long.MAX_VALUE;
    for (int call = 0; call <= CALLS; call++) {
      backend.used();
      switch (pass) {
        case FORWARD -> backend.conv().forward(s, n, x, w, y, Write.SET, Epilogue.NONE, workspace);
        case BACKWARD_INPUT ->
            backend.conv().backwardInput(s, n, y, w, x, Write.SET, Epilogue.NONE, workspace);
        case BACKWARD_FILTER -> backend.conv().backwardFilter(s, n, x, y, w, Write.SET, workspace);
      }
      long nanos = backend.used().nanos();
      // The first call may compile.
      best = call == 0 ? best : Math.min(best, nanos);
    }
    return best;
  }

  private Tensor tensor(Shape shape, int images) {
    Tensor tensor = Tensor.dense(backend.allocate((long) images * shape.size()), 0, shape);
    tensors.add(tensor);
    return tensor;
  }
}
