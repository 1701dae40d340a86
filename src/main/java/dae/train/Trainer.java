package dae.train;

import dae.data.Batch;
import dae.data.Batches;
import dae.data.Images;
import dae.graph.Parameters;
import dae.graph.Plan;
import dae.graph.Trace;
import dae.kernel.Backend;
import dae.model.DenoisingAutoencoder;
import dae.op.Fusion;
import dae.optim.Adam;
import dae.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/// Trains a model, epoch by epoch. Knows no files: [Run] keeps what it makes.
///
/// ```java
/// try (Trainer trainer = new Trainer(settings, data.training(), data.test(), backend)) {
///   trainer.epoch(listener, () -> false);
/// }
/// ```
public final class Trainer implements AutoCloseable {
  /// Images that a validation computes together: no slower than 128, in a third of the memory
  /// (bench/NOTES.md).
  public static final int VALIDATION_BATCH = 32;

  private final Settings settings;
  private final Images training;
  private final Backend backend;
  private final DenoisingAutoencoder model;
  private final Parameters parameters;
  private final SavedModel savedModel;
  private final Plan plan;
  private final Adam adam;
  private final Batches batches;
  private final Evaluation validation;
  private final Losses losses;
  private final Snapshot before;
  private long stepsBefore;
  private Trace trace;
  private Progress progress = new Progress(new History(), 0, 0, 0, 0);
  private Evaluation.Result result;

  /// How far a run is, beside its weights and moments.
  ///
  /// @param history the finished epochs
  /// @param batch batches of the epoch under way that are done
  /// @param lossSum over the images of these batches
  /// @param trainingSeconds spent on them
  /// @param seconds of the epoch so far, with validation
  record Progress(
      History history, int batch, double lossSum, double trainingSeconds, double seconds) {}

  /// Makes a model with fresh weights and lays out everything; nothing is allocated in a step.
  ///
  /// @param training images to learn from
  /// @param test images to validate with
  public Trainer(Settings settings, Images training, Images test, Backend backend) {
    this.settings = settings;
    this.training = limited(training, settings.limit());
    this.backend = backend;
    model = model(settings, training);
    parameters = new Parameters(model.graph().params(), backend, settings.seed());
    savedModel = new SavedModel(settings, parameters, backend);
    int capacity = Math.min(settings.batchSize(), this.training.count());
    plan =
        Plan.compile(
            model.graph(),
            List.of(model.loss()),
            parameters,
            backend,
            Plan.Mode.TRAINING,
            capacity,
            Fusion.TRAINING);
    adam = new Adam(parameters, backend);
    batches =
        new Batches(this.training, settings.batchSize(), settings.seed(), settings.recipe().flip());
    validation =
        new Evaluation(
            savedModel.parameters(),
            backend,
            settings.width(),
            settings.noise(),
            limited(test, settings.limit()),
            VALIDATION_BATCH);
    losses = new Losses(backend);
    before = new Snapshot(backend, changing());
  }

  /// What a batch with a bad loss may have changed before the loss is read: the moving statistics
  /// in any case, everything where more steps followed.
  private List<Tensor> changing() {
    List<Tensor> tensors = new ArrayList<>(List.of(parameters.statistics()));
    if (!losses.areOneByOne()) {
      tensors.add(parameters.trainable());
      tensors.addAll(adam.moments());
      if (average() != null) {
        tensors.add(average().trainable());
        tensors.add(average().statistics());
      }
    }
    return tensors;
  }

  private static DenoisingAutoencoder model(Settings settings, Images training) {
    return DenoisingAutoencoder.onPixels(
        training.height(), training.width(), settings.width(), (float) settings.noise());
  }

  /// Bytes that a trainer of the same arguments takes beside the images.
  public static long bytes(Settings settings, Images training, Images test, Backend backend) {
    DenoisingAutoencoder model = model(settings, training);
    Images seen = limited(training, settings.limit());
    long plan =
        Plan.bytes(
            model.graph(),
            List.of(model.loss()),
            backend,
            Plan.Mode.TRAINING,
            Math.min(settings.batchSize(), seen.count()),
            Fusion.TRAINING);
    long numbers = model.graph().params().stream().mapToLong(param -> param.shape().size()).sum();
    boolean average = settings.recipe().ema() > 0;
    // What is changing, where it is remembered.
    int remembered = backend.asynchronous() ? 3 + (average ? 1 : 0) : 0;
    // Weights, gradients and two moments; and all but the gradients again while a run is saved or
    // taken up.
    return (7 + SavedModel.copies(settings) + remembered) * Float.BYTES * numbers
        + plan
        + Batches.bytes(seen, settings.batchSize())
        + Evaluation.bytes(
            backend, settings.width(), limited(test, settings.limit()), VALIDATION_BATCH);
  }

  private static Images limited(Images images, int limit) {
    return limit == 0 ? images : images.first(limit);
  }

  /// Trains what is left of the current epoch and validates.
  ///
  /// @param stop asked after each batch
  /// @return the epoch's row of the history; nothing if it was stopped, and then the next call goes
  ///   on where this one ended
  /// @throws ArithmeticException naming the op, if a loss or a gradient is not finite; the weights
  ///   are those of before that batch
  public Optional<History.Row> epoch(Listener listener, BooleanSupplier stop) {
    long start = System.nanoTime();
    double before = progress.seconds();
    boolean trained = train(listener, stop);
    savedModel.update();
    if (trained && settings.recipe().bnRefresh() && epoch() + 1 == settings.epochs()) {
      plan.trace(null);
      trained = savedModel.refresh(plan, batches, listener, stop);
      plan.trace(trace);
    }
    result = trained ? validation.measure(listener::validated, stop).orElse(null) : null;
    double seconds = before + secondsSince(start);
    if (result == null) {
      progress = at(progress.batch(), progress.lossSum(), progress.trainingSeconds(), seconds);
      return Optional.empty();
    }
    History.Row row =
        new History.Row(
            epoch() + 1,
            progress.lossSum() / training.count(),
            result.denoised().mse(),
            training.count() / progress.trainingSeconds(),
            seconds);
    progress.history().add(row);
    progress = at(0, 0, 0, 0);
    return Optional.of(row);
  }

  private boolean train(Listener listener, BooleanSupplier stop) {
    long start = System.nanoTime();
    double secondsBefore = progress.trainingSeconds();
    boolean stopped = false;
    while (!stopped && progress.batch() < batches.count()) {
      stopped = train(listener, stop, progress.batch());
    }
    progress =
        at(
            progress.batch(),
            progress.lossSum(),
            secondsBefore + secondsSince(start),
            progress.seconds());
    return progress.batch() == batches.count();
  }

  /// Trains from a batch of the epoch on, until its end, a stop, or a loss that is not finite among
  /// several that were read together: then all of these batches are taken back.
  ///
  /// @return whether it was stopped
  private boolean train(Listener listener, BooleanSupplier stop, int from) {
    int epoch = epoch();
    int done = from;
    boolean stopped = false;
    losses.clear();
    try (Batches.Epoch reader = batches.epoch(epoch, from)) {
      while (!stopped && done < batches.count()) {
        step(reader.next(), epoch);
        done++;
        stopped = stop.getAsBoolean();
        boolean known = losses.areOneByOne();
        if (!known) {
          takeAverage();
        }
        if (losses.due() || stopped || done == batches.count()) {
          if (!addLosses()) {
            return false;
          }
          listener.trained(epoch, done, progress.lossSum() / images(done));
        }
        if (known) {
          takeAverage();
        }
      }
    }
    return stopped;
  }

  private void step(Batch batch, int epoch) {
    if (losses.empty()) {
      before.take();
      stepsBefore = adam.steps();
    }
    plan.feed(batch.pixels(), batch.numbers(), settings.seed(), settings.noiseEpoch(epoch));
    plan.forward(batch.size());
    plan.backward();
    // Reads the gradient, and reads and writes the weight and both moments.
    time("adam", 7, this::update);
    losses.add(plan.tensor(model.loss()));
  }

  /// Where the loss is known before the next step, only of weights that a good one has made.
  private void takeAverage() {
    if (savedModel.average() != null) {
      time("average", 3, () -> savedModel.average().take(adam.steps()));
    }
  }

  /// Reads the losses that were gathered and moves on by their batches.
  ///
  /// @return whether all were finite; if not, everything is as it was before the first of them, and
  ///   from now on each is read by itself, so that the guilty one is found
  /// @throws ArithmeticException if the only one is not
  private boolean addLosses() {
    int batch = progress.batch();
    double lossSum = progress.lossSum();
    for (float loss : losses.read()) {
      if (!Float.isFinite(loss)) {
        if (losses.areOneByOne()) {
          throw notFinite();
        }
        restore();
        losses.oneByOne();
        return false;
      }
      lossSum += (double) loss * (images(batch + 1) - images(batch));
      batch++;
    }
    progress = at(batch, lossSum, progress.trainingSeconds(), progress.seconds());
    return true;
  }

  private void restore() {
    before.restore();
    adam.rewind(stepsBefore);
    parameters.changed();
    if (average() != null) {
      average().changed();
    }
  }

  /// @param numbers that are read and written for each trainable one
  private void time(String what, int numbers, Runnable work) {
    if (trace == null) {
      work.run();
    } else {
      double bytes = (double) Float.BYTES * numbers * parameters.trainable().shape().size();
      trace.time(what, bytes, work);
    }
  }

  private void update() {
    long steps = (long) settings.epochs() * batches.count();
    double factor = settings.recipe().schedule().factor(adam.steps(), steps);
    adam.step(settings.learningRate() * factor, plan.tensor(model.loss()));
  }

  private ArithmeticException notFinite() {
    String op = plan.firstNotFinite().orElse("the loss");
    restore();
    savedModel.update();
    return new ArithmeticException(
        "training: expected finite numbers, got NaN or infinity first in "
            + op
            + " (epoch "
            + (epoch() + 1)
            + ") — start again with a lower --learning-rate than "
            + settings.learningRate());
  }

  private Progress at(int batch, double lossSum, double trainingSeconds, double seconds) {
    return new Progress(progress.history(), batch, lossSum, trainingSeconds, seconds);
  }

  private static double secondsSince(long start) {
    return (System.nanoTime() - start) / 1e9;
  }

  private int images(int batchesDone) {
    return (int) Math.min((long) batchesDone * settings.batchSize(), training.count());
  }

  /// Epochs finished, and so the number of the one under way, counted from 0.
  public int epoch() {
    return progress.history().rows().size();
  }

  /// Batches of the epoch under way that are done.
  public int batch() {
    return progress.batch();
  }

  /// Batches in an epoch.
  public int batches() {
    return batches.count();
  }

  /// The latest validation; null before the first.
  public Evaluation.Result validated() {
    return result;
  }

  /// Measures and draws with the current weights.
  public Evaluation validation() {
    return validation;
  }

  /// The weights that Adam works on.
  public Parameters parameters() {
    return parameters;
  }

  /// The weights that are validated and saved, as of the last validation or stop: those, or others
  /// made from them by [Recipe] or rounding.
  public Parameters saved() {
    return savedModel.parameters();
  }

  /// The average of the weights; null where the recipe has none.
  Parameters average() {
    return savedModel.average() == null ? null : savedModel.average().average();
  }

  /// What it was made with.
  public Settings settings() {
    return settings;
  }

  /// Times every op from now on.
  public void trace(Trace newTrace) {
    trace = newTrace;
    plan.trace(newTrace);
  }

  Adam adam() {
    return adam;
  }

  Images training() {
    return training;
  }

  Progress progress() {
    return progress;
  }

  /// Goes on where another trainer stopped; weights and moments are set by the caller.
  void resume(Progress from) {
    progress = from;
    savedModel.update();
  }

  /// Images to learn from, as far as the limit lets them in.
  public int trainingImages() {
    return training.count();
  }

  /// Images of the validation, as far as the limit lets them in.
  public int validationImages() {
    return validation.images();
  }

  /// Stops reading and forgets the memory.
  @Override
  public void close() {
    batches.close();
    validation.close();
    plan.close();
  }
}
