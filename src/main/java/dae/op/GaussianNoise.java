package dae.op;

import dae.graph.Op;
import dae.graph.Setup;
import dae.graph.Step;
import dae.graph.Value;
import dae.tensor.Check;
import dae.tensor.Shape;
import java.util.List;

/// **Gaussian noise**, what the autoencoder learns to take away.
///
/// *In words.* Every number gets its own normally distributed error; what leaves [0, 1] is cut off.
///
/// *Shapes.* x, y: N×H×W×C.
///
/// *Forward.* `y = clip(x + σ·normal, 0, 1)`. The normals are a function of (seed, epoch, image,
/// position) alone ([dae.random.Normals]): they depend neither on threads nor on the order of the
/// images. Data sits in front of the model, so there is no gradient.
///
/// *Costs* a Philox block and two Box–Muller pairs for four numbers. *Runs* in
/// [dae.kernel.PointwiseKernels#noise], the same bits in scalar and SIMD, and in `pointwise_noise`
/// of `kernels/pointwise.cl` on a device that rounds roots as IEEE 754 says. *Proved* by
/// `PointwiseContractTest`.
public final class GaussianNoise implements Op {
  private final Value x;
  private final float sigma;

  private GaussianNoise(Value x, float sigma) {
    this.x = x;
    this.sigma = sigma;
  }

  /// Records the noise; seed, epoch and image numbers come with [dae.graph.Plan#feed].
  ///
  /// @param sigma standard deviation, in units of the full range
  /// @return the shape of x
  public static Value gaussianNoise(Value x, float sigma) {
    Check.image("gaussian_noise", x.shape());
    Check.that(
        sigma >= 0 && sigma < Float.POSITIVE_INFINITY,
        "gaussian_noise",
        "a sigma of at least 0",
        "" + sigma,
        "0.1 is the article's");
    return x.graph().add(new GaussianNoise(x, sigma));
  }

  @Override
  public void prepare(Setup setup) {
    Check.that(
        !setup.wants(0),
        label(),
        "data",
        x + ", which depends on a parameter that learns",
        "put the noise in front of the model");
  }

  @Override
  public void forward(Step s) {
    s.pointwise()
        .noise(
            s.n(), s.in(0), s.feed().seed(), s.feed().epoch(), s.feed().images(), sigma, s.out());
  }

  @Override
  public void backward(Step s) {}

  @Override
  public String label() {
    return "gaussian_noise";
  }

  @Override
  public List<Value> inputs() {
    return List.of(x);
  }

  @Override
  public Shape output() {
    return x.shape();
  }

  @Override
  public Keeps keeps() {
    return Keeps.NOTHING;
  }
}
