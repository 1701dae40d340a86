package dae.kernel.opencl;

import static dae.kernel.opencl.Kernel.channels;
import static dae.kernel.opencl.Kernel.count;

import dae.kernel.MapKernels;
import dae.kernel.Write;
import dae.tensor.Tensor;

/// Maps, element by element, on a device, `kernels/map.cl`.
final class ClMap implements MapKernels {
  static final int GROUP = 256;
  static final String OPTIONS = "-DGROUP=" + GROUP;

  /// Errors are summed by at most this many groups.
  static final int MOST_PARTS = 1024;

  private final ClContext context;
  private ClStorage parts;

  ClMap(ClContext context) {
    this.context = context;
  }

  private Kernel kernel(String name) {
    return context.kernel("map.cl", OPTIONS, "map_" + name);
  }

  static int add(Write write) {
    return write == Write.ADD ? Flags.ADD : 0;
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
  public void leakyRelu(int n, Tensor x, Tensor y) {
    map("leaky_relu", n, x, y).image(x).image(y).over(count(n, x.shape()));
  }

  @Override
  public void leakyReluBackward(int n, Tensor y, Tensor dy, Tensor dx, Write write) {
    Kernel kernel = map("leaky_relu_backward", n, y, dy, dx).numbers(add(write));
    kernel.image(y).image(dy).image(dx).over(count(n, y.shape()));
  }

  @Override
  public void add(int n, Tensor a, Tensor b, Tensor y) {
    map("add", n, a, b, y).image(a).image(b).image(y).over(count(n, a.shape()));
  }

  @Override
  public void clip(int n, Tensor x, Tensor y) {
    map("clip", n, x, y).image(x).image(y).over(count(n, x.shape()));
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
    parts("squared_error_parts", n, prediction, target);
    mean(groups(count), count, loss, Write.SET);
  }

  /// The first stage of a loss, the sums of some elements each.
  private void parts(String name, int n, Tensor prediction, Tensor target) {
    int count = count(n, prediction.shape());
    Kernel kernel = map(name, n, prediction, target).numbers(run(count));
    kernel.image(prediction).image(target).buffer(parts());
    kernel.groups(new long[] {groups(count)}, GROUP);
  }

  /// How many terms each work-item of a first stage sums up.
  static int run(int count) {
    return Math.ceilDiv(count, GROUP * MOST_PARTS);
  }

  /// How many parts a first stage makes.
  static int groups(int count) {
    return Math.ceilDiv(count, GROUP * run(count));
  }

  /// Where first stages put what they sum up.
  ClStorage parts() {
    if (parts == null) {
      parts = context.floats(MOST_PARTS);
    }
    return parts;
  }

  /// The second stage of a loss: the sum of the parts, divided. Sets loss or adds to it.
  void mean(int groups, float divisor, Tensor loss, Write write) {
    Kernel kernel = kernel("mean").numbers(groups, add(write)).number(divisor);
    kernel.buffer(parts()).vector(loss).groups(new long[] {1}, GROUP);
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
  public void crossEntropy(int n, Tensor logits, Tensor target, Tensor loss, Write write) {
    int count = count(n, logits.shape());
    parts("cross_entropy_parts", n, logits, target);
    mean(groups(count), count, loss, write);
  }

  @Override
  public void crossEntropyBackward(
      int n, Tensor logits, Tensor target, Tensor dLogits, Write write) {
    int count = count(n, logits.shape());
    Kernel kernel = map("cross_entropy_backward", n, logits, target, dLogits).numbers(add(write));
    kernel.number((float) (1 / (double) count));
    kernel.image(logits).image(target).image(dLogits).over(count);
  }
}
