package dae.noise;

import dae.UserError;
import dae.graph.Op;
import dae.graph.Setup;
import dae.graph.Step;
import dae.graph.Value;
import dae.op.Fill;
import dae.tensor.Check;
import dae.tensor.Shape;
import java.util.List;

/// **Gaussian noise**, `gaussian:0.1`: what the article's network learns to take away.
///
/// *In words.* Every value gets its own normally distributed error; what leaves [0, 1] is cut off.
///
/// *Shapes.* x, y: N×H×W×C.
///
/// *Forward.* `y = clip(x + σ·normal, 0, 1)`. The normals are a function of (seed, epoch, image,
/// position) alone ([dae.random.Normals]): they depend neither on threads nor on the order of the
/// images. Data sits in front of the model, so there is no gradient.
///
/// *Costs* a Philox block and two Box–Muller pairs for four values. *Runs* in
/// [dae.kernel.DataKernels#noise], the same bits in scalar and SIMD, and in `data_noise` of
/// `kernels/data.cl` on a device that rounds roots as IEEE 754 says. *Proved* by
/// `DataContractTest`.
///
/// @param sigma σ, the standard deviation in units of the full range, 0 to 1
public record GaussianNoise(double sigma) implements Noise {
  /// The name in front of σ.
  static final String NAME = "gaussian";

  /// @throws UserError if σ is out of range
  public GaussianNoise {
    if (!(sigma >= 0 && sigma <= 1)) {
      throw new UserError("noise: expected 0 to 1, got " + sigma + " — change --noise");
    }
  }

  /// @param sigma as text
  /// @throws UserError if it is not a number
  static Noise of(String sigma) {
    try {
      return new GaussianNoise(Double.parseDouble(sigma));
    } catch (NumberFormatException e) {
      throw new UserError(
          "noise: expected %s:SIGMA with a number from 0 to 1, got '%s' — change --noise"
              .formatted(NAME, sigma),
          e);
    }
  }

  @Override
  public String word() {
    return NAME + ":" + sigma;
  }

  @Override
  public Value on(Value clean) {
    Check.image(Added.LABEL, clean.shape());
    return clean.graph().add(new Added(clean, (float) sigma));
  }

  /// The same σ at every pixel.
  @Override
  public Value level(Value clean) {
    return Fill.fill("noise_level", clean, (float) sigma);
  }

  private record Added(Value x, float sigma) implements Op {
    static final String LABEL = "gaussian_noise";

    @Override
    public void prepare(Setup setup) {
      Check.that(
          !setup.wants(0),
          LABEL,
          "data",
          x + ", which depends on a parameter that learns",
          "put the noise in front of the model");
    }

    @Override
    public void forward(Step s) {
      s.data().noise(s.n(), s.in(0), s.seed(), s.epoch(), s.images(), sigma, s.out());
    }

    @Override
    public void backward(Step s) {}

    @Override
    public String label() {
      return LABEL;
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
}
