package dae.kernel.simd;

import dae.kernel.Backend;
import dae.kernel.ChannelKernels;
import dae.kernel.ConvKernels;
import dae.kernel.DataKernels;
import dae.kernel.MapKernels;
import dae.kernel.OptimiserKernels;
import dae.kernel.PixelKernels;
import dae.kernel.Turn;
import dae.tensor.HeapCopy;
import dae.tensor.Storage;
import dae.tensor.Tensor;
import java.util.function.IntConsumer;

/// The Vector API as a backend. The lane width is the machine's widest, or what the system property
/// `dae.lanes` says (128, 256, 512).
public final class SimdBackend implements Backend {
  /// An array's elements start 16 bytes behind a cache line, where objects are aligned to one
  /// (`-XX:ObjectAlignmentInBytes=64`); a vector that straddles two lines costs two accesses.
  static final int ORIGIN = 12;

  private final Turn turn = new Turn();
  private final Workers workers;
  private final SimdConv conv;
  private final SimdChannel channel;
  private final SimdMap map;
  private final SimdPixel pixel;
  private final SimdData data;
  private final SimdOptimiser optimiser;

  /// @param threads how many threads work on a kernel, the caller included
  public SimdBackend(int threads) {
    workers = new Workers(threads);
    map = new SimdMap(workers);
    pixel = new SimdPixel(workers);
    conv = new SimdConv(workers, map);
    channel = new SimdChannel(workers);
    data = new SimdData(workers);
    optimiser = new SimdOptimiser(workers);
  }

  @Override
  public String kind() {
    return "simd";
  }

  @Override
  public String name() {
    return "simd, "
        + laneBits()
        + "-bit lanes, "
        + workers.count()
        + (workers.count() == 1 ? " thread" : " threads");
  }

  /// Width of a vector in bits.
  public static int laneBits() {
    return Lanes.F.vectorBitSize();
  }

  @Override
  public Turn turn() {
    return turn;
  }

  @Override
  public ConvKernels conv() {
    return conv;
  }

  @Override
  public ChannelKernels channel() {
    return channel;
  }

  @Override
  public MapKernels map() {
    return map;
  }

  @Override
  public PixelKernels pixel() {
    return pixel;
  }

  @Override
  public DataKernels data() {
    return data;
  }

  @Override
  public OptimiserKernels optimiser() {
    return optimiser;
  }

  @Override
  public Storage allocate(long floats) {
    turn.requireOpen();
    return new Storage.Heap(new float[Math.toIntExact(floats)]);
  }

  @Override
  public void free(Storage storage) {
    ((Storage.Heap) storage).free();
  }

  /// A cache line.
  @Override
  public int granularity() {
    return 16;
  }

  @Override
  public int origin() {
    return ORIGIN;
  }

  /// Those of Winograd's minimal filtering.
  @Override
  public int block() {
    return Winograd4.STEP;
  }

  @Override
  public long maxArena() {
    return Integer.MAX_VALUE - 64;
  }

  @Override
  public void upload(float[] from, int at, Tensor to, int n) {
    turn.requireOpen();
    HeapCopy.upload(from, at, to, n);
  }

  @Override
  public void download(Tensor from, int n, float[] to, int at) {
    turn.requireOpen();
    HeapCopy.download(from, n, to, at);
  }

  @Override
  public void each(int pieces, IntConsumer work) {
    try (Turn _ = turn.take()) {
      workers.run(pieces, (piece, _) -> work.accept(piece));
    }
  }

  @Override
  public void close() {
    turn.end(workers::close);
  }
}
