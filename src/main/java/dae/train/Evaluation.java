package dae.train;

import dae.UserError;
import dae.data.Batch;
import dae.data.Batches;
import dae.data.Damage;
import dae.data.ImageSource;
import dae.data.Images;
import dae.graph.Parameters;
import dae.graph.Plan;
import dae.graph.PlanDraft;
import dae.kernel.Backend;
import dae.model.Denoising;
import dae.model.Loss;
import dae.model.Network;
import dae.noise.Noise;
import dae.noise.Noises;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/// Measures a model on images to which it adds noise: how far the noisy ones are from the clean
/// ones, and how far the denoised ones still are.
///
/// The noise of image i is drawn with a seed that is the same for every run, so that losses of
/// different epochs and runs compare, and a model has one MSE, at any batch size.
///
/// ```java
/// Evaluation.Draft draft = new Evaluation.Draft(network, noise, images, 128, backend);
/// long bytes = draft.bytes();
/// try (Evaluation evaluation = draft.open(parameters)) { … }
/// ```
public final class Evaluation implements AutoCloseable {
  /// Key of the noise: the bytes of "validate".
  static final long NOISE_SEED = 0x76616C6964617465L;

  private final Denoising model;
  private final Plan plan;
  private final Ensemble ensemble;
  private final Batches batches;
  private final int firstBatch;
  private final int endBatch;
  private final Images images;
  private final float[] clean;
  private final float[] noisy;
  private final float[] denoised;

  /// What was found.
  ///
  /// @param noisy of the noisy images against the clean ones
  /// @param denoised of the denoised images against the clean ones
  /// @param milliseconds an image takes, noise included, without the first batch of several, which
  ///   waits for the compiler
  public record Result(Metrics noisy, Metrics denoised, double milliseconds) {}

  /// Some of the images.
  ///
  /// @param count how many
  /// @param height of each
  /// @param width of each
  /// @param clean count × height × width × 3 values in [0, 1]; the others likewise
  public record Samples(
      int count, int height, int width, float[] clean, float[] noisy, float[] denoised) {}

  /// An evaluation that has not taken its memory yet.
  public static final class Draft {
    private final Images images;
    private final Denoising model;
    private final Batches batches;
    private final PlanDraft plan;
    private final Ensemble.Draft ensemble;
    private final int floats;
    private int rank;
    private int ranks = 1;

    /// Lays out everything.
    ///
    /// @param batchSize images that are computed together; the results do not depend on it
    public Draft(Network network, Noise noise, Images images, int batchSize, Backend backend) {
      this(network, noise, images, batchSize, backend, false);
    }

    /// The same, and says how images are denoised.
    ///
    /// @param ensemble whether in all eight orientations, for their mean, which takes eight times
    ///   as long; the images must be square then
    public Draft(
        Network network,
        Noise noise,
        Images images,
        int batchSize,
        Backend backend,
        boolean ensemble) {
      if (network.channels() != Images.CHANNELS) {
        throw new UserError(
            "network: expected one with %d channels, as the images have, got %s with %d — take another"
                .formatted(Images.CHANNELS, network.word(), network.channels()));
      }
      requirePairs(noise, images);
      this.images = images;
      int capacity = Math.min(batchSize, images.count());
      model =
          Denoising.training(
              network, noise, Loss.MEAN_SQUARED_ERROR, images.height(), images.width());
      plan = ensemble ? model.noising(backend, capacity) : model.evaluation(backend, capacity);
      this.ensemble = ensemble ? new Ensemble.Draft(network, images, capacity, backend) : null;
      Damage damage = (canvas, epoch, image) -> noise.paint(canvas, NOISE_SEED, 0, image);
      batches = Batches.sequential(images, batchSize).painted(noise.paints() ? damage : null);
      floats = Math.multiplyExact(capacity, images.bytesPerImage());
    }

    /// Makes sure that images bring along what the noise says they do.
    static void requirePairs(Noise noise, ImageSource images) {
      if (noise.ofPairs() != images.pairs()) {
        throw new UserError(
            "noise: expected %s, got %s — change --noise"
                .formatted(
                    images.pairs()
                        ? Noises.PAIRS + ", as the pictures have their own"
                        : "a kind of it, as the pictures have none of their own",
                    noise.word()));
      }
    }

    /// Has only one machine's share of the batches measured; a [GradientExchange] has the others.
    Draft shared(int which, int of) {
      rank = which;
      ranks = of;
      return this;
    }

    /// What [#open] takes besides the weights and the images.
    public long bytes() {
      long eight = ensemble == null ? 0 : ensemble.bytes();
      return plan.bytes() + eight + batches.bytes() + 3L * Float.BYTES * floats;
    }

    /// Takes the memory; nothing is allocated after that.
    ///
    /// @param parameters the weights; later changes of them are seen
    public Evaluation open(Parameters parameters) {
      return new Evaluation(this, parameters);
    }
  }

  private Evaluation(Draft draft, Parameters parameters) {
    images = draft.images;
    model = draft.model;
    plan = draft.plan.open(parameters);
    ensemble = draft.ensemble == null ? null : draft.ensemble.open(parameters);
    batches = draft.batches;
    firstBatch = (int) ((long) batches.count() * draft.rank / draft.ranks);
    endBatch = (int) ((long) batches.count() * (draft.rank + 1) / draft.ranks);
    clean = new float[draft.floats];
    noisy = new float[draft.floats];
    denoised = new float[draft.floats];
  }

  /// MSE and PSNR over all images.
  ///
  /// @param done hears how many images are done
  /// @param stop asked before each batch
  /// @return nothing if it was stopped
  public Optional<Result> measure(IntConsumer done, BooleanSupplier stop) {
    return measure(
        Metrics.of(images.height(), images.width()),
        Metrics.of(images.height(), images.width()),
        (batch, all) -> done.accept(all),
        stop);
  }

  /// The same of images that several machines share, each in its place.
  Optional<Result> measure(IntConsumer done, BooleanSupplier stop, GradientExchange exchange) {
    Optional<Result> mine = measure(done, stop);
    if (mine.isEmpty() || exchange == GradientExchange.ALONE) {
      return mine;
    }
    int count = images.count();
    int first = firstBatch * batches.size();
    int length = (int) mine.get().noisy.images();
    double[] all = new double[2 * count];
    System.arraycopy(mine.get().noisy.mses(), 0, all, first, length);
    System.arraycopy(mine.get().denoised.mses(), 0, all, count + first, length);
    exchange.gather(all);
    Metrics before = Metrics.of(images.height(), images.width());
    Metrics after = Metrics.of(images.height(), images.width());
    for (int i = 0; i < count; i++) {
      before.add(all[i]);
      after.add(all[count + i]);
    }
    return Optional.of(new Result(before, after, mine.get().milliseconds));
  }

  /// The same and SSIM.
  ///
  /// @param seen is shown all images, batch by batch; each is valid until the next
  /// @param done hears how many images are done
  public Result measureWithSsim(Consumer<Samples> seen, IntConsumer done) {
    Done both =
        (batch, all) -> {
          seen.accept(first(batch));
          done.accept(all);
        };
    return measure(
            Metrics.withSsim(images.height(), images.width()),
            Metrics.withSsim(images.height(), images.width()),
            both,
            () -> false)
        .orElseThrow();
  }

  /// Hears of each batch when it was measured.
  private interface Done {
    /// @param batch how many images it has
    /// @param all how many are done with it
    void accept(int batch, int all);
  }

  private Optional<Result> measure(Metrics before, Metrics after, Done done, BooleanSupplier stop) {
    long nanos = 0;
    int early = 0;
    try (Batches.Epoch epoch = batches.epoch(0, firstBatch)) {
      for (int b = firstBatch; b < endBatch; b++) {
        Batch batch = epoch.next();
        if (stop.getAsBoolean()) {
          return Optional.empty();
        }
        long start = System.nanoTime();
        run(batch);
        nanos += System.nanoTime() - start;
        if (after.images() == 0 && batch.size() < images.count()) {
          nanos = 0;
          early = batch.size();
        }
        before.add(clean, 0, noisy, 0, batch.size());
        after.add(clean, 0, denoised, 0, batch.size());
        done.accept(batch.size(), (int) after.images());
      }
    }
    return Optional.of(new Result(before, after, nanos / 1e6 / (after.images() - early)));
  }

  private void run(Batch batch) {
    model.feed(plan, batch.pixels(), batch.damaged(), batch.indices(), NOISE_SEED, 0);
    plan.forward(batch.size());
    plan.download(model.clean(), clean, 0);
    plan.download(model.noisy(), noisy, 0);
    if (ensemble == null) {
      plan.download(model.denoised(), denoised, 0);
    } else {
      ensemble.denoise(noisy, batch.size(), denoised);
    }
  }

  /// The first images; valid until the next measurement.
  ///
  /// @param count how many, or fewer where a batch has fewer
  public Samples samples(int count) {
    try (Batches.Epoch epoch = batches.epoch(0, 0)) {
      Batch batch = epoch.next();
      run(batch);
      return first(Math.min(count, batch.size()));
    }
  }

  /// Of the batch that was run.
  private Samples first(int count) {
    return new Samples(count, images.height(), images.width(), clean, noisy, denoised);
  }

  /// Images from everywhere in the set: neighbours may be parts of one picture.
  ///
  /// @param count how many, or all if there are fewer
  public Samples spread(int count) {
    int shown = Math.min(count, images.count());
    return at(
        IntStream.range(0, shown).map(i -> (int) ((long) i * images.count() / shown)).toArray());
  }

  /// Certain images, one after the other.
  ///
  /// @param numbers of the images in their set
  public Samples at(int... numbers) {
    int length = images.bytesPerImage();
    Samples found = samplesOf(numbers.length * length, numbers.length);
    int ran = -1;
    for (int i = 0; i < numbers.length; i++) {
      int number = numbers[i] / batches.size();
      if (number != ran) {
        try (Batches.Epoch epoch = batches.epoch(0, number)) {
          run(epoch.next());
        }
        ran = number;
      }
      int from = numbers[i] % batches.size() * length;
      System.arraycopy(clean, from, found.clean, i * length, length);
      System.arraycopy(noisy, from, found.noisy, i * length, length);
      System.arraycopy(denoised, from, found.denoised, i * length, length);
    }
    return found;
  }

  private Samples samplesOf(int floats, int count) {
    return new Samples(
        count,
        images.height(),
        images.width(),
        new float[floats],
        new float[floats],
        new float[floats]);
  }

  /// How many images are measured.
  public int images() {
    return images.count();
  }

  /// Stops reading and forgets the memory; the parameters stay.
  @Override
  public void close() {
    batches.close();
    plan.close();
    if (ensemble != null) {
      ensemble.close();
    }
  }
}
