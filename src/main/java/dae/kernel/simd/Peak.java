package dae.kernel.simd;

import static dae.kernel.simd.Lanes.F;
import static dae.kernel.simd.Lanes.L;

import jdk.incubator.vector.FloatVector;

/// What this machine can do with vectors as wide as the lanes, measured: the yardstick of every
/// kernel.
public final class Peak {
  private static final int CHAINS = 12;
  private static final int STEPS = 200_000;
  private static final int COPY_FLOATS = 1 << 24;
  private static final float[] SINK = new float[L];

  private Peak() {}

  /// GFLOP/s of fused multiply-adds (two operations each) in registers, all threads together: 12
  /// independent chains, more than any processor needs to hide the latency. The best of the rounds
  /// of a quarter of a second.
  ///
  /// Vectors as wide as the lanes only: where a JVM has met two widths, C2 no longer knows which
  /// method `fma` calls, and every kernel that it compiles from then on makes objects of its
  /// vectors.
  public static double fusedMultiplyAdds(int threads) {
    compile();
    double best = 0;
    try (Workers workers = new Workers(threads)) {
      for (long begin = System.nanoTime(); System.nanoTime() - begin < 250_000_000; ) {
        long start = System.nanoTime();
        workers.run(threads, (piece, worker) -> chains(STEPS));
        double nanos = System.nanoTime() - start;
        best = Math.max(best, 2.0 * CHAINS * L * threads * STEPS / nanos);
      }
    }
    return best;
  }

  /// Short calls until a multiply-add takes less than 4 ns, as in compiled code only. Gives up
  /// after 5 s.
  private static void compile() {
    int steps = 64;
    long begin = System.nanoTime();
    long start;
    long now = begin;
    do {
      start = now;
      chains(steps);
      now = System.nanoTime();
    } while (now - start > 4 * steps * CHAINS && now - begin < 5_000_000_000L);
  }

  private static void chains(int steps) {
    FloatVector x = FloatVector.broadcast(F, 0.999f);
    FloatVector y = FloatVector.broadcast(F, 1e-3f);
    FloatVector c0 = FloatVector.broadcast(F, 0);
    FloatVector c1 = FloatVector.broadcast(F, 1);
    FloatVector c2 = FloatVector.broadcast(F, 2);
    FloatVector c3 = FloatVector.broadcast(F, 3);
    FloatVector c4 = FloatVector.broadcast(F, 4);
    FloatVector c5 = FloatVector.broadcast(F, 5);
    FloatVector c6 = FloatVector.broadcast(F, 6);
    FloatVector c7 = FloatVector.broadcast(F, 7);
    FloatVector c8 = FloatVector.broadcast(F, 8);
    FloatVector c9 = FloatVector.broadcast(F, 9);
    FloatVector c10 = FloatVector.broadcast(F, 10);
    FloatVector c11 = FloatVector.broadcast(F, 11);
    for (int step = 0; step < steps; step++) {
      c0 = c0.fma(x, y);
      c1 = c1.fma(x, y);
      c2 = c2.fma(x, y);
      c3 = c3.fma(x, y);
      c4 = c4.fma(x, y);
      c5 = c5.fma(x, y);
      c6 = c6.fma(x, y);
      c7 = c7.fma(x, y);
      c8 = c8.fma(x, y);
      c9 = c9.fma(x, y);
      c10 = c10.fma(x, y);
      c11 = c11.fma(x, y);
    }
    c0.add(c1)
        .add(c2)
        .add(c3)
        .add(c4)
        .add(c5)
        .add(c6)
        .add(c7)
        .add(c8)
        .add(c9)
        .add(c10)
        .add(c11)
        .intoArray(SINK, 0);
  }

  /// GB/s of copying one array of 64 MiB to another, read and written bytes counted, all threads
  /// together. The best of the rounds of a quarter of a second.
  public static double copy(int threads) {
    try (Workers workers = new Workers(threads)) {
      float[] from = new float[COPY_FLOATS];
      float[] to = new float[COPY_FLOATS];
      int share = COPY_FLOATS / threads;
      // Only compiled calls go past the caches.
      for (int call = 0; call < 20_000; call++) {
        copy(from, to, call * L, L);
      }
      double best = 0;
      for (long begin = System.nanoTime(); System.nanoTime() - begin < 250_000_000; ) {
        long start = System.nanoTime();
        workers.run(threads, (piece, worker) -> copy(from, to, piece * share, share));
        best = Math.max(best, 8.0 * share * threads / (System.nanoTime() - start));
      }
      return best;
    }
  }

  private static void copy(float[] from, float[] to, int at, int floats) {
    System.arraycopy(from, at, to, at, floats);
  }
}
