package dae.kernel.opencl;

import static dae.kernel.opencl.Kernel.channels;
import static dae.kernel.opencl.Kernel.count;

import dae.kernel.DataKernels;
import dae.random.Key;
import dae.random.Normals;
import dae.tensor.Tensor;
import org.jocl.cl_mem;

/// What stands in front of a model, on a device, `kernels/data.cl`.
final class ClData implements DataKernels {
  private final ClContext context;
  private final Upload bytes;
  private final Upload indices;
  private final Upload levels;

  ClData(ClContext context) {
    this.context = context;
    bytes = new Upload(context);
    indices = new Upload(context);
    levels = new Upload(context);
  }

  private Kernel kernel(String name) {
    return context.kernel("data.cl", "", "data_" + name);
  }

  @Override
  public void pixels(int n, byte[] from, Tensor clean) {
    int count = count(n, clean.shape());
    bytes.begin(count).put(from, 0, count);
    Kernel kernel =
        kernel("pixels").numbers(count, channels(n, clean)).buffer(bytes.send(count)).image(clean);
    kernel.over(count);
    bytes.used();
  }

  @Override
  public void gaussian(int n, Tensor clean, Key key, float[] sigma, Tensor noisy) {
    int size = clean.shape().size();
    int blocks = Normals.blocks(size);
    Kernel kernel = kernel("gaussian").numbers(size, blocks, channels(n, clean, noisy));
    kernel = drawn(kernel, n, key).buffer(levels(n, sigma));
    kernel.image(clean).image(noisy).over(blocks, n);
    indices.used();
    levels.used();
  }

  @Override
  public void poisson(int n, Tensor clean, Key key, float peak, Tensor noisy) {
    int size = clean.shape().size();
    int blocks = Normals.blocks(size);
    Kernel kernel = kernel("poisson").numbers(size, blocks, channels(n, clean, noisy));
    kernel = drawn(kernel, n, key).number(peak);
    kernel.image(clean).image(noisy).over(blocks, n);
    indices.used();
  }

  @Override
  public void saltPepper(int n, Tensor clean, Key key, float share, Tensor noisy) {
    int pixels = clean.shape().pixels();
    int blocks = Normals.blocks(pixels);
    Kernel kernel = kernel("salt_pepper").numbers(pixels, blocks, clean.shape().c());
    kernel = drawn(kernel, n, key).number(share);
    kernel.image(clean).image(noisy).over(blocks, n);
    indices.used();
  }

  /// The arguments for random words.
  private Kernel drawn(Kernel kernel, int n, Key key) {
    kernel.numbers((int) key.seed(), (int) (key.seed() >>> 32), key.epoch(), key.stream());
    indices.begin(Integer.BYTES * n).asIntBuffer().put(key.images(), 0, n);
    return kernel.buffer(indices.send(Integer.BYTES * n));
  }

  private cl_mem levels(int n, float[] level) {
    levels.begin(Float.BYTES * n).asFloatBuffer().put(level, 0, n);
    return levels.send(Float.BYTES * n);
  }

  @Override
  public void constant(int n, float value, Tensor y) {
    int count = count(n, y.shape());
    Kernel kernel = kernel("constant").numbers(count, channels(n, y)).number(value);
    kernel.image(y).over(count);
  }

  @Override
  public void levels(int n, float[] level, Tensor y) {
    int count = count(n, y.shape());
    Kernel kernel = kernel("levels").numbers(count, y.shape().size(), channels(n, y));
    kernel.buffer(levels(n, level)).image(y).over(count);
    levels.used();
  }

  void close() {
    levels.close();
    bytes.close();
    indices.close();
  }
}
