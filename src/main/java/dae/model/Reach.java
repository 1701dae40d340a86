package dae.model;

import dae.graph.Graph;
import dae.graph.Value;
import dae.kernel.Conv2dSpec;
import dae.op.Conv2d;
import dae.op.Convolution;
import java.util.HashMap;
import java.util.Map;

/// How far a network sees, found by following its tape: for every row of a map, the rows of the
/// image that it depends on. All ops but convolutions work pixel by pixel.
final class Reach {
  /// The first and the last row of the image on which each row of a map depends.
  private record Rows(int[] first, int[] last) {
    static Rows none(int h) {
      Rows rows = new Rows(new int[h], new int[h]);
      for (int i = 0; i < h; i++) {
        rows.first[i] = Integer.MAX_VALUE;
        rows.last[i] = -1;
      }
      return rows;
    }

    void take(int row, Rows from, int at) {
      first[row] = Math.min(first[row], from.first[at]);
      last[row] = Math.max(last[row], from.last[at]);
    }
  }

  private Reach() {}

  /// Of an image so tall that its middle does not see its edges.
  static int of(Network network, int block) {
    for (int h = 16 * network.multiple(); ; h *= 2) {
      int reach = of(network, block, h);
      if (2 * reach < h - network.multiple()) {
        return reach;
      }
    }
  }

  private static int of(Network network, int block, int h) {
    Denoising model = Denoising.inference(network, h, network.multiple());
    Map<Value, Rows> known = new HashMap<>();
    Rows image = Rows.none(h);
    for (int row = 0; row < h; row++) {
      image.first[row] = row;
      image.last[row] = row;
    }
    model.graph().inputs().forEach(input -> known.put(input, image));
    for (Graph.Entry entry : model.graph().tape()) {
      Rows rows = Rows.none(entry.output().shape().h());
      for (Value input : entry.op().inputs()) {
        if (entry.op() instanceof Convolution convolution) {
          window(convolution, known.get(input), rows);
          join(rows, convolution.spec().stride() == 1 ? block : 1);
        } else {
          for (int row = 0; row < rows.first.length; row++) {
            rows.take(row, known.get(input), row);
          }
        }
      }
      known.put(entry.output(), rows);
    }
    Rows denoised = known.get(model.denoised());
    int reach = 0;
    for (int row = 0; row < h; row++) {
      reach = Math.max(reach, Math.max(row - denoised.first[row], denoised.last[row] - row));
    }
    return reach;
  }

  private static void window(Convolution convolution, Rows from, Rows to) {
    Conv2dSpec s = convolution.spec();
    for (int oh = 0; oh < s.oh(); oh++) {
      for (int kh = 0; kh < s.kh(); kh++) {
        int ih = oh * s.stride() - s.padTop() + kh;
        if (ih >= 0 && ih < s.ih()) {
          if (convolution instanceof Conv2d) {
            to.take(oh, from, ih);
          } else {
            to.take(ih, from, oh);
          }
        }
      }
    }
  }

  /// Lets the rows of a block depend on whatever one of them depends on. Kernels do that where the
  /// stride is 1.
  private static void join(Rows rows, int block) {
    for (int row = 0; row < rows.first.length; row++) {
      for (int other = row / block * block; other < row; other++) {
        rows.take(other, rows, row);
        rows.take(row, rows, other);
      }
    }
  }
}
