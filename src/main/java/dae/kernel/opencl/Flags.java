package dae.kernel.opencl;

/// What the argument `flags` of many kernels says, bit by bit; the same names stand in
/// `kernels/exp.cl`.
final class Flags {
  /// The destination is added to, not set.
  static final int ADD = 1;

  /// The product is scaled per channel.
  static final int SCALE = 2;

  /// A bias per channel is added.
  static final int BIAS = 4;

  /// Negative results become 0.
  static final int RELU = 8;

  /// Results go through the logistic function.
  static final int SIGMOID = 16;

  /// Negative results become a tenth.
  static final int LEAKY_RELU = 32;

  private Flags() {}
}
