package dae.kernel;

/// What rides on the end of a normalisation.
public enum Activation {
  /// f(z) = z
  IDENTITY,
  /// f(z) = max(z, 0)
  RELU
}
