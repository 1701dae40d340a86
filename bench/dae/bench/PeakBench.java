package dae.bench;

import dae.kernel.simd.Peak;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// The yardsticks themselves, in five JVMs: how far do they agree, and, with `-Ddae.lanes=128` or
/// 256, is the widest vector the fastest?
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 0)
@Measurement(iterations = 1, time = 1, timeUnit = TimeUnit.MILLISECONDS)
@Fork(
    value = 5,
    jvmArgsPrepend = {"--add-modules", "jdk.incubator.vector", "-XX:+UseSerialGC"})
public class PeakBench {
  @Param({"1", "2"})
  public int threads;

  @State(Scope.Thread)
  @AuxCounters(AuxCounters.Type.OPERATIONS)
  public static class Yardsticks {
    public double fmaGflops;
    public double copyGbPerS;
  }

  @Benchmark
  public void measure(Yardsticks yardsticks) {
    long start = System.nanoTime();
    double fma = Peak.fusedMultiplyAdds(threads);
    double copy = Peak.copy(threads);
    // JMH divides by the time that both took.
    double seconds = (System.nanoTime() - start) * 1e-9;
    yardsticks.fmaGflops += fma * seconds;
    yardsticks.copyGbPerS += copy * seconds;
  }
}
