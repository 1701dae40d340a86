package dae.bench;

import dae.kernel.Pass;
import dae.kernel.simd.SimdBackend;
import dae.product.Product;
import dae.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
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

/// What all but the convolutions costs: a training step of batch 128 over its 29 products (packing
/// and transforms included, biases left out) run one after the other, in turn in one JVM.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 2, time = 5)
@Measurement(iterations = 5, time = 3)
@Fork(
    value = 1,
    jvmArgsPrepend = {
      "--add-modules",
      "jdk.incubator.vector",
      "-XX:+UseSerialGC",
      "-XX:Tier3DelayOn=1000",
      "-XX:ObjectAlignmentInBytes=64"
    })
public class StepBench {
  private static final int BATCH = 128;

  @Param({"1", "2"})
  public int threads;

  private final ModelBench bare = new ModelBench();
  private final ModelBench.Images images = new ModelBench.Images();
  private final Rates rates = new Rates();
  private final List<Product> products = new ArrayList<>();
  private SimdBackend backend;

  @Setup(Level.Trial)
  public void prepare() {
    bare.threads = threads;
    bare.batch = BATCH;
    bare.prepare();
    backend = new SimdBackend(threads);
    long most = 0;
    for (LayerShapes layer : LayerShapes.values()) {
      for (Pass pass : layer.training()) {
        most = Math.max(most, backend.conv().needs(layer.spec, pass, BATCH).scratch());
      }
    }
    Tensor scratch = Product.floats(most);
    for (LayerShapes layer : LayerShapes.values()) {
      Product.Operands operands = Product.Operands.random(layer.spec, BATCH);
      for (Pass pass : layer.training()) {
        products.add(new Product(backend, operands, pass, scratch));
      }
    }
  }

  @Benchmark
  public void overProducts(Ratio ratio) {
    long start = System.nanoTime();
    bare.trainingStep(images, rates);
    long between = System.nanoTime();
    products.forEach(Product::run);
    ratio.count(between - start, System.nanoTime() - between);
  }

  @TearDown(Level.Trial)
  public void close() {
    bare.close();
    backend.close();
  }
}
