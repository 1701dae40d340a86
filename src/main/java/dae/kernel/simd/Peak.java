package dae.kernel.simd;

import static dae.kernel.simd.Lanes.F;
import static dae.kernel.simd.Lanes.L;

import jdk.incubator.vector.FloatVector;

/// What this machine can do at most, measured: the yardstick of every kernel.
public final class Peak {
  private static final int CHAINS = 12;
  private static final int ROUNDS = 600;
  private static final int STEPS = 400_000;
  private static final int COPY_FLOATS = 1 << 24;

  private Peak() {}

  /// GFLOP/s of fused multiply-adds (two operations each) in registers, all threads together: 12
  /// independent chains, more than any processor needs to hide the latency. The best of several
  /// rounds, about half a second.
  public static double fusedMultiplyAdds(int threads) {
    try (Workers workers = new Workers(threads)) {
      float[] sink = new float[threads * L];
      double best = 0;
      for (int round = 0; round < ROUNDS; round++) {
        long start = System.nanoTime();
        workers.run(threads, (piece, worker) -> chains(STEPS, sink, piece * L));
        double nanos = System.nanoTime() - start;
        best = Math.max(best, 2.0 * CHAINS * L * threads * STEPS / nanos);
      }
      return best;
    }
  }

  private static void chains(int steps, float[] sink, int at) {
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
        .intoArray(sink, at);
  }

  /// GB/s of a copy between arrays far larger than any cache, read and written bytes counted, all
  /// threads together. The best of several rounds.
  public static double copy(int threads) {
    try (Workers workers = new Workers(threads)) {
      float[] from = new float[COPY_FLOATS];
      float[] to = new float[COPY_FLOATS];
      int share = COPY_FLOATS / threads;
      double best = 0;
      for (int round = 0; round < 8; round++) {
        long start = System.nanoTime();
        workers.run(
            threads,
            (piece, worker) -> System.arraycopy(from, piece * share, to, piece * share, share));
        best = Math.max(best, 8.0 * share * threads / (System.nanoTime() - start));
      }
      return best;
    }
  }
}
