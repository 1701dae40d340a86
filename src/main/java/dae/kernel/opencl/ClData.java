package dae.kernel.opencl;

import static dae.kernel.opencl.Kernel.channels;
import static dae.kernel.opencl.Kernel.count;

import dae.kernel.DataKernels;
import dae.random.Normals;
import dae.tensor.Tensor;

/// What stands in front of a model, on a device, `kernels/data.cl`.
final class ClData implements DataKernels {
  private final ClContext context;
  private final Upload bytes;
  private final Upload indices;

  ClData(ClContext context) {
    this.context = context;
    bytes = new Upload(context);
    indices = new Upload(context);
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
  public void noise(
      int n, Tensor clean, long seed, int epoch, int[] images, float sigma, Tensor noisy) {
    int size = clean.shape().size();
    int blocks = Normals.blocks(size);
    indices.begin(Integer.BYTES * n).asIntBuffer().put(images, 0, n);
    Kernel kernel = kernel("noise").numbers(size, blocks, channels(n, clean, noisy));
    kernel.numbers((int) seed, (int) (seed >>> 32), epoch).number(sigma);
    kernel.buffer(indices.send(Integer.BYTES * n)).image(clean).image(noisy).over(blocks, n);
    indices.used();
  }

  @Override
  public void constant(int n, float value, Tensor y) {
    int count = count(n, y.shape());
    Kernel kernel = kernel("constant").numbers(count, channels(n, y)).number(value);
    kernel.image(y).over(count);
  }

  void close() {
    bytes.close();
    indices.close();
  }
}
