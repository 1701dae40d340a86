package dae.kernel;

import dae.tensor.Storage;
import dae.tensor.Tensor;

/// A machine that can run a plan: the three kernel families and the memory they work on.
public interface Backend extends AutoCloseable {
  /// For people, for example `simd, 512-bit lanes, 2 threads`.
  String name();

  ConvKernels conv();

  ChannelKernels channel();

  PointwiseKernels pointwise();

  /// Zeroed floats.
  Storage allocate(long floats);

  /// Slots start at multiples of this many floats.
  int granularity();

  /// The most floats that one [#allocate] can give.
  long maxArena();

  /// Copies n images, or the one filter, vector or scalar, from `from[at…]` (contiguous) into the
  /// tensor.
  void upload(float[] from, int at, Tensor to, int n);

  /// The reverse of [#upload].
  void download(Tensor from, int n, float[] to, int at);

  @Override
  void close();
}
