package dae.cli;

import dae.graph.Parameters;
import dae.graph.Plan;
import dae.graph.Value;
import dae.kernel.Backend;
import dae.model.DenoisingAutoencoder;
import dae.op.Fusion;
import dae.optim.Adam;
import java.util.ArrayList;
import java.util.List;

/// How long a step of the article's model takes on a backend, data in memory: the median of some
/// seconds' tenths.
final class Rate {
  private static final int SIDE = 32;
  private static final float NOISE = 0.1f;
  private static final long SAMPLE_NANOS = 200_000_000;
  private static final long WARM_NANOS = 15 * SAMPLE_NANOS;

  /// While it compiles.
  private static final long COLD_NANOS = 10 * SAMPLE_NANOS;

  private Rate() {}

  /// Milliseconds of a training step: noise, forward, backward, Adam.
  static double training(int batch, Backend backend) {
    DenoisingAutoencoder model = model();
    Parameters parameters = new Parameters(model.graph().params(), backend, 1);
    Adam adam = new Adam(parameters, backend);
    try (Plan plan = plan(model, model.loss(), parameters, backend, Plan.Mode.TRAINING, batch)) {
      return median(
          plan,
          model.loss(),
          batch,
          () -> {
            plan.backward();
            adam.step(1e-3, plan.tensor(model.loss()));
          });
    }
  }

  /// Milliseconds of a batch: noise, forward, loss.
  static double inference(int batch, Backend backend) {
    DenoisingAutoencoder model = model();
    Parameters parameters = new Parameters(model.graph().params(), backend, 1);
    try (Plan plan = plan(model, model.loss(), parameters, backend, Plan.Mode.INFERENCE, batch)) {
      return median(plan, model.loss(), batch, () -> {});
    }
  }

  private static DenoisingAutoencoder model() {
    return DenoisingAutoencoder.onPixels(SIDE, SIDE, DenoisingAutoencoder.WIDTH, NOISE);
  }

  private static Plan plan(
      DenoisingAutoencoder model,
      Value root,
      Parameters parameters,
      Backend backend,
      Plan.Mode mode,
      int batch) {
    return Plan.compile(
        model.graph(),
        List.of(root),
        parameters,
        backend,
        mode,
        batch,
        mode == Plan.Mode.TRAINING ? Fusion.TRAINING : Fusion.INFERENCE);
  }

  private static double median(Plan plan, Value loss, int batch, Runnable afterForward) {
    byte[] pixels = new byte[batch * SIDE * SIDE * 3];
    int[] images = new int[batch];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) (i * 7);
    }
    Runnable step =
        () -> {
          plan.feed(pixels, images, 1, 0);
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
        // A queue of a few steps is what a training has.
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
