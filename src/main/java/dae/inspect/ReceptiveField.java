package dae.inspect;

import dae.graph.Graph;
import dae.graph.Mode;
import dae.graph.Parameters;
import dae.graph.Probe;
import dae.graph.Value;
import dae.kernel.Backend;
import dae.model.Network;
import dae.model.Seen;
import dae.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/// How far an output pixel really looks: the size of its gradient with respect to every input
/// pixel, the mean over output pixels in the middle, laid over one another.
///
/// @param reach pixels that are shown in each direction
/// @param gradients (2·reach + 1)² means of |∂ output / ∂ input|, summed over input channels
record ReceptiveField(int reach, double[] gradients) {
  /// Output pixels each way: strides treat neighbours differently.
  private static final int PIXELS = 4;

  /// Measures on one picture.
  ///
  /// @param image side × side × channels
  /// @param side a multiple of the network's
  static ReceptiveField of(
      Network network, Parameters parameters, Backend backend, float[] image, int side) {
    Shape shape = Shape.image(side, side, network.channels());
    List<Graph.Entry> tape = new ArrayList<>();
    Mode mode = new Mode(true, List.of(FrozenNorms::rewrite));
    try (Probe probe =
        new Probe(
            backend,
            mode,
            List.of(new Probe.Leaf("noisy", shape, true)),
            x -> {
              Value y = network.denoise(new Seen(x.getFirst(), null)).image();
              tape.addAll(y.graph().tape());
              return y;
            })) {
      FrozenNorms.copy(parameters, probe.parameters());
      FrozenNorms.fold(tape, probe.parameters());
      probe.set(0, image);
      int first = (side - PIXELS) / 2;
      int reach = first - 1;
      int wide = 2 * reach + 1;
      double[] sum = new double[wide * wide];
      for (int at = 0; at < PIXELS * PIXELS; at++) {
        add(probe, shape, first + at / PIXELS, first + at % PIXELS, reach, sum);
      }
      for (int i = 0; i < sum.length; i++) {
        sum[i] /= PIXELS * PIXELS;
      }
      return new ReceptiveField(reach, sum);
    }
  }

  private static void add(Probe probe, Shape shape, int row, int column, int reach, double[] sum) {
    float[] dy = new float[shape.size()];
    int channels = shape.c();
    for (int c = 0; c < channels; c++) {
      dy[(row * shape.w() + column) * channels + c] = 1;
    }
    probe.forward();
    probe.backward(dy);
    float[] dx = probe.gradient(0);
    int wide = 2 * reach + 1;
    for (int i = 0; i < sum.length; i++) {
      int pixel = (row - reach + i / wide) * shape.w() + column - reach + i % wide;
      for (int c = 0; c < channels; c++) {
        sum[i] += Math.abs(dx[pixel * channels + c]);
      }
    }
  }

  /// (2·radius + 1)² of the gradients, around the middle.
  double[] middle(int radius) {
    int wide = 2 * radius + 1;
    double[] part = new double[wide * wide];
    for (int i = 0; i < part.length; i++) {
      int row = reach - radius + i / wide;
      part[i] = gradients[row * (2 * reach + 1) + reach - radius + i % wide];
    }
    return part;
  }

  /// The smallest distance up, down or sideways within which that share of the gradient lies.
  int within(double share) {
    double[] rings = new double[reach + 1];
    double all = 0;
    int wide = 2 * reach + 1;
    for (int i = 0; i < gradients.length; i++) {
      rings[Math.max(Math.abs(i / wide - reach), Math.abs(i % wide - reach))] += gradients[i];
      all += gradients[i];
    }
    double inside = 0;
    for (int distance = 0; distance <= reach; distance++) {
      inside += rings[distance];
      if (inside >= share * all) {
        return distance;
      }
    }
    return reach;
  }
}
