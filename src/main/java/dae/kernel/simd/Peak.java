package dae.kernel.simd;

import static dae.kernel.simd.Lanes.L;

import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.util.List;
import java.util.stream.Stream;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// What this machine can do at most, measured: the yardstick of every kernel.
public final class Peak {
  private static final List<Width> WIDTHS =
      Stream.of(FloatVector.SPECIES_128, FloatVector.SPECIES_256, FloatVector.SPECIES_512)
          .filter(species -> species.length() <= L)
          .map(species -> new Width(species.length(), chains(species)))
          .toList();
  private static final int STEPS = 200_000;
  private static final int COPY_FLOATS = 1 << 24;

  /// @param lanes floats in a vector
  private record Width(int lanes, Kernel kernel) {}

  /// Multiply-adds in registers.
  interface Kernel {
    void run(int steps);
  }

  private Peak() {}

  /// GFLOP/s of fused multiply-adds (two operations each) in registers, all threads together: the
  /// best of many rounds with vectors of every width up to that of the lanes, a third of a second
  /// in all once the kernels are compiled.
  public static double fusedMultiplyAdds(int threads) {
    WIDTHS.forEach(Peak::compile);
    double best = 0;
    try (Workers workers = new Workers(threads)) {
      for (long begin = System.nanoTime(); System.nanoTime() - begin < 300_000_000; ) {
        for (Width width : WIDTHS) {
          long start = System.nanoTime();
          workers.run(threads, (piece, worker) -> width.kernel.run(STEPS));
          double flops = 2.0 * Chains.COUNT * STEPS * width.lanes * threads;
          best = Math.max(best, flops / (System.nanoTime() - start));
        }
      }
    }
    return best;
  }

  /// Short calls until a multiply-add takes less than 4 ns, as in compiled code only: without it
  /// the vectors are objects. Gives up after 5 s.
  private static void compile(Width width) {
    int steps = 64;
    long begin = System.nanoTime();
    long start;
    long now = begin;
    do {
      start = now;
      width.kernel.run(steps);
      now = System.nanoTime();
    } while (now - start > 4 * steps * Chains.COUNT && now - begin < 5_000_000_000L);
  }

  /// A copy of [Chains] in which the width is a constant for the compiler.
  private static Kernel chains(VectorSpecies<Float> width) {
    try (InputStream code = Peak.class.getResourceAsStream("Peak$Chains.class")) {
      return (Kernel)
          MethodHandles.lookup()
              .defineHiddenClassWithClassData(code.readAllBytes(), width, true)
              .lookupClass()
              .getDeclaredConstructor()
              .newInstance();
    } catch (IOException | ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Twelve independent sums, more than any processor needs to hide the latency.
  static final class Chains implements Kernel {
    static final int COUNT = 12;

    private static final VectorSpecies<Float> F = width();

    private final float[] sink = new float[F.length()];

    @SuppressWarnings("unchecked")
    private static VectorSpecies<Float> width() {
      try {
        return MethodHandles.classData(MethodHandles.lookup(), "_", VectorSpecies.class);
      } catch (IllegalAccessException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public void run(int steps) {
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
          .intoArray(sink, 0);
    }
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
