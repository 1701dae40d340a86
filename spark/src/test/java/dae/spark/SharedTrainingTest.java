package dae.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dae.backend.Backends;
import dae.data.Images;
import dae.graph.Parameters;
import dae.kernel.Backend;
import dae.noise.Noises;
import dae.tensor.Tensor;
import dae.train.Evaluation;
import dae.train.GradientExchange;
import dae.train.Listener;
import dae.train.Recipes;
import dae.train.Settings;
import dae.train.Trainer;
import dae.train.TrainerDraft;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// N ranks with B/N images each are one machine with B.
@Timeout(300)
class SharedTrainingTest {
  private static final int SIDE = 16;

  /// Half an ulp of 1: what one rounding costs, relatively.
  private static final double U = 0x1p-24;

  /// What came of one rank.
  ///
  /// @param found gradients of the first step before the exchange
  /// @param taken and after it
  private record Trained(float[] found, float[] taken, List<Double> losses, float[] weights) {}

  private static Images images(int count) {
    byte[] bytes = new byte[count * SIDE * SIDE * Images.CHANNELS];
    Random random = new Random(4);
    int value = 0;
    for (int i = 0; i < bytes.length; i++) {
      value = Math.clamp(value + random.nextInt(41) - 20, 0, 255);
      bytes[i] = (byte) value;
    }
    return new Images(SIDE, SIDE, bytes);
  }

  private static Settings settings(String network, int workers) {
    Settings article = Recipes.ARTICLE.settings("random", "", "scalar");
    return article
        .withNetwork(network)
        .with(article.steps().withEpochs(2).withBatchSize(16).withWorkers(workers));
  }

  private static Trained train(
      Settings settings, int count, int rank, Backend backend, RingExchange exchange, Ring ring) {
    List<float[]> first = new ArrayList<>();
    GradientExchange inner = exchange == null ? GradientExchange.ALONE : exchange;
    GradientExchange all =
        new GradientExchange() {
          @Override
          public void sum(Tensor gradients, Tensor statistics, Tensor loss, int images) {
            keep(first, backend, gradients);
            inner.sum(gradients, statistics, loss, images);
            keep(first, backend, gradients);
          }

          @Override
          public void gather(double[] found) {
            inner.gather(found);
          }
        };
    Images test = images(3 * TrainerDraft.VALIDATION_BATCH + 1);
    TrainerDraft draft = new TrainerDraft(settings, images(count), test, backend, rank);
    try (Trainer trainer = draft.open(all)) {
      if (exchange != null) {
        exchange.join(ring);
      }
      List<Double> losses = new ArrayList<>();
      while (trainer.epoch() < settings.steps().epochs()) {
        losses.add(trainer.epoch(new Listener() {}, () -> false).orElseThrow().loss());
      }
      requireValidationOfOne(settings, test, backend, trainer);
      return new Trained(first.get(0), first.get(1), losses, weights(trainer.parameters()));
    }
  }

  /// Whatever a rank has measured itself, all have the errors that one machine finds with the same
  /// weights, to the bit.
  private static void requireValidationOfOne(
      Settings settings, Images test, Backend backend, Trainer trainer) {
    try (Evaluation evaluation =
        new Evaluation.Draft(
                settings.model(), Noises.named(settings.noise().word()), test, 5, backend)
            .open(trainer.saved())) {
      Evaluation.Result one = evaluation.measure(done -> {}, () -> false).orElseThrow();
      assertArrayEquals(one.noisy().mses(), trainer.validated().noisy().mses());
      assertArrayEquals(one.denoised().mses(), trainer.validated().denoised().mses());
      assertEquals(one.denoised().mse(), trainer.history().rows().getLast().valMse());
    }
  }

  private static void keep(List<float[]> first, Backend backend, Tensor gradients) {
    if (first.size() < 2) {
      float[] copy = new float[gradients.shape().size()];
      backend.download(gradients, 1, copy, 0);
      first.add(copy);
    }
  }

  private static float[] weights(Parameters parameters) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (String name : parameters.all().keySet()) {
      float[] values = parameters.get(name);
      ByteBuffer buffer = ByteBuffer.allocate(values.length * Float.BYTES);
      buffer.asFloatBuffer().put(values);
      bytes.writeBytes(buffer.array());
    }
    float[] all = new float[bytes.size() / Float.BYTES];
    ByteBuffer.wrap(bytes.toByteArray()).asFloatBuffer().get(all);
    return all;
  }

  private static Trained alone(String network, int count) {
    try (Backend backend = Backends.open("scalar", 1)) {
      return train(settings(network, 1), count, 0, backend, null, null);
    }
  }

  private static List<Trained> together(String network, int count, int ranks) throws Exception {
    return Ranks.each(
        ranks,
        1 << 20,
        Duration.ofSeconds(120),
        (rank, ring) -> {
          try (Backend backend = Backends.open("scalar", 1)) {
            return train(
                settings(network, ranks), count, rank, backend, new RingExchange(backend), ring);
          }
        });
  }

  /// The scalar kernels add in double and round once, and B, B/N and the pixels of an image are
  /// powers of two, or three times one, alike in both, so that both sum the very same terms, up to
  /// an exact factor. With |g₁| and |gᵣ| rounded once each and N − 1 additions of floats in the
  /// ring, none of which is larger than Σ|gᵣ|,
  ///
  ///     |g − g₁| ≤ u·|g₁| + u·mean|gᵣ| + (N − 1)·u·mean|gᵣ|
  ///
  /// and a little for u² and the rounding of sums in double.
  @Test
  void findsTheGradientOfOneMachine() throws Exception {
    Trained one = alone("plain:4", 64);
    double largest = 0;
    for (float each : one.taken) {
      largest = Math.max(largest, Math.abs(each));
    }
    assertTrue(largest > 0);
    for (int ranks : new int[] {2, 4}) {
      List<Trained> all = together("plain:4", 64, ranks);
      for (int i = 0; i < one.taken.length; i++) {
        double mean = 0;
        for (Trained each : all) {
          mean += Math.abs(each.found[i]) / (double) ranks;
        }
        double bound =
            U * (Math.abs(one.taken[i]) + ranks * mean) * (1 + 0x1p-10) + largest * 0x1p-40;
        assertEquals(one.taken[i], all.getFirst().taken[i], bound, ranks + " ranks, " + i);
      }
    }
  }

  /// Adam divides by the gradient's size, so what is almost 0 may go either way: a weight differs
  /// by no more than its steps, each at most (1 − β₁)/√(1 − β₂) = 3.2 learning rates. All together
  /// stay as close as two runs in floats do (twice what one of them is from doubles).
  @Test
  void endsWhereOneMachineEnds() throws Exception {
    // The last batch has one image, of which three of four ranks get none.
    int count = 33;
    Trained one = alone("plain:4", count);
    for (int ranks : new int[] {2, 4}) {
      List<Trained> all = together("plain:4", count, ranks);
      for (Trained each : all) {
        assertArrayEquals(all.getFirst().weights, each.weights, "ranks have the same bits");
      }
      Trained first = all.getFirst();
      for (int e = 0; e < one.losses.size(); e++) {
        assertEquals(one.losses.get(e), first.losses.get(e), 4e-6 * one.losses.get(e));
      }
      double squares = 0;
      for (int i = 0; i < one.weights.length; i++) {
        double difference = one.weights[i] - first.weights[i];
        assertTrue(Math.abs(difference) < 2 * 6 * 3.2 * 0.001, "weight " + i);
        squares += difference * difference;
      }
      assertTrue(Math.sqrt(squares / one.weights.length) < 1.4e-5, "rms");
    }
  }

  @Test
  void hasTheSameBitsInEveryRunWithBatchNorm() throws Exception {
    List<Trained> once = together("article:2", 40, 3);
    List<Trained> again = together("article:2", 40, 3);
    for (int rank = 0; rank < 3; rank++) {
      assertArrayEquals(once.get(0).weights, once.get(rank).weights);
      assertArrayEquals(once.get(0).weights, again.get(rank).weights);
      assertEquals(once.get(0).losses, again.get(rank).losses);
    }
  }
}
