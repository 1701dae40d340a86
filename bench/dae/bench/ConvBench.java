package dae.bench;

import dae.kernel.Backend;
import dae.kernel.Conv2dSpec;
import dae.kernel.Epilogue;
import dae.kernel.Needs;
import dae.kernel.Pass;
import dae.kernel.Workspace;
import dae.kernel.Write;
import dae.kernel.scalar.ScalarBackend;
import dae.kernel.simd.Peak;
import dae.kernel.simd.SimdBackend;
import dae.tensor.Shape;
import dae.tensor.Tensor;
import java.util.Random;
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

/// The three products of each layer at batch 128, weights packed anew in each call as in training.
/// Checked against the scalar definition on two images before it is timed.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 1,
    jvmArgsAppend = {"--add-modules", "jdk.incubator.vector", "-XX:+UseSerialGC"})
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

  /// One product with its operands.
  private static final class Product {
    final Backend backend;
    final Conv2dSpec s;
    final Pass pass;
    final int n;
    final Tensor x;
    final Tensor w;
    final Tensor y;
    final Workspace workspace;
    private long version;

    Product(Backend backend, Conv2dSpec s, Pass pass, int n) {
      this.backend = backend;
      this.s = s;
      this.pass = pass;
      this.n = n;
      Random random = new Random(1);
      x = random(s.x(), n, random);
      w = random(s.w(), 1, random);
      y = random(s.y(), n, random);
      Needs needs = backend.conv().needs(s, pass, n);
      workspace = new Workspace(floats(needs.scratch()), floats(needs.derived()), () -> version++);
    }

    private static Tensor floats(long length) {
      return Tensor.onHeap(Shape.vector((int) Math.max(1, length)), 1);
    }

    private static Tensor random(Shape shape, int n, Random random) {
      Tensor tensor = Tensor.onHeap(shape, n);
      for (int i = 0; i < tensor.floats().length; i++) {
        tensor.floats()[i] = random.nextFloat() - 0.5f;
      }
      return tensor;
    }

    Tensor run() {
      Epilogue none = Epilogue.NONE;
      return switch (pass) {
        case FORWARD -> {
          backend.conv().forward(s, n, x, w, y, Write.SET, none, workspace);
          yield y;
        }
        case BACKWARD_INPUT -> {
          backend.conv().backwardInput(s, n, y, w, x, Write.SET, none, workspace);
          yield x;
        }
        case BACKWARD_FILTER -> {
          backend.conv().backwardFilter(s, n, x, y, w, Write.SET, workspace);
          yield w;
        }
      };
    }
  }

  @Setup(Level.Trial)
  public void prepare() {
    backend = new SimdBackend(threads);
    float[] expected = new Product(new ScalarBackend(), layer.spec, pass, 2).run().floats();
    float[] got = new Product(backend, layer.spec, pass, 2).run().floats();
    for (int i = 0; i < expected.length; i++) {
      if (!(Math.abs(expected[i] - got[i]) < 1e-3)) {
        throw new IllegalStateException(
            layer + " " + pass + " at " + i + ": expected " + expected[i] + ", got " + got[i]);
      }
    }
    product = new Product(backend, layer.spec, pass, BATCH);
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
