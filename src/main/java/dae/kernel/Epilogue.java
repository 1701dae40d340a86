package dae.kernel;

import dae.tensor.Tensor;

/// What happens to a product on its way to memory: `f(scale·product + bias)`, per output channel.
///
/// @param scale one value per output channel; null for 1
/// @param bias one value per output channel; null for 0
/// @param f activation
public record Epilogue(Tensor scale, Tensor bias, Activation f) {
  public static final Epilogue NONE = bias(null);

  /// A bias and nothing else.
  public static Epilogue bias(Tensor bias) {
    return new Epilogue(null, bias, Activation.IDENTITY);
  }
}
