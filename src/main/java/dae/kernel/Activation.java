package dae.kernel;

/// What rides on the end of a product or, the first two alone, of a normalisation.
public enum Activation {
  /// f(z) = z
  IDENTITY,
  /// f(z) = max(z, 0)
  RELU,
  /// f(z) = z where z > 0, else [#SLOPE]·z
  LEAKY_RELU,
  /// f(z) = 1 / (1 + exp(−z)) with [Exp]; of products that are set
  SIGMOID;

  /// Of [#LEAKY_RELU], left of 0.
  public static final float SLOPE = 0.1f;
}
