package dae.train;

import dae.data.Batch;
import dae.data.Batches;
import dae.graph.Parameters;
import dae.graph.Plan;
import dae.kernel.Backend;
import dae.model.Denoising;
import dae.op.BatchNorm;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;

/// Batch norm's statistics, estimated again for weights that have stopped changing (Ioffe & Szegedy
/// 2015, algorithm 2; `update_bn` in Izmailov et al. 2018; "precise batch norm" in Wu & Johnson
/// 2021).
///
/// The moving averages of training keep 99 % at each step: they mix the statistics of the weights
/// of some hundred steps. Here mean and unbiased variance are averaged over every batch of an
/// epoch, all seen by the same weights.
final class BatchStatistics {
  private final Denoising model;
  private final Plan plan;
  private final Parameters parameters;
  private final Backend backend;

  /// @param plan of the model, in training mode
  /// @param parameters the plan's own; as they were after each call
  BatchStatistics(Denoising model, Plan plan, Parameters parameters, Backend backend) {
    this.model = model;
    this.plan = plan;
    this.parameters = parameters;
    this.backend = backend;
  }

  /// Replaces the statistics of a model.
  ///
  /// @param weights are used, their statistics replaced
  /// @param images to look at
  /// @param seed of their noise
  /// @param noiseEpoch of their noise
  /// @param done hears how many images are done
  /// @param stop asked before each batch
  /// @return whether it came to the end; if not, the model is as it was
  boolean refresh(
      Parameters weights,
      Batches.Epoch images,
      long seed,
      int noiseEpoch,
      LongConsumer done,
      BooleanSupplier stop) {
    int size = parameters.statistics().shape().size();
    double[] sums = new double[size];
    float[] seen = new float[size];
    long count = 0;
    Parameters before = parameters.copy();
    try {
      parameters.copyFrom(weights);
      for (Batch batch = images.next(); batch != null; batch = images.next()) {
        if (stop.getAsBoolean()) {
          return false;
        }
        // A moving average that starts from 0 is (1 − momentum)·value after one batch.
        backend.upload(new float[size], 0, parameters.statistics(), 1);
        model.feed(
            plan,
            batch.pixels(),
            batch.damaged(),
            batch.cover(),
            batch.indices(),
            seed,
            noiseEpoch);
        plan.forward(batch.size());
        backend.download(parameters.statistics(), 1, seen, 0);
        for (int i = 0; i < size; i++) {
          sums[i] += batch.size() * (seen[i] / (1.0 - BatchNorm.MOMENTUM));
        }
        count += batch.size();
        done.accept(count);
      }
    } finally {
      parameters.copyFrom(before);
      before.close();
    }
    for (int i = 0; i < size; i++) {
      seen[i] = (float) (sums[i] / count);
    }
    backend.upload(seen, 0, weights.statistics(), 1);
    weights.changed();
    return true;
  }
}
