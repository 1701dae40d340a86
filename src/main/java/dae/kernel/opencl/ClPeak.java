package dae.kernel.opencl;

import dae.kernel.Write;
import dae.tensor.Shape;
import dae.tensor.Tensor;

/// What a device can do at most, measured by its own clock: multiply-adds in registers
/// (`kernels/peak.cl`) and copying.
final class ClPeak {
  private static final int ITEMS = 1 << 18;

  /// CHAINS · UNROLLED of `peak.cl`.
  private static final int PER_ROUND = 8 * 16;

  /// Twice 64 MiB do not stay in any cache.
  private static final int COPIED = 16 << 20;

  private static final int TRIES = 5;

  private ClPeak() {}

  /// GFLOP/s, two for a multiply-add.
  static double multiplyAdds(ClBackend backend) {
    int rounds = backend.context().device().processor() ? 1 : 512;
    Tensor out = vector(backend, ITEMS);
    double nanos =
        best(
            backend,
            () ->
                backend
                    .context()
                    .kernel("peak.cl", "", "peak_multiply_add")
                    .numbers(rounds)
                    .number(0.5f)
                    .number(0.25f)
                    .buffer(out.storage())
                    .over(ITEMS));
    backend.free(out.storage());
    return 2.0 * ITEMS * PER_ROUND * rounds / nanos;
  }

  /// GB/s, read and written.
  static double copy(ClBackend backend) {
    Tensor from = vector(backend, COPIED), to = vector(backend, COPIED);
    double nanos = best(backend, () -> backend.map().copy(1, from, to, Write.SET));
    backend.free(from.storage());
    backend.free(to.storage());
    return 2.0 * Float.BYTES * COPIED / nanos;
  }

  private static double best(ClBackend backend, Runnable work) {
    backend.profile(true);
    double best = Double.POSITIVE_INFINITY;
    for (int i = 0; i < TRIES; i++) {
      backend.used();
      work.run();
      best = Math.min(best, backend.used().nanos());
    }
    backend.profile(false);
    return best;
  }

  private static Tensor vector(ClBackend backend, int length) {
    return Tensor.dense(backend.allocate(length), 0, Shape.vector(length));
  }
}
