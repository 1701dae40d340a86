package dae.kernel.opencl;

import dae.kernel.Activation;
import dae.kernel.ChannelKernels;
import dae.kernel.Norm;
import dae.kernel.Write;
import dae.tensor.Shape;
import dae.tensor.Tensor;

/// Per-channel reductions and maps on a device, `kernels/channel.cl`.
final class ClChannel implements ChannelKernels {

  /// Channels and lines of a reducing work-group.
  private static final int CHANNELS = 32;

  private static final int LINES = 8;

  /// A chunk has at least this many pixels, and there are at most this many chunks.
  private static final int CHUNK = 64;

  private static final int MOST_CHUNKS = 512;

  /// Lines of groups that map; each walks the pixels in fixed strides. A GPU has no more than
  /// 65,535 groups in this direction.
  private static final int MOST_LINES = 8192;

  private static final String OPTIONS = "-DCHANNELS=%d -DLINES=%d".formatted(CHANNELS, LINES);

  private final ClContext context;

  /// First stages' results, two families of sums.
  private ClStorage parts;

  private ClStorage moreParts;

  ClChannel(ClContext context) {
    this.context = context;
  }

  @Override
  public void prepare(Shape x, int capacity) {
    long wanted = (long) wantedChunks(capacity * x.pixels()) * x.c();
    if (parts == null || parts.length() < wanted) {
      if (parts != null) {
        context.free(parts.buffer());
        context.free(moreParts.buffer());
      }
      parts = context.floats(wanted);
      moreParts = context.floats(wanted);
    }
  }

  /// Chunks of up to M pixels: fewer pixels may make more chunks, by rounding, but never more than
  /// this.
  static int wantedChunks(int M) {
    return Math.min(Math.ceilDiv(M, CHUNK), MOST_CHUNKS);
  }

  private static int chunk(int M) {
    return Math.max(CHUNK, Math.ceilDiv(Math.ceilDiv(M, MOST_CHUNKS), LINES) * LINES);
  }

  static int chunks(int M) {
    return Math.ceilDiv(M, chunk(M));
  }

  private Kernel kernel(String name) {
    return context.kernel("channel.cl", OPTIONS, "channel_" + name);
  }

  /// One item per channel, walking the pixels in fixed strides.
  private static void map(Kernel kernel, int C, int M) {
    int lines = Math.min(Math.ceilDiv(M, LINES), MOST_LINES);
    kernel.groups(new long[] {Math.ceilDiv(C, CHANNELS), lines}, CHANNELS, LINES);
  }

  private void reduce(Kernel kernel, int C, int chunks) {
    kernel.groups(new long[] {Math.ceilDiv(C, CHANNELS), chunks}, CHANNELS, LINES);
  }

  /// A normalisation's four vectors.
  private static Kernel vectors(Kernel kernel, Norm norm) {
    return kernel.vector(norm.mean()).vector(norm.r()).vector(norm.gamma()).vector(norm.beta());
  }

  private static int relu(Activation f) {
    return f == Activation.RELU ? Flags.RELU : 0;
  }

  @Override
  public void moments(int n, Tensor x, Tensor mean, Tensor variance) {
    int M = n * x.shape().pixels(), C = x.shape().c();
    Kernel kernel = momentsOfChunks("moments", x, M, C).vector(mean).vector(variance);
    reduce(kernel, C, 1);
  }

  /// Launches the first stage of the moments, and begins the second with what both have in common.
  private Kernel momentsOfChunks(String name, Tensor x, int M, int C) {
    Kernel first = kernel("moments_parts").numbers(M, C, chunk(M)).image(x);
    reduce(first.buffer(parts).buffer(moreParts), C, chunks(M));
    return kernel(name).numbers(M, C, chunk(M), chunks(M)).buffer(parts).buffer(moreParts);
  }

  @Override
  public void statistics(
      int n,
      Tensor x,
      float epsilon,
      float momentum,
      Norm norm,
      Tensor variance,
      Tensor movingMean,
      Tensor movingVariance) {
    int M = n * x.shape().pixels(), C = x.shape().c();
    Kernel kernel = momentsOfChunks("statistics", x, M, C).number(epsilon).number(momentum);
    kernel.vector(norm.mean()).vector(variance).vector(norm.r());
    kernel.vector(movingMean).vector(movingVariance);
    reduce(kernel, C, 1);
  }

  @Override
  public void inverseDeviation(Tensor variance, float epsilon, Tensor r) {
    int C = r.shape().c();
    kernel("inverse_deviation").numbers(C).number(epsilon).vector(variance).vector(r).over(C);
  }

  @Override
  public void movingAverage(Tensor average, Tensor value, float momentum, float correction) {
    int C = average.shape().c();
    Kernel kernel = kernel("moving_average").numbers(C).number(momentum).number(correction);
    kernel.vector(average).vector(value).over(C);
  }

  @Override
  public void fold(Norm norm, Tensor bias, Tensor scale, Tensor shift) {
    int C = scale.shape().c();
    Kernel kernel = vectors(kernel("fold").numbers(C), norm);
    kernel.vector(bias).vector(scale).vector(shift).over(C);
  }

  @Override
  public void normalize(int n, Tensor x, Norm norm, Tensor y) {
    int M = n * x.shape().pixels(), C = x.shape().c();
    Kernel kernel = kernel("normalize").numbers(M, C, relu(norm.f())).image(x);
    map(vectors(kernel, norm).image(y), C, M);
  }

  @Override
  public void normalizeGradients(
      int n, Tensor x, Norm norm, Tensor dy, Tensor dgamma, Tensor dbeta) {
    int M = n * x.shape().pixels(), C = x.shape().c();
    Kernel first = kernel("normalize_gradients_parts").numbers(M, C, chunk(M), relu(norm.f()));
    vectors(first.image(x), norm).image(dy);
    reduce(first.buffer(parts).buffer(moreParts), C, chunks(M));
    Kernel second = kernel("normalize_gradients").numbers(C, chunks(M));
    reduce(second.buffer(parts).buffer(moreParts).vector(dgamma).vector(dbeta), C, 1);
  }

  @Override
  public void normalizeBackward(
      int n, Tensor x, Norm norm, Tensor dy, Tensor dgamma, Tensor dbeta, Tensor dx, Write write) {
    int M = n * x.shape().pixels(), C = x.shape().c();
    int flags = relu(norm.f()) + (write == Write.ADD ? Flags.ADD : 0);
    Kernel kernel = kernel("normalize_backward").numbers(M, C, flags).number(1f / M);
    vectors(kernel.image(x), norm).image(dy);
    map(kernel.vector(dgamma).vector(dbeta).image(dx), C, M);
  }

  @Override
  public void sum(int n, Tensor x, Tensor sum) {
    int M = n * x.shape().pixels(), C = x.shape().c();
    reduce(kernel("sum_parts").numbers(M, C, chunk(M)).image(x).buffer(parts), C, chunks(M));
    reduce(kernel("sum").numbers(C, chunks(M)).buffer(parts).vector(sum), C, 1);
  }
}
