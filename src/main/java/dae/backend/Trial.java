package dae.backend;

import dae.kernel.Backend;
import dae.kernel.Conv2dSpec;
import dae.kernel.Epilogue;
import dae.kernel.Needs;
import dae.kernel.Pass;
import dae.kernel.Workspace;
import dae.kernel.Write;
import dae.tensor.Shape;
import dae.tensor.Tensor;

/// How fast a backend is, measured in a quarter of a second on the layer that is dearest to the
/// article's model: forward and both gradients of a 3×3 convolution, 32 images of 32×32.
final class Trial {
  private static final int N = 32;
  private static final Conv2dSpec LAYER = Conv2dSpec.same(32, 32, 32, 64, 3, 2);
  private static final long NANOS = 250_000_000;

  private Trial() {}

  /// Rounds per second.
  static double rate(Backend backend) {
    Tensor x = tensor(backend, LAYER.x(), N);
    Tensor w = tensor(backend, LAYER.w(), 1);
    Tensor y = tensor(backend, LAYER.y(), N);
    Workspace[] workspaces = new Workspace[Pass.values().length];
    for (Pass pass : Pass.values()) {
      Needs needs = backend.conv().needs(LAYER, pass, N);
      workspaces[pass.ordinal()] =
          new Workspace(
              vector(backend, needs.scratch()), vector(backend, needs.derived()), () -> 1);
    }
    Runnable round =
        () -> {
          backend.conv().forward(LAYER, N, x, w, y, Write.SET, Epilogue.NONE, workspaces[0]);
          backend.conv().backwardInput(LAYER, N, y, w, x, Write.SET, Epilogue.NONE, workspaces[1]);
          backend.conv().backwardFilter(LAYER, N, x, y, w, Write.SET, workspaces[2]);
        };
    float[] one = new float[w.shape().size()];
    // The first rounds compile.
    rounds(backend, round, w, one);
    double rate = rounds(backend, round, w, one);
    for (Tensor tensor : new Tensor[] {x, w, y}) {
      backend.free(tensor.storage());
    }
    return rate;
  }

  private static double rounds(Backend backend, Runnable round, Tensor w, float[] to) {
    long start = System.nanoTime();
    int rounds = 0;
    while (System.nanoTime() - start < NANOS) {
      for (int i = 0; i < 4; i++) {
        round.run();
        rounds++;
      }
      // Waits for the device.
      backend.download(w, 1, to, 0);
    }
    return rounds * 1e9 / (System.nanoTime() - start);
  }

  private static Tensor tensor(Backend backend, Shape shape, int n) {
    return Tensor.dense(backend.allocate((long) n * shape.size()), 0, shape);
  }

  private static Tensor vector(Backend backend, long floats) {
    return floats == 0
        ? null
        : Tensor.dense(backend.allocate(floats), 0, Shape.vector(Math.toIntExact(floats)));
  }
}
