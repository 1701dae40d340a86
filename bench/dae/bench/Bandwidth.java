package dae.bench;

import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/// Turns calls into GB/s, every float counted once where it is read and once where it is written,
/// and into the share of the speed of a copy that was measured in the same JVM with the same number
/// of threads.
@State(Scope.Thread)
@AuxCounters(AuxCounters.Type.OPERATIONS)
public class Bandwidth {
  public double gbPerS;

  /// [#gbPerS] as a share of the copy's.
  public double shareOfCopy;

  /// @param copy GB/s
  void count(double bytes, double copy) {
    gbPerS += bytes * 1e-9;
    shareOfCopy += bytes * 1e-9 / copy;
  }
}
