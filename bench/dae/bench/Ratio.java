package dae.bench;

import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/// How long one thing took over how long another took, timed in turn so that what else the machine
/// does affects both; the average.
@State(Scope.Thread)
@AuxCounters(AuxCounters.Type.OPERATIONS)
public class Ratio {
  public double ratio;

  void count(long dividendNanos, long divisorNanos) {
    // JMH divides by the time that both took.
    ratio += (dividendNanos + divisorNanos) * 1e-9 * dividendNanos / divisorNanos;
  }
}
