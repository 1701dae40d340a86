package dae.train;

import dae.data.Batches;
import dae.graph.Parameters;
import dae.graph.Plan;
import dae.kernel.Backend;
import dae.model.Checkpoint;
import dae.model.Denoising;
import dae.optim.WeightAverage;
import java.util.function.BooleanSupplier;

/// What is validated and saved: the weights that Adam works on, or what a [Recipe] or the rounding
/// to 16 bits makes of them, in memory of its own. Training goes on as if it were not there.
final class SavedWeights implements AutoCloseable {
  private final Settings settings;
  private final Denoising model;
  private final Parameters trained;
  private final Parameters saved;
  private final WeightAverage average;
  private final Backend backend;

  /// @param model what is trained
  /// @param trained the weights that Adam works on
  SavedWeights(Settings settings, Denoising model, Parameters trained, Backend backend) {
    this.settings = settings;
    this.model = model;
    this.trained = trained;
    this.backend = backend;
    double ema = settings.recipe().ema();
    average = ema > 0 ? new WeightAverage(trained, backend, ema) : null;
    saved = differs(settings) ? trained.copy() : trained;
  }

  /// Whether what is saved is not what is trained.
  static boolean differs(Settings settings) {
    return settings.recipe().ema() > 0 || settings.recipe().bnRefresh() || settings.float16();
  }

  /// Takes the weights as they are, after they were set from elsewhere.
  void startOver() {
    if (average != null) {
      average.average().copyFrom(trained);
    }
    update();
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

  /// Estimates its statistics again, on all training images.
  ///
  /// @param plan of the training, without its trace
  /// @return whether it came to the end
  boolean refresh(Plan plan, Batches batches, Listener listener, BooleanSupplier stop) {
    int epoch = settings.steps().epochs();
    try (Batches.Epoch images = batches.epoch(epoch, 0)) {
      return new BatchStatistics(model, plan, trained, backend)
          .refresh(
              saved,
              images,
              settings.steps().seed(),
              settings.noise().epoch(epoch),
              listener::refreshed,
              stop);
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

  /// Gives its memory back.
  @Override
  public void close() {
    if (average != null) {
      average.close();
    }
    if (saved != trained) {
      saved.close();
    }
  }
}
