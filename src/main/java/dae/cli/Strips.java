package dae.cli;

import dae.graph.Plan;
import dae.kernel.Backend;
import dae.model.Checkpoint;
import dae.model.DenoisingAutoencoder;
import dae.model.Summary;
import dae.op.Fusion;
import java.util.List;

/// Runs a model over a picture, strip by strip where memory does not hold the network's maps of the
/// whole. A strip is computed with [#REACH] more rows on either side, further than the network
/// looks, so that its numbers have the very bits that the whole picture would have given them.
final class Strips {
  /// Rows that the network looks beyond a pixel: 47, and 48 is a multiple of what it halves.
  static final int REACH = 3 * DenoisingAutoencoder.MULTIPLE;

  /// Windows start at multiples of it, which the blocks that a kernel computes together divide.
  static final int STEP = 2 * DenoisingAutoencoder.MULTIPLE;

  /// The fewest rows of a window that is not the whole picture.
  static final int LEAST = 2 * REACH + STEP;

  private static final int CHANNELS = 3;

  private Strips() {}

  /// What cleaning takes of the backend's memory: a window's plan and the weights.
  ///
  /// @param rows of a window
  static long bytes(int w, int rows, int width, Backend backend) {
    DenoisingAutoencoder network = DenoisingAutoencoder.onFloats(rows, w, width);
    long weights = new Summary(network).parameters();
    return Plan.bytes(
            network.graph(),
            List.of(network.denoised()),
            backend,
            Plan.Mode.INFERENCE,
            1,
            Fusion.INFERENCE)
        + Float.BYTES * weights;
  }

  /// What it takes of Java's heap beside the noisy picture: that one padded, the clean one padded
  /// and cut back, a window's pixels.
  static long heapBytes(int h, int w, int rows) {
    return Float.BYTES * (CHANNELS * (3L * h + rows) * w);
  }

  /// Cleans a picture.
  ///
  /// @param noisy h × w × 3, both multiples of [DenoisingAutoencoder#MULTIPLE]
  /// @param rows of a window: h, or at least [#LEAST] and less than h by a multiple of [#STEP]
  static float[] clean(
      float[] noisy, int h, int w, int rows, Checkpoint checkpoint, Backend backend) {
    int row = CHANNELS * w;
    float[] clean = new float[noisy.length];
    float[] window = new float[rows * row];
    DenoisingAutoencoder network = DenoisingAutoencoder.onFloats(rows, w, checkpoint.width());
    try (Plan plan =
        Plan.compile(
            network.graph(),
            List.of(network.denoised()),
            checkpoint.parameters(backend),
            backend,
            Plan.Mode.INFERENCE,
            1,
            Fusion.INFERENCE)) {
      int done = 0;
      while (done < h) {
        int top = Math.clamp((done - REACH) / STEP * STEP, 0, h - rows);
        int until = top + rows == h ? h : top + rows - REACH;
        System.arraycopy(noisy, top * row, window, 0, window.length);
        plan.upload(network.noisy(), window, 1);
        plan.forward(1);
        plan.download(network.denoised(), window, 0);
        System.arraycopy(window, (done - top) * row, clean, done * row, (until - done) * row);
        done = until;
      }
    }
    return clean;
  }
}
