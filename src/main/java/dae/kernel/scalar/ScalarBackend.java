package dae.kernel.scalar;

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

/// The definition as a backend: one thread, `float[]`.
public final class ScalarBackend implements Backend {
  private final Turn turn = new Turn();
  private final ScalarConv conv = new ScalarConv();
  private final ScalarChannel channel = new ScalarChannel();
  private final ScalarMap map = new ScalarMap();
  private final ScalarPixel pixel = new ScalarPixel();
  private final ScalarData data = new ScalarData();
  private final ScalarOptimiser optimiser = new ScalarOptimiser();

  @Override
  public String kind() {
    return "scalar";
  }

  @Override
  public String name() {
    return "scalar, 1 thread";
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

  @Override
  public int granularity() {
    return 1;
  }

  @Override
  public long maxArena() {
    return Integer.MAX_VALUE - 8;
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
  public void close() {
    turn.end(() -> {});
  }
}
