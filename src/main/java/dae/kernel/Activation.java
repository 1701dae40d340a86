package dae.kernel;

/// What rides on the end of a product or a normalisation.
public enum Activation {
  /// f(z) = z
  IDENTITY,
  /// f(z) = max(z, 0)
  RELU,
  /// f(z) = 1 / (1 + exp(−z)) with [Exp]; of products that are set, not of normalisations
  SIGMOID
}
