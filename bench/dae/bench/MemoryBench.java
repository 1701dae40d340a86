package dae.bench;

import dae.kernel.Activation;
import dae.kernel.Backend;
import dae.kernel.ChannelKernels;
import dae.kernel.PointwiseKernels;
import dae.kernel.Write;
import dae.kernel.scalar.ScalarBackend;
import dae.kernel.simd.Peak;
import dae.kernel.simd.SimdBackend;
import dae.tensor.Shape;
import dae.tensor.Tensor;
import java.util.Arrays;
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

/// The kernels that wait for memory, at batch 128 on the largest tensors that the model gives them:
/// batch norm and ReLU on 32 channels of 32×32 pixels, images, and all filters of the model for
/// Adam. Checked against the scalar definition on two images before they are timed.
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
      "-XX:ObjectAlignmentInBytes=64"
    })
public class MemoryBench {
  private static final int BATCH = 128;
  private static final Shape MAP = Shape.image(32, 32, 32);
  private static final Shape IMAGE = Shape.image(32, 32, 3);
  private static final Shape FILTERS =
      Shape.vector(
          Arrays.stream(LayerShapes.values()).mapToInt(layer -> layer.spec.w().size()).sum());

  /// A kernel and how many bytes it must move for each number.
  public enum Kernel {
    MOMENTS(MAP, 4),
    NORMALIZE_RELU(MAP, 8),
    NORMALIZE_RELU_GRADIENTS(MAP, 8),
    NORMALIZE_RELU_BACKWARD(MAP, 12),
    SUM(MAP, 4),
    RELU(MAP, 8),
    RELU_BACKWARD(MAP, 12),
    COPY(MAP, 8),
    SIGMOID(IMAGE, 8),
    SIGMOID_BACKWARD(IMAGE, 12),
    SQUARED_ERROR(IMAGE, 8),
    SQUARED_ERROR_BACKWARD(IMAGE, 12),
    PIXELS(IMAGE, 5),
    NOISE(IMAGE, 8),
    GUARD(FILTERS, 4),
    ADAM(FILTERS, 28),
    AVERAGE(FILTERS, 12);

    final Shape shape;
    final int bytes;

    Kernel(Shape shape, int bytes) {
      this.shape = shape;
      this.bytes = bytes;
    }
  }

  @Param public Kernel kernel;

  @Param({"1", "2"})
  public int threads;

  private Backend backend;
  private Call call;
  private double copy;

  /// One kernel with its operands.
  private static final class Call {
    final Backend backend;
    final Kernel kernel;
    final int n;
    final Random random = new Random(1);
    final Tensor a;
    final Tensor b;
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

    Call(Backend backend, Kernel kernel, int n) {
      this.backend = backend;
      this.kernel = kernel;
      this.n = n;
      a = random(kernel.shape, n);
      b = random(kernel.shape, n);
      out = random(kernel.shape, n);
      moment = random(kernel.shape, n);
      square = random(kernel.shape, n);
      images = random.ints(n, 0, 50_000).toArray();
      pixels = new byte[n * IMAGE.size()];
      random.nextBytes(pixels);
      backend.channel().prepare(MAP, n);
    }

    /// From 0 to 1: squares must not be negative.
    private Tensor random(Shape shape, int n) {
      Tensor tensor = Tensor.onHeap(shape, shape.isImage() ? n : 1);
      for (int i = 0; i < tensor.floats().length; i++) {
        tensor.floats()[i] = random.nextFloat();
      }
      return tensor;
    }

    Tensor run() {
      ChannelKernels channel = backend.channel();
      PointwiseKernels point = backend.pointwise();
      Activation relu = Activation.RELU;
      switch (kernel) {
        case MOMENTS -> channel.moments(n, a, first, second);
        case NORMALIZE_RELU -> channel.normalize(n, a, mean, r, gamma, beta, relu, out);
        case NORMALIZE_RELU_GRADIENTS ->
            channel.normalizeGradients(n, a, mean, r, gamma, beta, relu, b, first, second);
        case NORMALIZE_RELU_BACKWARD ->
            channel.normalizeBackward(
                n, a, mean, r, gamma, beta, relu, b, first, second, out, Write.SET);
        case SUM -> channel.sum(n, a, first);
        case RELU -> point.relu(n, a, out);
        case RELU_BACKWARD -> point.reluBackward(n, a, b, out, Write.SET);
        case COPY -> point.copy(n, a, out, Write.SET);
        case SIGMOID -> point.sigmoid(n, a, out);
        case SIGMOID_BACKWARD -> point.sigmoidBackward(n, a, b, out, Write.SET);
        case SQUARED_ERROR -> point.meanSquaredError(n, a, b, loss);
        case SQUARED_ERROR_BACKWARD -> point.meanSquaredErrorBackward(n, a, b, out, Write.SET);
        case PIXELS -> point.pixels(n, pixels, out);
        case NOISE -> point.noise(n, a, 1, 1, images, 0.1f, out);
        case GUARD -> point.guard(a, loss);
        case AVERAGE -> point.average(out, a, 0.999f);
        case ADAM -> point.adam(out, a, moment, square, 1e-3f, 0.9f, 0.999f, 1e-7f, loss);
      }
      return out;
    }

    /// Everything that a kernel may have written.
    Tensor[] written() {
      run();
      return new Tensor[] {out, moment, square, first, second, loss};
    }
  }

  @Setup(Level.Trial)
  public void prepare() {
    backend = new SimdBackend(threads);
    Tensor[] expected = new Call(new ScalarBackend(), kernel, 2).written();
    Tensor[] got = new Call(backend, kernel, 2).written();
    for (int t = 0; t < got.length; t++) {
      for (int i = 0; i < got[t].floats().length; i++) {
        float e = expected[t].floats()[i];
        float g = got[t].floats()[i];
        if (!(Math.abs(e - g) <= 1e-5 * Math.max(1, Math.abs(e)))) {
          throw new IllegalStateException(kernel + " at " + i + ": expected " + e + ", got " + g);
        }
      }
    }
    call = new Call(backend, kernel, BATCH);
    copy = Peak.copy(threads);
  }

  @Benchmark
  public Tensor kernel(Bandwidth bandwidth) {
    double numbers = call.out.floats().length;
    bandwidth.count(numbers * kernel.bytes, copy);
    return call.run();
  }

  @TearDown(Level.Trial)
  public void close() {
    backend.close();
  }
}
