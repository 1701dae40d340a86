package dae.train;

import dae.data.Batches;
import dae.graph.Parameters;
import dae.graph.Plan;
import dae.kernel.Backend;
import dae.model.Checkpoint;
import dae.optim.WeightAverage;
import java.util.function.BooleanSupplier;

/// What is validated and saved: the weights that Adam works on, or what a [Recipe] or the rounding
/// to 16 bits makes of them, in memory of its own. The training goes on as if it were not there.
final class SavedModel {
  private final Settings settings;
  private final Parameters trained;
  private final Parameters saved;
  private final WeightAverage average;
  private final Backend backend;

  /// @param trained the weights that Adam works on
  SavedModel(Settings settings, Parameters trained, Backend backend) {
    this.settings = settings;
    this.trained = trained;
    this.backend = backend;
    double ema = settings.recipe().ema();
    average = ema > 0 ? new WeightAverage(trained, backend, ema) : null;
    saved = differs(settings) ? trained.copy() : trained;
  }

  private static boolean differs(Settings settings) {
    return settings.recipe().ema() > 0 || settings.recipe().bnRefresh() || settings.float16();
  }

  /// How many numbers it takes for each parameter: an average, in memory and while it is saved, and
  /// the copy.
  static int copies(Settings settings) {
    return (settings.recipe().ema() > 0 ? 2 : 0) + (differs(settings) ? 1 : 0);
  }

  /// Brings it up to date.
  void update() {
    if (saved != trained) {
      saved.copyFrom(average == null ? trained : average.average());
      if (settings.float16()) {
        Checkpoint.roundKernels(saved);
      }
    }
  }

  /// Estimates its statistics anew, on all training images.
  ///
  /// @param plan of the training, without its trace
  /// @return whether it came to the end
  boolean refresh(Plan plan, Batches batches, Listener listener, BooleanSupplier stop) {
    int noiseEpoch = settings.noiseEpoch(settings.epochs());
    try (Batches.Epoch images = batches.epoch(settings.epochs(), 0)) {
      return new BatchStatistics(plan, trained, backend)
          .refresh(saved, images, settings.seed(), noiseEpoch, listener::refreshed, stop);
    }
  }

  /// The average of the weights; null where the recipe has none.
  WeightAverage average() {
    return average;
  }

  /// As of the last [#update] or [#refresh].
  Parameters parameters() {
    return saved;
  }
}
