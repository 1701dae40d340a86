package dae.graph;

import dae.random.Draws;
import dae.random.Streams;
import java.util.Arrays;

/// The first values of a parameter.
@FunctionalInterface
public interface Init {
  /// @param values to be filled
  /// @param seed the run's seed
  /// @param index the parameter's place in the model, so that parameters differ
  void fill(float[] values, long seed, int index);

  /// All zero: biases, β, moving means.
  static Init zeros() {
    return constant(0);
  }

  /// All one: γ, moving variances.
  static Init ones() {
    return constant(1);
  }

  /// Chooses first values of a filter.
  @FunctionalInterface
  interface OfFans {
    /// @param fanIn inputs that one output sums over
    /// @param fanOut outputs that one input reaches
    Init init(int fanIn, int fanOut);
  }

  /// All the same.
  static Init constant(float value) {
    return (values, seed, index) -> Arrays.fill(values, value);
  }

  /// Uniform within ±√(6 / (fanIn + fanOut)), Glorot & Bengio 2010, Keras' default.
  ///
  /// @param fanIn inputs that one output sums over
  /// @param fanOut outputs that one input reaches
  static Init glorotUniform(int fanIn, int fanOut) {
    return uniform(Math.sqrt(6.0 / (fanIn + fanOut)));
  }

  /// Uniform within ±1 / √fanIn, PyTorch's default. An output's mean square is a third of the
  /// inputs', or with a ReLU between them a sixth: where nothing is normalised, such small values
  /// stand high learning rates from the first step (bench/NOTES.md).
  ///
  /// @param fanIn inputs that one output sums over
  /// @param fanOut ignored
  static Init fanInUniform(int fanIn, int fanOut) {
    return uniform(1 / Math.sqrt(fanIn));
  }

  private static Init uniform(double bound) {
    float limit = (float) bound;
    return (values, seed, index) -> {
      Draws draws = new Draws(seed, Streams.WEIGHTS, index, 0);
      for (int i = 0; i < values.length; i++) {
        values[i] = draws.uniform(-limit, limit);
      }
    };
  }

  /// The same, smaller: at a residual block's last layer, so that at first the block changes
  /// little.
  default Init times(float factor) {
    return (values, seed, index) -> {
      fill(values, seed, index);
      for (int i = 0; i < values.length; i++) {
        values[i] *= factor;
      }
    };
  }
}
