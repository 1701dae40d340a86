package dae.op;

import dae.graph.Op;
import dae.graph.Step;
import dae.kernel.Epilogue;

/// An op whose forward pass is one product, with the filter and the bias as its first parameters.
sealed interface Convolution extends Op permits Conv2d, ConvTranspose2d {
  /// The product with another epilogue than the bias.
  void forward(Step s, Epilogue epilogue);
}
