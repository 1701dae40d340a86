package dae.bench;

import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/// Turns calls into GFLOP/s and into the share of the FMA peak that was measured in the same JVM
/// with the same number of threads.
@State(Scope.Thread)
@AuxCounters(AuxCounters.Type.OPERATIONS)
public class Rates {
  /// GFLOP/s, padding counted as data (Keras' count).
  public double nominalGflops;

  /// GFLOP/s of the multiply-adds that meet real pixels.
  public double realGflops;

  /// [#realGflops] as a share of the peak.
  public double shareOfPeak;

  /// @param peak GFLOP/s
  void count(double nominalFlops, double realFlops, double peak) {
    nominalGflops += nominalFlops * 1e-9;
    realGflops += realFlops * 1e-9;
    shareOfPeak += realFlops * 1e-9 / peak;
  }
}
