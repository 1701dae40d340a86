package dae.bench;

import dae.kernel.Activation;
import dae.kernel.ChannelKernels;
import dae.kernel.Norm;
import dae.kernel.Write;
import dae.tensor.Shape;
import org.openjdk.jmh.annotations.Param;

/// Batch norm with ReLU, and the sum that is a bias' gradient, on 32 channels of 32×32 pixels.
public class ChannelBench extends MemoryBound {
  /// A kernel and how many bytes it must move for each element.
  public enum Kernel {
    MOMENTS(MAP, 4),
    NORMALIZE_RELU(MAP, 8),
    NORMALIZE_RELU_GRADIENTS(MAP, 8),
    NORMALIZE_RELU_BACKWARD(MAP, 12),
    SUM(MAP, 4);

    final Shape shape;
    final int bytes;

    Kernel(Shape shape, int bytes) {
      this.shape = shape;
      this.bytes = bytes;
    }
  }

  @Param public Kernel kernel;

  @Override
  Shape shape() {
    return kernel.shape;
  }

  @Override
  int bytes() {
    return kernel.bytes;
  }

  @Override
  void run(Operands o) {
    ChannelKernels channel = o.backend.channel();
    Norm norm = new Norm(o.mean, o.r, o.gamma, o.beta, Activation.RELU);
    switch (kernel) {
      case MOMENTS -> channel.moments(o.n, o.a, o.first, o.second);
      case NORMALIZE_RELU -> channel.normalize(o.n, o.a, norm, o.out);
      case NORMALIZE_RELU_GRADIENTS ->
          channel.normalizeGradients(o.n, o.a, norm, o.b, o.first, o.second);
      case NORMALIZE_RELU_BACKWARD ->
          channel.normalizeBackward(o.n, o.a, norm, o.b, o.first, o.second, o.out, Write.SET);
      case SUM -> channel.sum(o.n, o.a, o.first);
    }
  }
}
