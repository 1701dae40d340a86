package dae.bench;

import dae.kernel.Backend;
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

/// A family of kernels that wait for memory, at batch 128 on the largest tensors that the model
/// gives them. Checked against the scalar definition on two images before they are timed.
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
public abstract class MemoryBound {
  private static final int BATCH = 128;

  /// The largest feature map: batch norm and ReLU work on it.
  static final Shape MAP = Shape.image(32, 32, 32);

  static final Shape IMAGE = Shape.image(32, 32, 3);

  @Param({"1", "2"})
  public int threads;

  private Backend backend;
  private Operands operands;
  private double copy;

  /// What the chosen kernel works on.
  abstract Shape shape();

  /// How many bytes it must move for each element.
  abstract int bytes();

  /// Calls it.
  abstract void run(Operands o);

  /// A kernel's operands in a backend's memory, values from 0 to 1: squares must not be negative.
  static final class Operands {
    final Backend backend;
    final int n;
    final Random random = new Random(1);
    final Tensor a;
    final Tensor b;
    final Tensor mask;
    final Tensor out;
    final Tensor moment;
    final Tensor square;
    final Tensor mean = random(Shape.vector(MAP.c()), 1);
    final Tensor r = random(Shape.vector(MAP.c()), 1);
    final Tensor gamma = random(Shape.vector(MAP.c()), 1);
    final Tensor beta = random(Shape.vector(MAP.c()), 1);
    final Tensor first = random(Shape.vector(MAP.c()), 1);
    final Tensor second = random(Shape.vector(MAP.c()), 1);
    final Tensor loss = random(Shape.scalar(), 1);
    final int[] images;
    final byte[] pixels;

    Operands(Backend backend, Shape shape, int n) {
      this.backend = backend;
      this.n = n;
      a = random(shape, n);
      b = random(shape, n);
      mask = random(shape.isImage() ? Shape.image(shape.h(), shape.w(), 1) : shape, n);
      out = random(shape, n);
      moment = random(shape, n);
      square = random(shape, n);
      images = random.ints(n, 0, 50_000).toArray();
      pixels = new byte[n * IMAGE.size()];
      random.nextBytes(pixels);
      backend.channel().prepare(MAP, n);
    }

    private Tensor random(Shape shape, int n) {
      Tensor tensor = Tensor.onHeap(shape, shape.isImage() ? n : 1);
      for (int i = 0; i < tensor.floats().length; i++) {
        tensor.floats()[i] = random.nextFloat();
      }
      return tensor;
    }

    /// Everything that a kernel may have written.
    Tensor[] written() {
      return new Tensor[] {out, moment, square, first, second, loss};
    }
  }

  private Tensor[] once(Backend backend) {
    Operands few = new Operands(backend, shape(), 2);
    run(few);
    return few.written();
  }

  @Setup(Level.Trial)
  public void prepare() {
    backend = new SimdBackend(threads);
    Tensor[] expected = once(new ScalarBackend());
    Tensor[] got = once(backend);
    for (int t = 0; t < got.length; t++) {
      for (int i = 0; i < got[t].floats().length; i++) {
        float e = expected[t].floats()[i];
        float g = got[t].floats()[i];
        if (!(Math.abs(e - g) <= 1e-5 * Math.max(1, Math.abs(e)))) {
          throw new IllegalStateException(
              getClass().getSimpleName() + " at " + i + ": expected " + e + ", got " + g);
        }
      }
    }
    operands = new Operands(backend, shape(), BATCH);
    copy = Peak.copy(threads);
  }

  @Benchmark
  public Tensor kernel(Bandwidth bandwidth) {
    double elements = operands.out.floats().length;
    bandwidth.count(elements * bytes(), copy);
    run(operands);
    return operands.out;
  }

  @TearDown(Level.Trial)
  public void close() {
    backend.close();
  }
}
