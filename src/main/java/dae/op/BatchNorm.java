package dae.op;

import dae.graph.Init;
import dae.graph.Op;
import dae.graph.Param;
import dae.graph.Setup;
import dae.graph.Step;
import dae.graph.Value;
import dae.kernel.Activation;
import dae.kernel.Norm;
import dae.tensor.Check;
import dae.tensor.Shape;
import dae.tensor.Tensor;
import java.util.List;

/// **Batch normalisation** (Ioffe & Szegedy 2015; Keras' `BatchNormalization`, momentum 0.99, ε
/// 1e-3).
///
/// *In words.* Each channel is shifted and scaled to mean 0 and variance 1 over the batch, then
/// given a learnt scale γ and shift β.
///
/// *Shapes.* x, y: N×H×W×C; γ, β, mean, variance: C. M = N·H·W pixels.
///
/// *Forward, training.* Per channel
///
///     μ = Σ x / M    v = Σ (x − μ)² / M    r = 1/√(v + ε)
///     x̂ = (x − μ)·r    y = f(γ·x̂ + β)
///
/// with f the identity, or ReLU where [Fusion] has merged the two. The moving averages take in μ
/// and the unbiased variance v·M/(M−1): `average = 0.99·average + 0.01·value`. *Inference* uses the
/// moving averages instead of μ and v; there [Fusion] folds it into the product in front.
///
/// *Backward.* Let z = γ·x̂ + β and dz = dy·f′(z). Directly,
///
///     dβ = Σ dz     dγ = Σ dz·x̂
///
/// x reaches z in three ways: itself, through μ and through v. Write dx̂ = γ·dz. With ∂v/∂x = 2(x −
/// μ)/M and ∂r/∂v = −r³/2,
///
///     dv = Σ dx̂·(x − μ)·(−r³/2) = −(r²/2)·Σ dx̂·x̂ = −(r²/2)·γ·dγ
///     dμ = −r·Σ dx̂ = −r·γ·dβ        (μ also moves v, by −2·Σ (x − μ)/M = 0)
///     dx = dx̂·r + dv·2(x − μ)/M + dμ/M
///        = γ·r·(dz − dβ/M − x̂·dγ/M)
///
/// In words: what is left of dz when its mean and its part along x̂ are taken away. A constant added
/// to x changes no y: Σ dx = 0, see below. And stretching x about its mean changes y only by what ε
/// lets through: Σ dx·x̂ = γ·r·dγ·(1 − Σ x̂²/M) = γ·r·dγ·ε·r², as Σ x̂ = 0 and Σ x̂²/M = v·r² = 1 − ε·r².
///
/// Hence *a bias in front gets no gradient*: it adds a constant to x, so its gradient is Σ dx = γ·r·(Σ
/// dz − dβ − dγ·Σ x̂/M), where Σ dz = dβ and Σ x̂ = 0. [Fusion] leaves that sum out.
///
/// *By numbers*: x = (5, 5, 1, 1), dy = (1, 0, 0, 0), γ = 1, β = 0 have μ = 3, v = 4, r ≈ ½, x̂ ≈ (1,
/// 1, −1, −1), dβ = 1, dγ ≈ 1 and dx ≈ (¼, −¼, 0, 0). Without the path through μ it would be (⅜, −⅛,
/// ⅛, ⅛), whose sum is not 0. Each path by `explain batch_norm`, drawn in `src/doc/ops/batch_norm.md`.
///
/// *Keeps* x, 4·H·W·C bytes an image, and μ, v and r, 12·C bytes; x̂ and z are computed again, which
/// costs less than storing them. dγ and dβ are set; dx is set, or added where another reader of x
/// has set it. *Costs* four reads of x, two of dy and one write each of y and dx.
///
/// *Runs* in [dae.kernel.ChannelKernels]: `ScalarChannel`, `SimdChannel`, `ClChannel` with
/// `channel_statistics`, `channel_normalize`, `channel_normalize_gradients` and
/// `channel_normalize_backward` of `kernels/channel.cl`. *Proved* by
/// `BatchNormTest`, `GoldenOpTest`, `FusionTest`.
public final class BatchNorm implements Op {
  /// Keras' default: the share that a moving average keeps at each step.
  public static final float MOMENTUM = 0.99f;

  /// Keras' default: keeps r finite.
  public static final float EPSILON = 1e-3f;

  private final String label;
  private final Value x;
  private final Activation f;
  private final List<Param> params;

  private BatchNorm(String label, Value x, Activation f, List<Param> params) {
    this.label = label;
    this.x = x;
    this.f = f;
    this.params = params;
  }

  /// Records a batch normalisation.
  ///
  /// @param label name of the layer; its parameters are `label/gamma`, `beta`, `moving_mean` and
  ///   `moving_variance`
  /// @param x N×H×W×C
  /// @return the same shape
  public static Value batchNorm(String label, Value x) {
    Check.image(label, x.shape());
    Shape c = Shape.vector(x.shape().c());
    List<Param> params =
        List.of(
            new Param(label + "/gamma", c, Init.ones(), true),
            new Param(label + "/beta", c, Init.zeros(), true),
            new Param(label + "/moving_mean", c, Init.zeros(), false),
            new Param(label + "/moving_variance", c, Init.ones(), false));
    return x.graph().add(new BatchNorm(label, x, Activation.IDENTITY, params));
  }

  /// The same layer with ReLU as its f.
  BatchNorm withRelu() {
    return new BatchNorm(label, x, Activation.RELU, params);
  }

  Activation activation() {
    return f;
  }

  @Override
  public void prepare(Setup setup) {
    setup.backend().channel().prepare(x.shape(), setup.capacity());
  }

  @Override
  public void forward(Step s) {
    Tensor x = s.in(0), y = s.out(), movingMean = s.param(2), movingVariance = s.param(3);
    Tensor variance = s.saved(1);
    Norm norm = norm(s, s.training() ? s.saved(0) : movingMean);
    if (s.training()) {
      s.channel()
          .statistics(s.n(), x, EPSILON, MOMENTUM, norm, variance, movingMean, movingVariance);
    } else {
      s.channel().inverseDeviation(movingVariance, EPSILON, norm.r());
    }
    s.channel().normalize(s.n(), x, norm, y);
  }

  @Override
  public void backward(Step s) {
    Tensor x = s.in(0), dy = s.gradOut(), dx = s.gradIn(0);
    Tensor dgamma = s.paramGrad(0), dbeta = s.paramGrad(1);
    Norm norm = norm(s, s.saved(0));
    s.channel().normalizeGradients(s.n(), x, norm, dy, dgamma, dbeta);
    if (s.wants(0)) {
      s.channel().normalizeBackward(s.n(), x, norm, dy, dgamma, dbeta, dx, s.write(0));
    }
  }

  private Norm norm(Step s, Tensor mean) {
    return new Norm(mean, s.saved(2), s.param(0), s.param(1), f);
  }

  @Override
  public String label() {
    return label;
  }

  @Override
  public List<Value> inputs() {
    return List.of(x);
  }

  @Override
  public List<Param> params() {
    return params;
  }

  @Override
  public Shape output() {
    return x.shape();
  }

  @Override
  public int backwardInPlace() {
    return 0;
  }

  @Override
  public Keeps keeps() {
    return Keeps.INPUTS;
  }

  @Override
  public List<Shape> saved() {
    Shape c = Shape.vector(x.shape().c());
    return List.of(c, c, c);
  }

  @Override
  public long flops() {
    return 4L * output().size();
  }
}
