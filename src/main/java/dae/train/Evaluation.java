package dae.train;

import dae.data.Batch;
import dae.data.Batches;
import dae.data.Images;
import dae.graph.Parameters;
import dae.graph.Plan;
import dae.graph.Value;
import dae.kernel.Backend;
import dae.model.DenoisingAutoencoder;
import dae.op.Fusion;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;

/// Measures a model on images to which it adds noise: how far the noisy ones are from the clean
/// ones, and how far the denoised ones still are.
///
/// The noise of image i is drawn with a seed that is the same for every run, so that losses of
/// different epochs and runs compare, and a model has one MSE, at any batch size.
public final class Evaluation implements AutoCloseable {
  /// Key of the noise: the bytes of "validate".
  private static final long NOISE_SEED = 0x76616C6964617465L;

  private final DenoisingAutoencoder model;
  private final Plan plan;
  private final Batches batches;
  private final Images images;
  private final float[] clean;
  private final float[] noisy;
  private final float[] denoised;

  /// What was found.
  ///
  /// @param noisy of the noisy images against the clean ones
  /// @param denoised of the denoised images against the clean ones
  public record Result(Metrics noisy, Metrics denoised) {}

  /// Lays out everything; nothing is allocated after that.
  ///
  /// @param parameters the weights; later changes of them are seen
  /// @param width of the model
  /// @param noise standard deviation, in units of the full range
  /// @param batchSize images that are computed together; the results do not depend on it
  public Evaluation(
      Parameters parameters,
      Backend backend,
      int width,
      double noise,
      Images images,
      int batchSize) {
    this.images = images;
    model = DenoisingAutoencoder.onPixels(images.height(), images.width(), width, (float) noise);
    int capacity = Math.min(batchSize, images.count());
    plan =
        Plan.compile(
            model.graph(),
            roots(model),
            parameters,
            backend,
            Plan.Mode.INFERENCE,
            capacity,
            Fusion.INFERENCE);
    batches = Batches.sequential(images, batchSize);
    clean = new float[capacity * images.bytesPerImage()];
    noisy = new float[clean.length];
    denoised = new float[clean.length];
  }

  private static List<Value> roots(DenoisingAutoencoder model) {
    return List.of(model.clean(), model.noisy(), model.denoised());
  }

  /// Bytes that an evaluation takes beside the weights and the images.
  ///
  /// @param width of the model
  public static long bytes(Backend backend, int width, Images images, int batchSize) {
    DenoisingAutoencoder model =
        DenoisingAutoencoder.onPixels(images.height(), images.width(), width, 0);
    int capacity = Math.min(batchSize, images.count());
    return Plan.bytes(
            model.graph(), roots(model), backend, Plan.Mode.INFERENCE, capacity, Fusion.INFERENCE)
        + 3L * Float.BYTES * capacity * images.bytesPerImage()
        + Batches.bytes(images, batchSize);
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
        done,
        stop);
  }

  /// The same and SSIM.
  public Optional<Result> measureWithSsim(IntConsumer done, BooleanSupplier stop) {
    return measure(
        Metrics.withSsim(images.height(), images.width()),
        Metrics.withSsim(images.height(), images.width()),
        done,
        stop);
  }

  private Optional<Result> measure(
      Metrics before, Metrics after, IntConsumer done, BooleanSupplier stop) {
    try (Batches.Epoch epoch = batches.epoch(0, 0)) {
      for (Batch batch = epoch.next(); batch != null; batch = epoch.next()) {
        if (stop.getAsBoolean()) {
          return Optional.empty();
        }
        run(batch);
        before.add(clean, 0, noisy, 0, batch.size());
        after.add(clean, 0, denoised, 0, batch.size());
        done.accept((int) after.images());
      }
    }
    return Optional.of(new Result(before, after));
  }

  private void run(Batch batch) {
    plan.feed(batch.pixels(), batch.numbers(), NOISE_SEED, 0);
    plan.forward(batch.size());
    plan.download(model.clean(), clean, 0);
    plan.download(model.noisy(), noisy, 0);
    plan.download(model.denoised(), denoised, 0);
  }

  /// The article's figure of the first images: original, noisy, denoised.
  ///
  /// @param count how many images, or fewer where there are fewer
  public BufferedImage figure(int count) {
    try (Batches.Epoch epoch = batches.epoch(0, 0)) {
      Batch batch = epoch.next();
      run(batch);
      int shown = Math.min(count, batch.size());
      return Figure.of(clean, noisy, denoised, shown, images.height(), images.width());
    }
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
  }
}
