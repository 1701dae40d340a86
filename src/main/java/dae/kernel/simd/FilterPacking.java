package dae.kernel.simd;

import static dae.kernel.simd.Lanes.NR;

import dae.kernel.Conv2dSpec;
import dae.tensor.Tensor;
import java.util.Arrays;

/// Lays a filter out as panels: for each group of NR output channels, for each tap, for each input
/// channel, NR floats side by side. The last panel is padded with zeros.
///
/// "Output" is what the product makes: OC in a forward pass; in the input gradient it is IC.
final class FilterPacking implements Workers.Task {
  private final Conv2dSpec s;
  private final boolean forward;
  private final Workers workers;
  private final int[][] taps;
  private final int depth;
  private final int outputs;
  private Tensor w;
  private Tensor packed;

  /// @param taps for each position in a panel the taps whose sum stands there
  FilterPacking(Conv2dSpec s, boolean forward, int[][] taps, Workers workers) {
    this.s = s;
    this.forward = forward;
    this.taps = taps;
    this.workers = workers;
    depth = forward ? s.ic() : s.oc();
    outputs = forward ? s.oc() : s.ic();
  }

  /// Every tap by itself; those of the input gradient in reverse, so that ascending source pixels
  /// meet ascending filter rows.
  static FilterPacking plain(Conv2dSpec s, boolean forward, Workers workers) {
    int[][] taps = new int[s.kh() * s.kw()][1];
    for (int position = 0; position < taps.length; position++) {
      taps[position][0] = forward ? position : taps.length - 1 - position;
    }
    return new FilterPacking(s, forward, taps, workers);
  }

  /// Floats of one panel.
  int panelFloats() {
    return taps.length * depth * NR;
  }

  /// Floats of all panels.
  long floats() {
    return (long) Math.ceilDiv(outputs, NR) * panelFloats();
  }

  void pack(Tensor w, Tensor packed) {
    this.w = w;
    this.packed = packed;
    workers.run(Math.ceilDiv(outputs, NR) * taps.length, this);
  }

  @Override
  public void run(int piece, int worker) {
    int first = piece / taps.length * NR;
    int to = packed.offset() + piece * depth * NR;
    float[] P = packed.floats();
    if (outputs - first < NR) {
      Arrays.fill(P, to, to + depth * NR, 0);
    }
    boolean add = false;
    for (int tap : taps[piece % taps.length]) {
      pack(tap, first, Math.min(NR, outputs - first), add, to);
      add = true;
    }
  }

  /// The rows of one tap.
  private void pack(int tap, int first, int count, boolean add, int to) {
    int from = w.offset() + tap * s.ic() * s.oc();
    int next = forward ? 1 : s.oc();
    float[] W = w.floats(), P = packed.floats();
    for (int d = 0; d < depth; d++, to += NR) {
      int at = forward ? from + d * s.oc() + first : from + first * s.oc() + d;
      if (add) {
        for (int j = 0; j < count; j++) {
          P[to + j] += W[at + j * next];
        }
      } else if (forward) {
        System.arraycopy(W, at, P, to, count);
      } else {
        for (int j = 0; j < count; j++) {
          P[to + j] = W[at + j * next];
        }
      }
    }
  }
}
