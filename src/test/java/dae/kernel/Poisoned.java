package dae.kernel;

import dae.tensor.Shape;
import dae.tensor.Storage;
import dae.tensor.Tensor;
import java.util.Arrays;

/// A backend whose fresh memory is full of NaN, so that whatever reads before something was written
/// shows up in the result.
public record Poisoned(Backend backend) implements Backend {
  @Override
  public Storage allocate(long floats) {
    Storage storage = backend.allocate(floats);
    float[] poison = new float[Math.toIntExact(floats)];
    Arrays.fill(poison, Float.NaN);
    backend.upload(poison, 0, Tensor.dense(storage, 0, Shape.vector(poison.length)), 1);
    return storage;
  }

  @Override
  public String kind() {
    return backend.kind();
  }

  @Override
  public String name() {
    return backend.name();
  }

  @Override
  public Turn turn() {
    return backend.turn();
  }

  @Override
  public ConvKernels conv() {
    return backend.conv();
  }

  @Override
  public ChannelKernels channel() {
    return backend.channel();
  }

  @Override
  public MapKernels map() {
    return backend.map();
  }

  @Override
  public PixelKernels pixel() {
    return backend.pixel();
  }

  @Override
  public DataKernels data() {
    return backend.data();
  }

  @Override
  public OptimiserKernels optimiser() {
    return backend.optimiser();
  }

  @Override
  public int granularity() {
    return backend.granularity();
  }

  @Override
  public long maxArena() {
    return backend.maxArena();
  }

  @Override
  public void upload(float[] from, int at, Tensor to, int n) {
    backend.upload(from, at, to, n);
  }

  @Override
  public void download(Tensor from, int n, float[] to, int at) {
    backend.download(from, n, to, at);
  }

  @Override
  public void close() {
    backend.close();
  }
}
