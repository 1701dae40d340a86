package peers;

import org.bytedeco.javacpp.BoolPointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.InferenceMode;
import org.bytedeco.pytorch.LongArrayRefOptional;
import org.bytedeco.pytorch.T_TensorTensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.MemoryFormat;

/// PyTorch's library, what its autograd calls. Plain is NCHW; tuned is channels-last.
final class TorchProduct implements Contender {
  private static final long[] ZERO = {0, 0};
  private static final long[] ONE = {1, 1};

  private final Factors factors;
  private final MemoryFormat format;

  /// Holds for this thread as long as it exists.
  private final InferenceMode withoutGradients = new InferenceMode();

  private final Tensor x;
  private final Tensor w;
  private final Tensor y;
  private Tensor result;

  TorchProduct(Task task, Factors factors) {
    this.factors = factors;
    torch.set_num_threads(task.threads());
    format = task.tuned() ? MemoryFormat.ChannelsLast : MemoryFormat.Contiguous;
    Convolution s = factors.shape();
    x = images(factors.x(), s);
    y = images(factors.y(), s);
    w = tensor(factors.w(), 3, 3, s.c(), s.c()).permute(3, 2, 0, 1).contiguous(format);
  }

  private Tensor images(float[] values, Convolution s) {
    return tensor(values, s.n(), s.h(), s.w(), s.c()).permute(0, 3, 1, 2).contiguous(format);
  }

  private static Tensor tensor(float[] values, long... shape) {
    return torch.from_blob(new FloatPointer(values), shape).clone();
  }

  @Override
  public void run() {
    PointerScope temporaries = new PointerScope();
    Tensor last =
        switch (factors.pass()) {
          case FORWARD -> torch.conv2d(x, w, new TensorOptional(), ONE, ONE, ONE, 1);
          case BACKWARD_INPUT -> gradients(true, false).get0();
          case BACKWARD_FILTER -> gradients(false, true).get1();
        };
    if (result != null) {
      result.close();
    }
    result = last.detach();
    result.retainReference();
    temporaries.close();
  }

  private T_TensorTensorTensor_T gradients(boolean input, boolean filter) {
    BoolPointer mask = new BoolPointer(3).put(0, input).put(1, filter).put(2, false);
    LongArrayRefOptional noBias = new LongArrayRefOptional();
    return torch.convolution_backward(y, x, w, noBias, ONE, ONE, ONE, false, ZERO, 1, mask);
  }

  @Override
  public double error() {
    Tensor ours =
        switch (factors.pass()) {
          case FORWARD, BACKWARD_INPUT -> result.permute(0, 2, 3, 1);
          case BACKWARD_FILTER -> result.permute(2, 3, 1, 0);
        };
    float[] got = new float[(int) ours.numel()];
    new FloatPointer(ours.contiguous().data_ptr()).get(got);
    return factors.distance(got);
  }
}
