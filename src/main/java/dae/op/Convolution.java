package dae.op;

import dae.graph.Op;
import dae.graph.Step;
import dae.kernel.Conv2dSpec;
import dae.kernel.Epilogue;
import dae.kernel.Write;
import dae.tensor.Tensor;

/// An op whose forward pass is one product, with the filter and, if it has one, the bias as its
/// first parameters. Its backward pass takes the filter's gradient, which needs the input, before
/// the input's.
public sealed interface Convolution extends Op permits Conv2d, ConvTranspose2d {
  /// Its extents; of a transposed convolution those of the convolution that it mirrors, whose
  /// forward pass is its input gradient.
  Conv2dSpec spec();

  /// The product with an epilogue other than the bias.
  ///
  /// @param write whether it adds to the output
  void forward(Step s, Write write, Epilogue epilogue);

  /// The same layer for a place where the bias's gradient is known to be 0; the gradient memory
  /// starts as zeros and stays so.
  Convolution withoutBiasGradient();

  /// Whether it has a bias.
  default boolean hasBias() {
    return params().size() > 1;
  }

  /// The bias in a step that begins with this product; null where there is none.
  default Tensor bias(Step s) {
    return hasBias() ? s.param(1) : null;
  }

  @Override
  default boolean gradientsLast() {
    return true;
  }
}
