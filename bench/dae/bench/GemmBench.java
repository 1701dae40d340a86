package dae.bench;

import dae.kernel.Conv2dSpec;
import dae.kernel.Pass;
import dae.kernel.simd.Peak;
import dae.kernel.simd.SimdBackend;
import dae.product.Product;
import dae.tensor.Tensor;
import java.util.concurrent.TimeUnit;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.openblas.global.openblas_nolapack;
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

/// A plain matrix product C (M×N) = A (M×K)·B (K×N), against EJML's and OpenBLAS'. Ours is a 1×1
/// convolution over M pixels, packing of B included. Where A lies transposed (K×M), as in a filter
/// gradient, ours is that of a 1×1 convolution over K pixels of 128 images.
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
      "--enable-native-access=ALL-UNNAMED",
      "-Dorg.bytedeco.javacpp.cachedir=target/natives"
    })
public class GemmBench {
  private static final int IMAGES = 128;

  /// M×N×K, then a T where A lies transposed.
  @Param({"1024x1024x1024", "32768x64x864", "32768x32x288", "512x256x2304", "96x288x32768T"})
  public String shape;

  @Param({"1", "2"})
  public int threads;

  private boolean transposed;
  private SimdBackend backend;
  private Product product;
  private FMatrixRMaj a;
  private FMatrixRMaj b;
  private FMatrixRMaj c;
  private double peak;

  /// The same operands in native memory.
  @State(Scope.Benchmark)
  public static class OpenBlas {
    private FloatPointer a;
    private FloatPointer b;
    private FloatPointer c;

    @Setup(Level.Trial)
    public void prepare(GemmBench gemm) {
      openblas_nolapack.blas_set_num_threads(gemm.threads);
      a = new FloatPointer(gemm.a.data);
      b = new FloatPointer(gemm.b.data);
      c = new FloatPointer(gemm.c.data.length);
      float[] got = new float[gemm.c.data.length];
      run(gemm);
      c.get(got);
      gemm.check("OpenBLAS", got);
    }

    private void run(GemmBench gemm) {
      int m = gemm.c.numRows, n = gemm.c.numCols, lda = gemm.a.numCols;
      openblas_nolapack.cblas_sgemm(
          openblas_nolapack.CblasRowMajor,
          gemm.transposed ? openblas_nolapack.CblasTrans : openblas_nolapack.CblasNoTrans,
          openblas_nolapack.CblasNoTrans,
          m,
          n,
          gemm.b.numRows,
          1,
          a,
          lda,
          b,
          n,
          0,
          c,
          n);
    }
  }

  @Setup(Level.Trial)
  public void prepare() {
    transposed = shape.endsWith("T");
    String[] extents = shape.replace("T", "").split("x");
    int m = Integer.parseInt(extents[0]);
    int n = Integer.parseInt(extents[1]);
    int k = Integer.parseInt(extents[2]);
    EjmlConcurrency.setMaxThreads(threads);
    backend = new SimdBackend(threads);
    // A filter gradient is cut into slices of images, a forward pass anywhere.
    product =
        transposed
            ? Product.random(
                backend, Conv2dSpec.same(k / IMAGES, 1, m, n, 1, 1), Pass.BACKWARD_FILTER, IMAGES)
            : Product.random(backend, Conv2dSpec.same(m, 1, k, n, 1, 1), Pass.FORWARD, 1);
    Product.Operands in = product.in();
    a = FMatrixRMaj.wrap(transposed ? k : m, transposed ? m : k, in.x().floats());
    b = FMatrixRMaj.wrap(k, n, (transposed ? in.y() : in.w()).floats());
    c = new FMatrixRMaj(m, n);
    multiply();
    check("ours", product.run().floats());
    peak = Peak.fusedMultiplyAdds(threads);
  }

  private void check(String whose, float[] got) {
    for (int i = 0; i < got.length; i++) {
      if (!(Math.abs(c.data[i] - got[i]) < 1e-3)) {
        throw new IllegalStateException(
            shape + " at " + i + ": EJML has " + c.data[i] + ", " + whose + " " + got[i]);
      }
    }
  }

  private void multiply() {
    if (transposed && threads == 1) {
      CommonOps_FDRM.multTransA(a, b, c);
    } else if (transposed) {
      CommonOps_MT_FDRM.multTransA(a, b, c);
    } else if (threads == 1) {
      CommonOps_FDRM.mult(a, b, c);
    } else {
      CommonOps_MT_FDRM.mult(a, b, c);
    }
  }

  private void count(Rates rates) {
    double flops = 2.0 * product.in().n() * product.in().s().multiplyAdds();
    rates.count(flops, flops, peak);
  }

  @Benchmark
  public Tensor simd(Rates rates) {
    count(rates);
    return product.run();
  }

  @Benchmark
  public FMatrixRMaj ejml(Rates rates) {
    count(rates);
    multiply();
    return c;
  }

  @Benchmark
  public FloatPointer openBlas(OpenBlas blas, Rates rates) {
    count(rates);
    blas.run(this);
    return blas.c;
  }

  @TearDown(Level.Trial)
  public void close() {
    backend.close();
  }
}
