package dae.kernel.opencl;

import dae.UserError;
import dae.kernel.Backend;
import dae.kernel.ChannelKernels;
import dae.kernel.ConvKernels;
import dae.kernel.DataKernels;
import dae.kernel.MapKernels;
import dae.kernel.OptimiserKernels;
import dae.kernel.PixelKernels;
import dae.kernel.Turn;
import dae.tensor.Shape;
import dae.tensor.Storage;
import dae.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;

/// An OpenCL device as a backend. Kernels are launched in order and run while the caller continues;
/// only reading waits. Every call of the binding happens in the [#turn].
public final class ClBackend implements Backend {
  private final Turn turn = new Turn();
  private final ClContext context;
  private final ClConv conv;
  private final ClChannel channel;
  private final ClMap map;
  private final ClPixel pixel;
  private final ClData data;
  private final ClOptimiser optimiser;
  private final Winners winners;

  /// Opens a device. Only then are drivers loaded into this process, all that the loader knows. On
  /// Linux see [SignalChaining] first.
  ///
  /// @param selector `platform.device`, a platform, or empty for the first GPU or else the first
  ///   device
  /// @param warning hears of what costs time but nothing else
  /// @throws dae.UserError if there is no such device or it fails
  public static ClBackend open(String selector, Consumer<String> warning) {
    return open(selector, new Cl(), ProgramCache.defaultFolder(), warning);
  }

  static ClBackend open(String selector, Cl cl, Path cache, Consumer<String> warning) {
    return new ClBackend(Listing.open(Devices.select(selector)), cl, cache, warning);
  }

  private ClBackend(Listing.Present device, Cl cl, Path cache, Consumer<String> warning) {
    winners = new Winners(cache, device.device());
    context = new ClContext(device, cl, new ProgramCache(cache, warning));
    conv = new ClConv(context, winners);
    channel = new ClChannel(context);
    map = new ClMap(context);
    pixel = new ClPixel(context, map);
    data = new ClData(context);
    optimiser = new ClOptimiser(context);
  }

  @Override
  public String kind() {
    return "opencl:" + context.device().selector();
  }

  @Override
  public String name() {
    return kind() + ", " + context.device().name();
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
    try (Turn _ = turn.take()) {
      return context.floats(floats);
    }
  }

  @Override
  public void free(Storage storage) {
    try (Turn _ = turn.takeToClose()) {
      ((ClStorage) storage).free(context);
    }
  }

  /// 128 bytes, what a GPU reads at once.
  @Override
  public int granularity() {
    return 32;
  }

  @Override
  public long maxArena() {
    return Math.min(context.device().bufferBytes() / Float.BYTES, Integer.MAX_VALUE - 64);
  }

  @Override
  public long memory() {
    return context.device().memoryBytes();
  }

  @Override
  public void upload(float[] from, int at, Tensor to, int n) {
    Shape shape = to.shape();
    ClStorage storage = (ClStorage) to.storage();
    try (Turn _ = turn.take()) {
      if (to.isDense()) {
        context.write(from, at, storage, to.offset(), count(shape, n));
      } else {
        context.writeRows(
            from, at, storage, to.offset(), shape.c(), (long) n * shape.pixels(), to.pitch());
      }
    }
  }

  @Override
  public void download(Tensor from, int n, float[] to, int at) {
    Shape shape = from.shape();
    ClStorage storage = (ClStorage) from.storage();
    try (Turn _ = turn.take()) {
      if (from.isDense()) {
        context.read(storage, from.offset(), count(shape, n), to, at);
      } else {
        context.readRows(
            storage, from.offset(), shape.c(), (long) n * shape.pixels(), from.pitch(), to, at);
      }
    }
  }

  private static long count(Shape shape, int n) {
    return shape.isImage() ? (long) n * shape.size() : shape.size();
  }

  @Override
  public boolean asynchronous() {
    return true;
  }

  @Override
  public void profile(boolean on) {
    try (Turn _ = turn.take()) {
      context.profile(on);
    }
  }

  @Override
  public Usage used() {
    try (Turn _ = turn.take()) {
      long[] used = context.drain();
      return new Usage(used[0], used[1]);
    }
  }

  /// Finds the fastest tile of products, and keeps them in the cache folder.
  ///
  /// @param n images of a call
  /// @param announce compiles the plans whose products are meant
  /// @param line hears the table, line by line
  public void tune(int n, Runnable announce, Consumer<String> line) {
    conv.forget();
    announce.run();
    Tuner tuner = new Tuner(this, n);
    line.accept(Tuner.header());
    profile(true);
    conv.announced((spec, pass) -> winners.put(spec, pass, n, tuner.tune(spec, pass, line)));
    profile(false);
    try {
      line.accept("kept in " + winners.save());
    } catch (IOException e) {
      throw new UserError(
          "tune: expected a cache folder that can be written to, got %s — name another with -Ddae.cache=…"
              .formatted(e),
          e);
    }
  }

  /// Measured GFLOP/s of multiply-adds in registers.
  public double multiplyAddPeak() {
    return ClPeak.multiplyAdds(this);
  }

  /// Measured GB/s of copying what no cache holds.
  public double copyPeak() {
    return ClPeak.copy(this);
  }

  ClContext context() {
    return context;
  }

  ClConv products() {
    return conv;
  }

  @Override
  public void close() {
    turn.end(() -> {
      data.close();
      context.close();
    });
  }
}
