package dae.kernel;

import dae.tensor.Storage;
import dae.tensor.Tensor;
import java.util.function.IntConsumer;

/// A machine that can run a plan: the families of kernels and the memory they work on.
///
/// Several threads may share one. Whoever calls kernels takes the backend's [#turn] first, as
/// [dae.graph.Plan] and the optimisers do, so that calls exclude each other; memory may be taken,
/// given back and copied at any time.
public interface Backend extends AutoCloseable {
  /// What it is opened with: `scalar`, `simd`, `opencl:<platform>.<device>`. A run remembers its
  /// backend by it.
  String kind();

  /// For people, for example `simd, 512-bit lanes, 2 threads`.
  String name();

  /// To be taken by whoever calls kernels; always the same.
  Turn turn();

  ConvKernels conv();

  ChannelKernels channel();

  MapKernels map();

  PixelKernels pixel();

  DataKernels data();

  OptimiserKernels optimiser();

  /// Zeroed floats.
  Storage allocate(long floats);

  /// Takes back memory that nobody will use again.
  default void free(Storage storage) {}

  /// Slots start at multiples of this many floats, counted from [#origin].
  int granularity();

  /// Floats to leave free at the start of a storage, so that what follows begins where the hardware
  /// likes it.
  default int origin() {
    return 0;
  }

  /// The most floats that one [#allocate] can give.
  long maxArena();

  /// Copies n images, or the one filter, vector or scalar, from `from[at…]` (contiguous) into the
  /// tensor.
  void upload(float[] from, int at, Tensor to, int n);

  /// The reverse of [#upload].
  void download(Tensor from, int n, float[] to, int at);

  /// Pixels of a map that a kernel computes together, in each direction: only a part of an image
  /// that starts at a multiple of it, on every map of a network, has the bits of the whole.
  default int block() {
    return 1;
  }

  /// Bytes that all storages together may take; 0 where that is the Java heap's business.
  default long memory() {
    return 0;
  }

  /// Runs work of the caller's own in pieces, on as many threads as kernels run on, and returns
  /// when the last one is done.
  ///
  /// @param work takes the number of a piece; pieces write to disjoint memory
  default void each(int pieces, IntConsumer work) {
    for (int piece = 0; piece < pieces; piece++) {
      work.accept(piece);
    }
  }

  /// Whether kernels run while the caller continues, so that a [#download] waits for all of them.
  default boolean asynchronous() {
    return false;
  }

  /// What a device did.
  ///
  /// @param nanos that it was busy
  /// @param launches of kernels
  record Usage(long nanos, long launches) {}

  /// Whether an asynchronous backend times its kernels from now on.
  default void profile(boolean on) {}

  /// What was done since the last call, all of which it waits for; null where nothing is
  /// asynchronous.
  default Usage used() {
    return null;
  }

  @Override
  void close();
}
