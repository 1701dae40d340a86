package dae.bench;

import dae.kernel.Backend;
import dae.kernel.Pass;
import dae.kernel.scalar.ScalarBackend;
import dae.kernel.simd.Peak;
import dae.kernel.simd.SimdBackend;
import dae.product.Product;
import dae.tensor.Tensor;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// The three products of each layer at batch 128, weights packed again in each call as in training.
/// Checked against the scalar definition on two images before it is timed.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 1,
    jvmArgsPrepend = {
      "--add-modules",
      "jdk.incubator.vector",
      "-XX:+UseSerialGC",
      "-XX:Tier3DelayOn=1000",
      "-XX:ObjectAlignmentInBytes=64"
    })
public class ConvBench {
  private static final int BATCH = 128;

  @Param public LayerShapes layer;

  @Param({"FORWARD", "BACKWARD_INPUT", "BACKWARD_FILTER"})
  public Pass pass;

  @Param({"1", "2"})
  public int threads;

  private Backend backend;
  private Product product;
  private double peak;

  @Setup(Level.Trial)
  public void prepare() {
    backend = new SimdBackend(threads);
    float[] expected = Product.random(new ScalarBackend(), layer.spec, pass, 2).run().floats();
    float[] got = Product.random(backend, layer.spec, pass, 2).run().floats();
    for (int i = 0; i < expected.length; i++) {
      if (!(Math.abs(expected[i] - got[i]) < 1e-3)) {
        throw new IllegalStateException(
            layer + " " + pass + " at " + i + ": expected " + expected[i] + ", got " + got[i]);
      }
    }
    product = Product.random(backend, layer.spec, pass, BATCH);
    peak = Peak.fusedMultiplyAdds(threads);
  }

  @Benchmark
  public Tensor product(Rates rates) {
    double images = BATCH;
    rates.count(
        2 * images * layer.spec.multiplyAdds(), 2 * images * layer.spec.realMultiplyAdds(), peak);
    return product.run();
  }

  @TearDown(Level.Trial)
  public void close() {
    backend.close();
  }
}
