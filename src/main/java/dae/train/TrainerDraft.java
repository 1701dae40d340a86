package dae.train;

import dae.UserError;
import dae.data.Batches;
import dae.data.Damage;
import dae.data.ImageSource;
import dae.data.Images;
import dae.graph.PlanDraft;
import dae.kernel.Backend;
import dae.model.Denoising;
import dae.model.Losses;
import dae.model.Network;
import dae.noise.Noise;
import dae.noise.Noises;

/// A [Trainer] that has not taken its memory yet: asked first, then opened.
public final class TrainerDraft {
  /// Images that a validation computes together: no slower than 128, in a third of the memory
  /// (bench/NOTES.md).
  public static final int VALIDATION_BATCH = 32;

  final Settings settings;
  final ImageSource training;
  final Backend backend;
  final Denoising model;
  final PlanDraft plan;
  final Batches batches;
  final Evaluation.Draft validation;

  /// Lays out everything.
  ///
  /// @param training images to learn from
  /// @param test images to validate with
  public TrainerDraft(Settings settings, ImageSource training, Images test, Backend backend) {
    this(settings, training, test, backend, 0);
  }

  /// The same for one of the machines that share each batch.
  ///
  /// @param rank which of the settings' workers, from 0
  public TrainerDraft(
      Settings settings, ImageSource training, Images test, Backend backend, int rank) {
    this.settings = settings;
    int limit = settings.data().limit();
    this.training = limit == 0 ? training : training.first(limit);
    this.backend = backend;
    Network network = settings.model();
    Noise noise = Noises.named(settings.noise().word());
    Evaluation.Draft.requirePairs(noise, training);
    requireMultiple(network, training);
    int batchSize = settings.steps().batchSize();
    model =
        Denoising.training(
            network,
            noise,
            Losses.named(settings.recipe().loss()),
            training.height(),
            training.width());
    Recipe recipe = settings.recipe();
    Damage damage =
        (canvas, epoch, image) ->
            noise.paint(canvas, settings.steps().seed(), settings.noise().epoch(epoch), image);
    batches =
        new Batches(this.training, batchSize, settings.steps().seed(), recipe.flip(), recipe.turn())
            .painted(noise.paints() ? damage : null)
            .covered(model.covered() != null)
            .shared(rank, settings.steps().workers());
    plan = model.training(backend, batches.capacity());
    validation =
        new Evaluation.Draft(
                network, noise, limit == 0 ? test : test.first(limit), VALIDATION_BATCH, backend)
            .shared(rank, settings.steps().workers());
  }

  private static void requireMultiple(Network network, ImageSource images) {
    int multiple = network.multiple();
    if (images.height() % multiple != 0 || images.width() % multiple != 0) {
      throw new UserError(
          "train: expected images whose sides are multiples of %d, as %s needs, got %d×%d — change"
                  .formatted(multiple, network.word(), images.width(), images.height())
              + " --patch");
    }
  }

  private long values() {
    return model.graph().params().stream().mapToLong(param -> param.shape().size()).sum();
  }

  /// What has been saved and waits for the collector.
  public long garbage() {
    return Float.BYTES * values() * 7;
  }

  /// What [#open] takes besides the images, with what saving a run takes for a while.
  public long bytes() {
    long values = values();
    boolean averages = settings.recipe().ema() > 0;
    // Weights, gradients and two moments; and all but the gradients again while a run is saved.
    int copies = 7;
    copies += averages ? 2 : 0;
    // What an exchange sends, and what it gets.
    copies += settings.steps().workers() > 1 ? 2 : 0;
    copies += SavedWeights.differs(settings) ? 1 : 0;
    // What a StepGuard remembers where several steps may have to be taken back.
    copies += backend.asynchronous() ? 3 + (averages ? 1 : 0) : 0;
    return Float.BYTES * values * copies + plan.bytes() + batches.bytes() + validation.bytes();
  }

  /// Takes the memory; nothing is allocated in a step.
  public Trainer open() {
    return open(GradientExchange.ALONE);
  }

  /// The same with other machines.
  ///
  /// @param exchange what they found is taken in through it
  public Trainer open(GradientExchange exchange) {
    return new Trainer(this, exchange);
  }
}
