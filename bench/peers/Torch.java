package peers;

import dae.kernel.Activation;
import dae.kernel.Conv2dSpec;
import dae.op.BatchNorm;
import dae.optim.Adam;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AdamOptions;
import org.bytedeco.pytorch.InferenceMode;
import org.bytedeco.pytorch.Optimizer;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import peers.Weights.Numbers;

/// PyTorch's library. Plain is NCHW; tuned is channels-last, with activations and sums in place.
///
/// It pads both ends alike, where Keras pads a strided 3×3 convolution at the end only. With images
/// and filters mirrored both ways the products are the same: tap k of Keras' window at 2i lands on
/// tap 2 − k of the mirrored window at 2j − 1, and no window reaches the other end's padding. So no
/// padding of its own is needed, and the errors must still agree with ours.
final class Torch implements Contender.Built, Layers<Tensor> {
  private static final long[] ONE = {1, 1};

  private final Task task;
  private final Weights weights;

  /// Holds for this thread as long as it exists.
  private final InferenceMode withoutGradients;

  private final Map<String, Tensor> tensors = new LinkedHashMap<>();
  private final Scalar slope = new Scalar(Activation.SLOPE);
  private final ScalarOptional zero = new ScalarOptional(new Scalar(0f));
  private final ScalarOptional one = new ScalarOptional(new Scalar(1f));
  private final Tensor clean;
  private final Tensor noisy;
  private final Optimizer adam;
  private int step;
  private Tensor result;

  Torch(Task task, Weights weights, Images images) {
    this.task = task;
    this.weights = weights;
    withoutGradients = task.training() ? null : new InferenceMode();
    torch.set_num_threads(task.threads());
    Images planes = images.planes(true);
    long[] shape = {images.batch(), Images.CHANNELS, images.side(), images.side()};
    clean = tensor(planes.clean(), shape);
    noisy = tensor(planes.noisy(), shape);
    weights.all().forEach((name, numbers) -> tensors.put(name, tensor(numbers)));
    adam = task.training() ? adam() : null;
  }

  private Tensor tensor(Numbers numbers) {
    Numbers planes = numbers.shape().length == 4 ? numbers.planes(true) : numbers;
    return tensor(planes.values(), planes.longShape());
  }

  private Tensor tensor(float[] values, long... shape) {
    Tensor tensor = torch.from_blob(new FloatPointer(values), shape).clone();
    return task.tuned() && shape.length == 4
        ? tensor.contiguous(torch.MemoryFormat.ChannelsLast)
        : tensor;
  }

  private Optimizer adam() {
    TensorVector trainable = new TensorVector();
    for (String name : weights.learnt(task.tuned())) {
      trainable.push_back(tensors.get(name).requires_grad_(true));
    }
    return new org.bytedeco.pytorch.Adam(trainable, new AdamOptions(1e-3));
  }

  /// Keras adds ε to √v, PyTorch to √(v/(1 − β₂ᵗ)): the same where its ε is larger by that root.
  private void epsilon() {
    double root = Math.sqrt(1 - Math.pow(Adam.DEFAULT_BETA_2, ++step));
    new AdamOptions(adam.param_groups().get(0).options()).eps().put(Adam.EPSILON / root);
  }

  @Override
  public void run() {
    PointerScope temporaries = new PointerScope();
    Tensor last = denoise(weights, task.training(), noisy);
    if (task.training()) {
      adam.zero_grad();
      last = torch.mse_loss(last, clean);
      last.backward();
      epsilon();
      adam.step();
    }
    if (result != null) {
      result.close();
    }
    result = last.detach();
    result.retainReference();
    temporaries.close();
  }

  @Override
  public Tensor conv(String name, Tensor x, Conv2dSpec spec) {
    Tensor w = tensors.get(name + "/kernel");
    return torch.conv2d(x, w, bias(name), pair(spec.stride()), pair(padding(spec)), ONE, 1);
  }

  @Override
  public Tensor convTranspose(String name, Tensor x, Conv2dSpec mirror) {
    Tensor w = tensors.get(name + "/kernel");
    int pad = padding(mirror);
    int more = 2 * pad - Layers.padding(mirror);
    return torch.conv_transpose2d(
        x, w, bias(name), pair(mirror.stride()), pair(pad), pair(more), 1, ONE);
  }

  /// Keras' larger half, which is in front of mirrored images.
  private static int padding(Conv2dSpec spec) {
    return Layers.padding(spec) - spec.padTop();
  }

  private static long[] pair(long number) {
    return new long[] {number, number};
  }

  private TensorOptional bias(String name) {
    return new TensorOptional(tensors.get(name + "/bias"));
  }

  @Override
  public Tensor batchNorm(String name, Tensor x) {
    return torch.batch_norm(
        x,
        new TensorOptional(tensors.get(name + "/gamma")),
        new TensorOptional(tensors.get(name + "/beta")),
        new TensorOptional(tensors.get(name + "/moving_mean")),
        new TensorOptional(tensors.get(name + "/moving_variance")),
        task.training(),
        1 - BatchNorm.MOMENTUM,
        BatchNorm.EPSILON,
        false);
  }

  @Override
  public Tensor relu(Tensor x) {
    return task.tuned() ? torch.relu_(x) : torch.relu(x);
  }

  @Override
  public Tensor leakyRelu(Tensor x) {
    return task.tuned() ? torch.leaky_relu_(x, slope) : torch.leaky_relu(x, slope);
  }

  @Override
  public Tensor concat(Tensor a, Tensor b) {
    return torch.cat(new TensorVector(a, b), 1);
  }

  @Override
  public Tensor slice(Tensor x, int from, int channels) {
    return x.narrow(1, from, channels);
  }

  @Override
  public Tensor blend(Tensor x, Tensor mask, Tensor change) {
    return torch.addcmul(x, mask, change);
  }

  @Override
  public Tensor add(Tensor a, Tensor b) {
    return task.tuned() ? a.add_(b) : a.add(b);
  }

  @Override
  public Tensor clip(Tensor x) {
    return task.tuned() ? torch.clamp_(x, zero, one) : torch.clamp(x, zero, one);
  }

  @Override
  public Tensor sigmoid(Tensor x) {
    return torch.sigmoid(x);
  }

  @Override
  public double error() {
    return task.training() ? result.item_double() : torch.mse_loss(result, clean).item_double();
  }

  @Override
  public long parameters() {
    return tensors.values().stream().mapToLong(Tensor::numel).sum();
  }
}
