package dae.kernel.opencl;

import dae.kernel.PointwiseKernels;
import dae.kernel.Write;
import dae.random.Normals;
import dae.tensor.Shape;
import dae.tensor.Tensor;

/// Maps from number to number on a device, `kernels/pointwise.cl`.
final class ClPointwise implements PointwiseKernels {
  private static final int GROUP = 256;
  private static final String OPTIONS = "-DGROUP=" + GROUP;

  /// Squared errors are summed by at most so many groups.
  private static final int MOST_PARTS = 1024;

  private final ClContext context;
  private final Upload bytes;
  private final Upload numbers;
  private ClStorage parts;

  ClPointwise(ClContext context) {
    this.context = context;
    bytes = new Upload(context);
    numbers = new Upload(context);
  }

  private Kernel kernel(String name) {
    return context.kernel("pointwise.cl", OPTIONS, "pointwise_" + name);
  }

  private static int add(Write write) {
    return write == Write.ADD ? Flags.ADD : 0;
  }

  private static int count(int n, Shape shape) {
    return shape.isImage() ? n * shape.size() : shape.size();
  }

  /// Numbers of a pixel; all of them, where pixels follow without a gap.
  private static int channels(int n, Tensor... tensors) {
    for (Tensor tensor : tensors) {
      if (!tensor.isDense()) {
        return tensor.shape().c();
      }
    }
    return count(n, tensors[0].shape());
  }

  /// A kernel that begins with (count, C).
  private Kernel map(String name, int n, Tensor... tensors) {
    return kernel(name).numbers(count(n, tensors[0].shape()), channels(n, tensors));
  }

  @Override
  public void relu(int n, Tensor x, Tensor y) {
    map("relu", n, x, y).image(x).image(y).over(count(n, x.shape()));
  }

  @Override
  public void reluBackward(int n, Tensor y, Tensor dy, Tensor dx, Write write) {
    Kernel kernel = map("relu_backward", n, y, dy, dx).numbers(add(write));
    kernel.image(y).image(dy).image(dx).over(count(n, y.shape()));
  }

  @Override
  public void sigmoid(int n, Tensor x, Tensor y) {
    map("sigmoid", n, x, y).image(x).image(y).over(count(n, x.shape()));
  }

  @Override
  public void sigmoidBackward(int n, Tensor y, Tensor dy, Tensor dx, Write write) {
    Kernel kernel = map("sigmoid_backward", n, y, dy, dx).numbers(add(write));
    kernel.image(y).image(dy).image(dx).over(count(n, y.shape()));
  }

  @Override
  public void copy(int n, Tensor x, Tensor y, Write write) {
    Kernel kernel = map("copy", n, x, y).numbers(add(write));
    kernel.image(x).image(y).over(count(n, x.shape()));
  }

  @Override
  public void meanSquaredError(int n, Tensor prediction, Tensor target, Tensor loss) {
    int count = count(n, prediction.shape());
    int run = Math.ceilDiv(count, GROUP * MOST_PARTS);
    int groups = Math.ceilDiv(count, GROUP * run);
    if (parts == null) {
      parts = context.floats(MOST_PARTS);
    }
    Kernel first = map("squared_error_parts", n, prediction, target).numbers(run);
    first.image(prediction).image(target).buffer(parts).groups(new long[] {groups}, GROUP);
    Kernel second = kernel("mean_squared_error").numbers(groups).number((float) count);
    second.buffer(parts).vector(loss).groups(new long[] {1}, GROUP);
  }

  @Override
  public void meanSquaredErrorBackward(
      int n, Tensor prediction, Tensor target, Tensor dPrediction, Write write) {
    int count = count(n, prediction.shape());
    Kernel kernel =
        map("mean_squared_error_backward", n, prediction, target, dPrediction).numbers(add(write));
    kernel.number((float) (2 / (double) count));
    kernel.image(prediction).image(target).image(dPrediction).over(count);
  }

  @Override
  public void pixels(int n, byte[] from, Tensor clean) {
    int count = count(n, clean.shape());
    bytes.begin(count).put(from, 0, count);
    Kernel kernel = map("pixels", n, clean).buffer(bytes.send(count)).image(clean);
    kernel.over(count);
    bytes.used();
  }

  @Override
  public void noise(
      int n, Tensor clean, long seed, int epoch, int[] images, float sigma, Tensor noisy) {
    int size = clean.shape().size();
    int blocks = Normals.blocks(size);
    numbers.begin(Integer.BYTES * n).asIntBuffer().put(images, 0, n);
    Kernel kernel = kernel("noise").numbers(size, blocks, channels(n, clean, noisy));
    kernel.numbers((int) seed, (int) (seed >>> 32), epoch).number(sigma);
    kernel.buffer(numbers.send(Integer.BYTES * n)).image(clean).image(noisy).over(blocks, n);
    numbers.used();
  }

  @Override
  public void guard(Tensor gradients, Tensor loss) {
    int count = gradients.shape().size();
    kernel("guard").numbers(count).vector(gradients).vector(loss).over(count);
  }

  @Override
  public void adam(
      Tensor w,
      Tensor g,
      Tensor m,
      Tensor v,
      float rate,
      float beta1,
      float beta2,
      float epsilon,
      Tensor loss) {
    int count = w.shape().size();
    Kernel kernel = kernel("adam").numbers(count).number(rate).number(beta1).number(beta2);
    kernel.number(epsilon).vector(w).vector(g).vector(m).vector(v).vector(loss).over(count);
    // The end of a step: some drivers begin only when they are told to.
    context.flush();
  }

  @Override
  public void average(Tensor average, Tensor value, float keep) {
    int count = average.shape().size();
    kernel("average").numbers(count).number(keep).vector(average).vector(value).over(count);
  }

  void close() {
    bytes.close();
    numbers.close();
  }
}
