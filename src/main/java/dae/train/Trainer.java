package dae.train;

import dae.data.Batch;
import dae.data.Batches;
import dae.data.ImageSource;
import dae.data.Images;
import dae.file.Stateful;
import dae.file.Tensors;
import dae.graph.Parameters;
import dae.graph.Plan;
import dae.graph.Trace;
import dae.kernel.Backend;
import dae.model.Checkpoint;
import dae.model.Denoising;
import dae.optim.Adam;
import dae.tensor.Tensor;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/// Trains a model, epoch by epoch. Knows no files: [Run] keeps what it makes.
///
/// ```java
/// try (Trainer trainer = new Trainer(settings, data.training(), data.test(), backend)) {
///   trainer.epoch(listener, () -> false);
/// }
/// ```
public final class Trainer implements Stateful, AutoCloseable {
  private final Settings settings;
  private final ImageSource training;
  private final Denoising model;
  private final Parameters parameters;
  private final SavedWeights savedWeights;
  private final Plan plan;
  private final Tensor loss;
  private final Adam adam;
  private final StepGuard guard;
  private final GradientExchange exchange;
  private final Batches batches;
  private final Evaluation validation;
  private final Progress progress;
  private Trace trace;
  private long epochSince;
  private long trainingSince;
  private Evaluation.Result result;

  /// A trainer with fresh weights.
  ///
  /// @param training images to learn from
  /// @param test images to validate with
  public Trainer(Settings settings, ImageSource training, Images test, Backend backend) {
    this(new TrainerDraft(settings, training, test, backend), GradientExchange.ALONE);
  }

  /// @param exchange what other machines found is taken in through it
  Trainer(TrainerDraft draft, GradientExchange exchange) {
    this.exchange = exchange;
    settings = draft.settings;
    training = draft.training;
    model = draft.model;
    batches = draft.batches;
    parameters = new Parameters(model.graph().params(), draft.backend, settings.steps().seed());
    savedWeights = new SavedWeights(settings, model, parameters, draft.backend);
    plan = draft.plan.open(parameters);
    loss = plan.tensor(model.loss());
    adam = new Adam(parameters, draft.backend, settings.recipe().beta2());
    validation = draft.validation.open(savedWeights.parameters());
    guard = new StepGuard(draft.backend, plan, parameters, adam, savedWeights.average());
    progress = new Progress(batches.count());
  }

  /// Trains what is left of the current epoch and validates.
  ///
  /// @param stop asked after each batch
  /// @return the epoch's row of the history; nothing if it was stopped, and then the next call goes
  ///   on where this one ended
  /// @throws Diverged naming the op, if a loss or a gradient is not finite; the weights are those
  ///   from before that batch
  public Optional<History.Row> epoch(Listener listener, BooleanSupplier stop) {
    return epoch(listener, stop, Pause.NEVER);
  }

  /// @param pause asked after each batch; what is taken then is what a stop would leave
  Optional<History.Row> epoch(Listener listener, BooleanSupplier stop, Pause pause) {
    epochSince = System.nanoTime();
    result = null;
    try {
      boolean complete = train(listener, stop, pause);
      savedWeights.update();
      if (complete && settings.recipe().bnRefresh() && epoch() + 1 == settings.steps().epochs()) {
        plan.trace(null);
        try {
          complete = savedWeights.refresh(plan, batches, listener, stop);
        } finally {
          plan.trace(trace);
        }
      }
      result =
          complete ? validation.measure(listener::validated, stop, exchange).orElse(null) : null;
    } catch (Diverged e) {
      savedWeights.update();
      throw e;
    }
    progress.spent(secondsSince(epochSince));
    return Optional.ofNullable(result)
        .map(found -> progress.finish(training.count(), found.denoised().mse()));
  }

  /// The steps of an epoch, from the batch where it stands.
  ///
  /// @return whether it came to the epoch's end
  private boolean train(Listener listener, BooleanSupplier stop, Pause pause) {
    trainingSince = System.nanoTime();
    int epoch = epoch();
    int done = progress.batch();
    boolean stopped = false;
    guard.clear();
    try {
      Batches.Epoch reader = batches.epoch(epoch, done);
      while (!stopped && done < batches.count()) {
        Batch batch = reader.next();
        guard.begin();
        if (batch.size() > 0) {
          model.feed(
              plan,
              batch.pixels(),
              batch.damaged(),
              batch.cover(),
              batch.indices(),
              settings.steps().seed(),
              settings.noise().epoch(epoch));
          plan.forward(batch.size());
          plan.backward();
        }
        exchange.sum(parameters.gradients(), parameters.statistics(), loss, batch.size());
        // Reads the gradient, and reads and writes the weight and both moments.
        time("adam", 7, this::update);
        done++;
        stopped = stop.getAsBoolean();
        boolean pausing = !stopped && pause.due();
        Optional<float[]> losses =
            guard.end(loss, stopped || pausing || done == batches.count(), this::takeAverage);
        if (losses.isEmpty()) {
          stopped = false;
          done = progress.batch();
          reader = batches.epoch(epoch, done);
        } else if (losses.get().length > 0) {
          add(losses.get());
          listener.trained(epoch, done, progress.lossSum() / images(done));
          if (pausing) {
            take(pause);
          }
        }
      }
    } finally {
      batches.close();
    }
    progress.trained(secondsSince(trainingSince));
    return done == batches.count();
  }

  private void take(Pause pause) {
    progress.trained(secondsSince(trainingSince));
    progress.spent(secondsSince(epochSince));
    epochSince = System.nanoTime();
    savedWeights.update();
    pause.take();
    trainingSince = System.nanoTime();
  }

  /// @throws Diverged if a weight or a statistic is not
  void requireFinite() {
    for (String name : parameters.all().keySet()) {
      for (float value : parameters.get(name)) {
        if (!Float.isFinite(value)) {
          throw new Diverged(name);
        }
      }
    }
  }

  private void update() {
    long steps = (long) settings.steps().epochs() * batches.count();
    adam.step(settings.learningRate(adam.steps(), steps), settings.recipe().clip(), loss);
  }

  private void takeAverage() {
    if (savedWeights.average() != null) {
      time("average", 3, () -> savedWeights.average().take(adam.steps()));
    }
  }

  private void add(float[] losses) {
    for (float each : losses) {
      int batch = progress.batch();
      progress.add(each, images(batch + 1) - images(batch));
    }
  }

  private int images(int batchesDone) {
    return (int) Math.min((long) batchesDone * settings.steps().batchSize(), training.count());
  }

  /// @param values read and written for each trainable parameter
  private void time(String what, int values, Runnable work) {
    if (trace == null) {
      work.run();
    } else {
      double bytes = (double) Float.BYTES * values * parameters.trainable().shape().size();
      trace.time(what, bytes, work);
    }
  }

  private static double secondsSince(long start) {
    return (System.nanoTime() - start) / 1e9;
  }

  /// Takes over the weights of a model of the same network; before the first step.
  public void startFrom(Checkpoint checkpoint) {
    checkpoint.copyTo(parameters);
    savedWeights.startOver();
  }

  /// Weights, moments, average and progress.
  @Override
  public void save(Tensors to) {
    parameters.save(to);
    adam.save(to);
    if (savedWeights.average() != null) {
      savedWeights.average().save(to);
    }
    progress.save(to);
  }

  /// Goes on where a trainer of the same settings and images stopped.
  @Override
  public void restore(Tensors from) {
    parameters.restore(from);
    adam.restore(from);
    if (savedWeights.average() != null) {
      savedWeights.average().restore(from);
    }
    progress.restore(from);
    savedWeights.update();
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

  /// The finished epochs.
  public History history() {
    return progress.history();
  }

  /// The latest validation; null before the first.
  public Evaluation.Result validated() {
    return result;
  }

  /// Measures the current weights and shows what they do.
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
    return savedWeights.parameters();
  }

  /// The average of the weights; null where the recipe has none.
  Parameters average() {
    return savedWeights.average() == null ? null : savedWeights.average().average();
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

  /// Images to learn from, as far as the limit lets them in.
  public ImageSource training() {
    return training;
  }

  /// Images of the validation, as far as the limit lets them in.
  public int validationImages() {
    return validation.images();
  }

  /// Stops reading and gives the memory back.
  @Override
  public void close() {
    batches.close();
    validation.close();
    plan.close();
    guard.close();
    adam.close();
    savedWeights.close();
    parameters.close();
  }
}
