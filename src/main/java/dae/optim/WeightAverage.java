package dae.optim;

import dae.file.Stateful;
import dae.file.Tensors;
import dae.graph.Parameters;
import dae.kernel.Backend;
import dae.kernel.Turn;

/// **Exponential moving average of the weights** (after Polyak & Juditsky 1992; in TensorFlow
/// `ExponentialMovingAverage`).
///
/// *In words.* Near a minimum the weights of single steps scatter around it; their mean is closer
/// to it than almost any of them.
///
/// After step t = 1, 2, 3 …
///
///     d = min(decay, (1 + t)/(10 + t))
///     w̄ ← d·w̄ + (1 − d)·w = (w̄ − w)·d + w
///
/// where the fraction lets the first steps, from random weights, be forgotten soon. Batch norm's
/// moving statistics belong to the weights that made them and are averaged in the same way.
public final class WeightAverage implements Stateful, AutoCloseable {
  private static final String NAME = "average/";

  private final Parameters weights;
  private final Parameters average;
  private final Backend backend;
  private final double decay;

  /// @param weights what to average; the average starts from them
  /// @param decay the share that the average keeps at each step, 0 to 1
  public WeightAverage(Parameters weights, Backend backend, double decay) {
    this.weights = weights;
    this.average = weights.copy();
    this.backend = backend;
    this.decay = decay;
  }

  /// Takes in the weights after step t.
  public void take(long t) {
    float d = (float) Math.min(decay, (1.0 + t) / (10.0 + t));
    try (Turn _ = backend.turn().take()) {
      backend.optimiser().average(average.trainable(), weights.trainable(), d);
      backend.optimiser().average(average.statistics(), weights.statistics(), d);
    }
    average.changed();
  }

  /// The average, in memory of its own.
  public Parameters average() {
    return average;
  }

  @Override
  public void save(Tensors to) {
    average.save(to.under(NAME));
  }

  @Override
  public void restore(Tensors from) {
    average.restore(from.under(NAME));
  }

  /// Gives the average's memory back.
  @Override
  public void close() {
    average.close();
  }
}
