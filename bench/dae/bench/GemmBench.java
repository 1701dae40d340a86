package dae.bench;

import dae.kernel.Conv2dSpec;
import dae.kernel.Epilogue;
import dae.kernel.Needs;
import dae.kernel.Pass;
import dae.kernel.Workspace;
import dae.kernel.Write;
import dae.kernel.simd.Peak;
import dae.kernel.simd.SimdBackend;
import dae.tensor.Shape;
import dae.tensor.Tensor;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.ejml.concurrency.EjmlConcurrency;
import org.ejml.data.FMatrixRMaj;
import org.ejml.dense.row.CommonOps_FDRM;
import org.ejml.dense.row.CommonOps_MT_FDRM;
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

/// A plain matrix product C (M×N) = A (M×K)·B (K×N): ours as a 1×1 convolution over M pixels,
/// packing of B included, beside EJML's.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 1,
    jvmArgsAppend = {"--add-modules", "jdk.incubator.vector", "-XX:+UseSerialGC"})
public class GemmBench {
  /// M×N×K.
  @Param({"1024x1024x1024", "32768x64x864", "32768x32x288", "512x256x2304"})
  public String shape;

  @Param({"1", "2"})
  public int threads;

  private SimdBackend backend;
  private Conv2dSpec spec;
  private Tensor x;
  private Tensor w;
  private Tensor y;
  private Workspace workspace;
  private long version;
  private FMatrixRMaj a;
  private FMatrixRMaj b;
  private FMatrixRMaj c;
  private double peak;

  @Setup(Level.Trial)
  public void prepare() {
    String[] extents = shape.split("x");
    int m = Integer.parseInt(extents[0]);
    int n = Integer.parseInt(extents[1]);
    int k = Integer.parseInt(extents[2]);
    EjmlConcurrency.setMaxThreads(threads);
    backend = new SimdBackend(threads);
    spec = Conv2dSpec.same(m, 1, k, n, 1, 1);
    x = Tensor.onHeap(spec.x(), 1);
    w = Tensor.onHeap(spec.w(), 1);
    y = Tensor.onHeap(spec.y(), 1);
    Random random = new Random(1);
    for (Tensor tensor : new Tensor[] {x, w}) {
      for (int i = 0; i < tensor.floats().length; i++) {
        tensor.floats()[i] = random.nextFloat() - 0.5f;
      }
    }
    Needs needs = backend.conv().needs(spec, Pass.FORWARD, 1);
    Tensor derived = Tensor.onHeap(Shape.vector((int) needs.derived()), 1);
    workspace = new Workspace(null, derived, () -> version++);
    a = FMatrixRMaj.wrap(m, k, x.floats());
    b = FMatrixRMaj.wrap(k, n, w.floats());
    c = new FMatrixRMaj(m, n);
    simd(new Rates());
    CommonOps_FDRM.mult(a, b, c);
    for (int i = 0; i < c.data.length; i++) {
      if (!(Math.abs(c.data[i] - y.floats()[i]) < 1e-3)) {
        throw new IllegalStateException(
            shape + " at " + i + ": expected " + c.data[i] + ", got " + y.floats()[i]);
      }
    }
    peak = Peak.fusedMultiplyAdds(threads);
  }

  @Benchmark
  public Tensor simd(Rates rates) {
    rates.count(2.0 * spec.multiplyAdds(), 2.0 * spec.multiplyAdds(), peak);
    backend.conv().forward(spec, 1, x, w, y, Write.SET, Epilogue.NONE, workspace);
    return y;
  }

  @Benchmark
  public FMatrixRMaj ejml(Rates rates) {
    rates.count(2.0 * spec.multiplyAdds(), 2.0 * spec.multiplyAdds(), peak);
    if (threads == 1) {
      CommonOps_FDRM.mult(a, b, c);
    } else {
      CommonOps_MT_FDRM.mult(a, b, c);
    }
    return c;
  }

  @TearDown(Level.Trial)
  public void close() {
    backend.close();
  }
}
