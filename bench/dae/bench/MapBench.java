package dae.bench;

import dae.kernel.MapKernels;
import dae.kernel.Write;
import dae.tensor.Shape;
import org.openjdk.jmh.annotations.Param;

/// ReLUs, sum and copy on 32 channels of 32×32 pixels, sigmoid, clip and the losses on images.
public class MapBench extends MemoryBound {
  /// A kernel and how many bytes it must move for each element.
  public enum Kernel {
    RELU(MAP, 8),
    RELU_BACKWARD(MAP, 12),
    LEAKY_RELU(MAP, 8),
    LEAKY_RELU_BACKWARD(MAP, 12),
    ADD(MAP, 12),
    CLIP(IMAGE, 8),
    COPY(MAP, 8),
    SIGMOID(IMAGE, 8),
    SIGMOID_BACKWARD(IMAGE, 12),
    SQUARED_ERROR(IMAGE, 8),
    SQUARED_ERROR_BACKWARD(IMAGE, 12),
    CROSS_ENTROPY(IMAGE, 8),
    CROSS_ENTROPY_BACKWARD(IMAGE, 12);

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
    MapKernels map = o.backend.map();
    switch (kernel) {
      case RELU -> map.relu(o.n, o.a, o.out);
      case RELU_BACKWARD -> map.reluBackward(o.n, o.a, o.b, o.out, Write.SET);
      case LEAKY_RELU -> map.leakyRelu(o.n, o.a, o.out);
      case LEAKY_RELU_BACKWARD -> map.leakyReluBackward(o.n, o.a, o.b, o.out, Write.SET);
      case ADD -> map.add(o.n, o.a, o.b, o.out);
      case CLIP -> map.clip(o.n, o.a, o.out);
      case COPY -> map.copy(o.n, o.a, o.out, Write.SET);
      case SIGMOID -> map.sigmoid(o.n, o.a, o.out);
      case SIGMOID_BACKWARD -> map.sigmoidBackward(o.n, o.a, o.b, o.out, Write.SET);
      case SQUARED_ERROR -> map.meanSquaredError(o.n, o.a, o.b, o.loss);
      case SQUARED_ERROR_BACKWARD -> map.meanSquaredErrorBackward(o.n, o.a, o.b, o.out, Write.SET);
      case CROSS_ENTROPY -> map.crossEntropy(o.n, o.a, o.b, o.loss, Write.SET);
      case CROSS_ENTROPY_BACKWARD -> map.crossEntropyBackward(o.n, o.a, o.b, o.out, Write.SET);
    }
  }
}
