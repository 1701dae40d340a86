package dae.kernel;

import dae.tensor.Tensor;

/// What happens to a product on its way to memory.
///
/// @param bias one number per output channel, added to every pixel; null for none
public record Epilogue(Tensor bias) {
  public static final Epilogue NONE = new Epilogue(null);
}
