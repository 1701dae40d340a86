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
  public double nominal;

  /// GFLOP/s of the multiply-adds that meet real pixels.
  public double real;

  /// [#real] as a share of the peak.
  public double share;

  /// @param peak GFLOP/s
  void count(double nominalFlops, double realFlops, double peak) {
    nominal += nominalFlops * 1e-9;
    real += realFlops * 1e-9;
    share += realFlops * 1e-9 / peak;
  }
}
