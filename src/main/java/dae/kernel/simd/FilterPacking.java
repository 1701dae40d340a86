package dae.kernel.simd;

import static dae.kernel.simd.Lanes.NR;

import dae.kernel.Conv2dSpec;
import dae.tensor.Tensor;

/// Lays a filter out as panels: for each group of NR output channels, for each tap, for each input
/// channel, NR numbers side by side. The last panel is filled up with zeros.
///
/// "Output" is what the product makes: OC in a forward pass; in the input gradient it is IC, and
/// the taps come in reverse, so that ascending source pixels meet ascending filter rows.
final class FilterPacking implements Workers.Task {
  private final Conv2dSpec s;
  private final boolean forward;
  private final Workers workers;
  private final int taps;
  private final int depth;
  private final int outputs;
  private Tensor w;
  private Tensor packed;

  FilterPacking(Conv2dSpec s, boolean forward, Workers workers) {
    this.s = s;
    this.forward = forward;
    this.workers = workers;
    taps = s.kh() * s.kw();
    depth = forward ? s.ic() : s.oc();
    outputs = forward ? s.oc() : s.ic();
  }

  /// Floats of one panel.
  int panelFloats() {
    return taps * depth * NR;
  }

  /// Floats of all panels.
  long floats() {
    return (long) Math.ceilDiv(outputs, NR) * panelFloats();
  }

  void pack(Tensor w, Tensor packed) {
    this.w = w;
    this.packed = packed;
    workers.run(Math.ceilDiv(outputs, NR) * taps, this);
  }

  @Override
  public void run(int piece, int worker) {
    int first = piece / taps * NR;
    int position = piece % taps;
    int count = Math.min(NR, outputs - first);
    int tap = forward ? position : taps - 1 - position;
    int from = w.offset() + tap * s.ic() * s.oc();
    int to = packed.offset() + piece * depth * NR;
    float[] W = w.floats(), P = packed.floats();
    for (int d = 0; d < depth; d++) {
      if (forward) {
        System.arraycopy(W, from + d * s.oc() + first, P, to + d * NR, count);
      } else {
        for (int j = 0; j < count; j++) {
          P[to + d * NR + j] = W[from + (first + j) * s.oc() + d];
        }
      }
      for (int j = count; j < NR; j++) {
        P[to + d * NR + j] = 0;
      }
    }
  }
}
