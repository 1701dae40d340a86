package dae.cli;

import dae.graph.Parameters;
import dae.graph.Plan;
import dae.graph.PlanDraft;
import dae.graph.Value;
import dae.kernel.Backend;
import dae.model.Denoising;
import dae.model.Loss;
import dae.model.Network;
import dae.noise.Noises;
import dae.op.Fusion;
import dae.optim.Adam;
import java.util.ArrayList;
import java.util.List;

/// How long a step of a network takes on a backend, data in memory: the median of samples over a
/// few seconds.
final class Rate {
  private static final int SIDE = 32;
  private static final long SAMPLE_NANOS = 200_000_000;
  private static final long WARM_NANOS = 15 * SAMPLE_NANOS;

  /// While it compiles.
  private static final long COLD_NANOS = 10 * SAMPLE_NANOS;

  private Rate() {}

  /// Milliseconds of a training step: noise, forward, backward, Adam.
  static double training(Network network, int batch, Backend backend) {
    Denoising model = model(network);
    try (Parameters parameters = new Parameters(model.graph().params(), backend, 1);
        Adam adam = new Adam(parameters, backend);
        Plan plan = model.training(backend, batch).open(parameters)) {
      return median(
          plan,
          model,
          model.loss(),
          batch,
          () -> {
            plan.backward();
            adam.step(1e-3, 0, plan.tensor(model.loss()));
          });
    }
  }

  /// Milliseconds of a batch: noise, forward, loss.
  static double inference(Network network, int batch, Backend backend) {
    Denoising model = model(network);
    PlanDraft draft =
        new PlanDraft(model.graph(), List.of(model.loss()), Fusion.INFERENCE, backend, batch);
    try (Parameters parameters = new Parameters(model.graph().params(), backend, 1);
        Plan plan = draft.open(parameters)) {
      return median(plan, model, model.loss(), batch, () -> {});
    }
  }

  private static Denoising model(Network network) {
    return Denoising.training(
        network, Noises.named(Noises.DEFAULT), Loss.MEAN_SQUARED_ERROR, SIDE, SIDE);
  }

  private static double median(
      Plan plan, Denoising model, Value loss, int batch, Runnable afterForward) {
    byte[] pixels = new byte[batch * model.clean().shape().size()];
    int[] images = new int[batch];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) (i * 7);
    }
    Runnable step =
        () -> {
          model.feed(plan, pixels, null, images, 1, 0);
          plan.forward(batch);
          afterForward.run();
        };
    samples(plan, loss, step, COLD_NANOS);
    List<Double> samples = samples(plan, loss, step, WARM_NANOS);
    samples.sort(null);
    return samples.get(samples.size() / 2);
  }

  /// Milliseconds of a step, again and again; at least once.
  private static List<Double> samples(Plan plan, Value loss, Runnable step, long nanos) {
    List<Double> samples = new ArrayList<>();
    long begin = System.nanoTime();
    do {
      long start = System.nanoTime();
      int steps = 0;
      do {
        step.run();
        steps++;
        // A queue of a few steps is what training has.
        if (steps % 4 == 0) {
          plan.scalar(loss);
        }
      } while (System.nanoTime() - start < SAMPLE_NANOS);
      plan.scalar(loss);
      samples.add((System.nanoTime() - start) / 1e6 / steps);
    } while (System.nanoTime() - begin < nanos);
    return samples;
  }
}
