package dae.graph;

import dae.random.Draws;
import dae.random.Streams;

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

  private static Init constant(float value) {
    return (values, seed, index) -> java.util.Arrays.fill(values, value);
  }

  /// Uniform within ±√(6 / (fanIn + fanOut)), Glorot & Bengio 2010, Keras' default.
  ///
  /// @param fanIn inputs that one output sums over
  /// @param fanOut outputs that one input reaches
  static Init glorotUniform(int fanIn, int fanOut) {
    float limit = (float) Math.sqrt(6.0 / (fanIn + fanOut));
    return (values, seed, index) -> {
      Draws draws = new Draws(seed, Streams.WEIGHTS, index, 0);
      for (int i = 0; i < values.length; i++) {
        values[i] = draws.uniform(-limit, limit);
      }
    };
  }
}
