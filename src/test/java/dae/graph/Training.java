package dae.graph;

import dae.kernel.Backend;
import dae.kernel.Poisoned;
import dae.model.ArticleNetwork;
import dae.model.Denoising;
import dae.model.Loss;
import dae.model.Network;
import dae.noise.Noises;
import dae.op.Fusion;
import dae.optim.Adam;
import dae.tensor.Tensor;
import java.util.List;
import java.util.Random;

/// A small model in training on random bytes, as tests of plans need it.
public final class Training {
  public static final int WIDTH = 8;

  public final Denoising model;
  public final Parameters parameters;
  public final Plan plan;
  public final Adam adam;
  private final byte[] pixels;
  private final byte[] cover;
  private final int[] images;

  public Training(Backend backend, int capacity) {
    this(backend, new ArticleNetwork(WIDTH), capacity);
  }

  public Training(Backend backend, Network network, int capacity) {
    this(backend, network, capacity, Fusion.TRAINING);
  }

  public Training(Backend backend, Network network, int capacity, Mode mode) {
    this(backend, network, Loss.MEAN_SQUARED_ERROR, capacity, mode);
  }

  /// Where the loss asks for a cover, damage is said to have been painted, and every other pixel to
  /// be covered.
  public Training(Backend backend, Network network, Loss loss, int capacity, Mode mode) {
    String noise = loss.takesCover() ? "scratches+gaussian:0.1" : "gaussian:0.1";
    model = Denoising.training(network, Noises.named(noise), loss, 32, 32);
    parameters = new Parameters(model.graph().params(), backend, 3);
    plan =
        new PlanDraft(
                model.graph(),
                List.of(model.loss(), model.denoised()),
                mode,
                new Poisoned(backend),
                capacity)
            .open(parameters);
    adam = new Adam(parameters, backend);
    pixels = new byte[capacity * 32 * 32 * 3];
    cover = new byte[capacity * 32 * 32];
    for (int i = 0; i < cover.length; i += 2) {
      cover[i] = (byte) 255;
    }
    images = new int[capacity];
    Random random = new Random(5);
    for (int i = 0; i < capacity; i++) {
      images[i] = i;
      // Images of one colour each: something to learn.
      byte[] colour = new byte[3];
      random.nextBytes(colour);
      for (int p = 0; p < 32 * 32 * 3; p++) {
        pixels[i * 32 * 32 * 3 + p] = colour[p % 3];
      }
    }
  }

  /// Feed, forward, backward, Adam.
  public void step(int n, int epoch) {
    gradients(n, epoch);
    adam.step(1e-3, 0, plan.tensor(model.loss()));
  }

  /// Feed, forward, backward.
  public void gradients(int n, int epoch) {
    model.feed(plan, pixels, pixels, cover, images, 7, epoch);
    plan.forward(n);
    plan.backward();
  }

  public float loss() {
    return plan.scalar(model.loss());
  }

  public float[] denoised(int n) {
    float[] values = new float[n * model.denoised().shape().size()];
    plan.download(model.denoised(), values, 0);
    return values;
  }

  /// All weights.
  public float[] weights(Backend backend) {
    return read(backend, parameters.trainable());
  }

  public float[] gradients(Backend backend) {
    return read(backend, parameters.gradients());
  }

  /// Of one parameter.
  public float[] gradient(Backend backend, Param param) {
    return read(backend, parameters.gradient(param));
  }

  private static float[] read(Backend backend, Tensor tensor) {
    float[] values = new float[tensor.shape().size()];
    backend.download(tensor, 1, values, 0);
    return values;
  }
}
