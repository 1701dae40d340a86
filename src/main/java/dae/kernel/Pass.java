package dae.kernel;

/// The three products of a convolution.
public enum Pass {
  FORWARD,
  BACKWARD_INPUT,
  BACKWARD_FILTER
}
