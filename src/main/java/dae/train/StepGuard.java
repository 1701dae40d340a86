package dae.train;

import dae.graph.Parameters;
import dae.graph.Plan;
import dae.kernel.Backend;
import dae.kernel.Turn;
import dae.kernel.Write;
import dae.optim.Adam;
import dae.optim.WeightAverage;
import dae.tensor.Shape;
import dae.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Sees to it that a loss that is not finite leaves the weights from before its batch.
///
/// Losses are gathered where they are made. Reading waits for the device, so it is done a few times
/// a second and not after every step; where nothing runs by itself, after every step. If one of
/// several is bad, all of their steps are taken back and made again one by one, so that the guilty
/// batch is found.
///
/// A single bad step changes the moving statistics only, because Adam leaves its own values alone
/// then; of several, the good ones among them have changed everything.
final class StepGuard implements AutoCloseable {
  private static final int MOST = 256;
  private static final long NANOS = 200_000_000;
  private static final Shape ONE = Shape.vector(1);

  private final Backend backend;
  private final Plan plan;
  private final Parameters parameters;
  private final Adam adam;
  private final WeightAverage average;
  private final List<Tensor> watched = new ArrayList<>();
  private final List<Tensor> copies;
  private final Tensor gathered;
  private int most;
  private int count;
  private long since;
  private long stepsBefore;

  /// @param plan of the training
  /// @param average of the weights, or null
  StepGuard(Backend backend, Plan plan, Parameters parameters, Adam adam, WeightAverage average) {
    this.backend = backend;
    this.plan = plan;
    this.parameters = parameters;
    this.adam = adam;
    this.average = average;
    most = backend.asynchronous() ? MOST : 1;
    gathered = Tensor.dense(backend.allocate(most), 0, Shape.vector(most));
    watched.add(parameters.statistics());
    if (most > 1) {
      watched.add(parameters.trainable());
      watched.addAll(adam.moments());
      if (average != null) {
        watched.add(average.average().trainable());
        watched.add(average.average().statistics());
      }
    }
    copies =
        watched.stream()
            .map(t -> Tensor.dense(backend.allocate(t.shape().size()), 0, t.shape()))
            .toList();
  }

  /// Forgets what was gathered and not read.
  void clear() {
    count = 0;
  }

  /// To be called before each step.
  void begin() {
    if (count == 0) {
      copy(watched, copies);
      stepsBefore = adam.steps();
      since = System.nanoTime();
    }
  }

  /// To be called after each step.
  ///
  /// @param last whether no other step follows
  /// @param whenGood what else to do with the new weights; it is taken back with them, or not done
  ///   before the loss is known to be good
  /// @return the losses that are known now, in the order of their steps; none while they are
  ///   gathered; empty if one of several was bad, and everything is as it was before the first of
  ///   them
  /// @throws Diverged if a single one was bad; everything is as it was before its step
  Optional<float[]> end(Tensor loss, boolean last, Runnable whenGood) {
    Tensor one = Tensor.dense(loss.storage(), loss.offset(), ONE);
    copy(List.of(one), List.of(Tensor.dense(gathered.storage(), count, ONE)));
    count++;
    boolean oneByOne = most == 1;
    if (!oneByOne) {
      whenGood.run();
    }
    if (count < most && !last && System.nanoTime() - since <= NANOS) {
      return Optional.of(new float[0]);
    }
    float[] losses = new float[count];
    backend.download(Tensor.dense(gathered.storage(), 0, Shape.vector(count)), 1, losses, 0);
    count = 0;
    for (float each : losses) {
      if (!Float.isFinite(each)) {
        String op = oneByOne ? plan.firstNotFinite().orElse("the loss") : null;
        takeBack();
        if (oneByOne) {
          throw new Diverged(op);
        }
        most = 1;
        return Optional.empty();
      }
    }
    if (oneByOne) {
      whenGood.run();
    }
    return Optional.of(losses);
  }

  private void takeBack() {
    copy(copies, watched);
    adam.rewind(stepsBefore);
    parameters.changed();
    if (average != null) {
      average.average().changed();
    }
  }

  private void copy(List<Tensor> from, List<Tensor> to) {
    try (Turn _ = backend.turn().take()) {
      for (int i = 0; i < from.size(); i++) {
        backend.map().copy(1, from.get(i), to.get(i), Write.SET);
      }
    }
  }

  /// Gives its memory back.
  @Override
  public void close() {
    backend.free(gathered.storage());
    copies.forEach(copy -> backend.free(copy.storage()));
  }
}
