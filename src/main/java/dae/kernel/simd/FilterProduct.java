package dae.kernel.simd;

import dae.kernel.Conv2dSpec;
import dae.kernel.Needs;
import dae.kernel.Workspace;
import dae.kernel.Write;
import dae.tensor.Tensor;

/// The product that makes filters: a convolution's filter gradient, and so the transposed one's
/// with x and dy exchanged.
interface FilterProduct {
  /// Below this many channels taps are taken together: an image has 3.
  int FEW = 8;

  /// Scratch for up to `capacity` images.
  Needs needs(int capacity);

  /// dw from x and dy.
  void run(int n, Tensor x, Tensor dy, Tensor dw, Write write, Workspace workspace);

  /// The cheapest that applies: [NarrowFilter], [Winograd4Filter], [WinogradFilter],
  /// [DirectFilter].
  static FilterProduct of(Conv2dSpec s, Workers workers) {
    if (s.ic() < FEW) {
      return new NarrowFilter(s, workers);
    }
    if (Winograd4.suits(s)) {
      return new Winograd4Filter(s, workers);
    }
    return WinogradFilter.suits(s) ? new WinogradFilter(s, workers) : new DirectFilter(s, workers);
  }
}
