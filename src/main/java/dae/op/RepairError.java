package dae.op;

import static dae.op.Blend.blend;

import dae.graph.Op;
import dae.graph.Setup;
import dae.graph.Step;
import dae.graph.Value;
import dae.kernel.Write;
import dae.tensor.Check;
import dae.tensor.Shape;
import java.util.List;

/// **Error of a repair**, the loss of a network that says where it repaints.
///
/// *In words.* The picture should be near to what it was, a little scratch counting as much as a
/// large stain, so the loss is [PsnrError]'s; and the mask should say how far each pixel was
/// covered. Beside weak noise everywhere a scratch counts for nothing even so, and what was covered
/// has a term of its own, in which the mask has no part: were the change judged through it, a faint
/// mask and a change that is too strong would do as well.
///
/// *Shapes.* p (prediction), q (the same as if the mask were 1 everywhere), t (target): N×H×W×C; z (the mask before its sigmoid), c (how far a
/// pixel was covered, from 0 to 1): N×H×W×1; L: a scalar.
///
/// *Forward.* With M = N·H·W,
///
///     L = Σ log(1 + e/ε) / N + Σ log(1 + d/ε) / N + Σ H(c, σ(z)) / M
///
/// where e is the squared error of one image, Σ (p − t)² / (H·W·C), d that of what was covered,
/// Σ c²·(q − t)² / (H·W·C), ε = 10⁻⁵, and H is the cross-entropy −c·log σ(z) − (1 − c)·log(1 −
/// σ(z)), what an answer σ(z) costs if the truth is c. All terms weigh the same. For d, q and t are
/// [Blend]ed: t + c·q and t + c·t differ by c·(q − t). As log σ(z) = −log(1 + exp(−z)) and log(1 − σ(z)) = −z − log(1 +
/// exp(−z)),
///
///     H = (1 − c)·z + log(1 + exp(−z)) = max(z, 0) − z·c + log(1 + exp(−|z|))
///
/// the last for both signs of z, and no exponential in it can overflow, no logarithm meets 0.
///
/// *Backward.* dH/dz = 1 − c − exp(−z)/(1 + exp(−z)) = σ(z) − c, which is at most 1 however wrong z
/// is; from σ(z) alone it would have been divided by a number near 0:
///
///     dp = 2·(p − t) / (M·C·(e + ε))     dq = 2·c²·(q − t) / (M·C·(d + ε))     dz = (σ(z) − c) / M
///
/// Target and cover are data.
///
/// *Keeps* all but q, and both blends; e and d are computed again. *Costs* their reads forward; those
/// of p, t and the blends twice, those of z and c once and three writes backward.
///
/// *Runs* in [dae.kernel.PixelKernels] (`pixel_psnr_error_parts`, `pixel_psnr_error_backward` of
/// `kernels/pixel.cl`) and [dae.kernel.MapKernels]
/// (`map_cross_entropy_parts`, `map_cross_entropy_backward`, `map_mean` of `kernels/map.cl`); the loops are `ScalarPixel` and `ScalarMap`.
/// *Proved* by `LossOpTest` (central differences, extremes), `PixelContractTest`, `MapContractTest`.
public final class RepairError implements Op {
  /// ε, 50 dB: of what is whole, more is asked than of what was noisy.
  private static final float EPSILON = 1e-5f;

  private final String label;
  private final Value prediction;
  private final Value target;
  private final Value logits;
  private final Value cover;
  private final Value covered;
  private final Value coveredTarget;

  private RepairError(
      String label,
      Value prediction,
      Value target,
      Value logits,
      Value cover,
      Value covered,
      Value coveredTarget) {
    this.label = label;
    this.prediction = prediction;
    this.target = target;
    this.logits = logits;
    this.cover = cover;
    this.covered = covered;
    this.coveredTarget = coveredTarget;
  }

  /// Records the loss.
  ///
  /// @param prediction N×H×W×C
  /// @param target the same shape
  /// @param logits the mask before its sigmoid, N×H×W×1
  /// @param cover how far each pixel was covered, the same shape, from 0 to 1
  /// @param repainted the prediction as if the mask were 1 everywhere, N×H×W×C
  /// @return a scalar
  public static Value repairError(
      String label, Value prediction, Value target, Value logits, Value cover, Value repainted) {
    Shape image = prediction.shape();
    Check.image(label, image);
    Check.same(label, image, target.shape());
    Check.same(label, Shape.image(image.h(), image.w(), 1), logits.shape());
    Check.same(label, logits.shape(), cover.shape());
    Check.same(label, image, repainted.shape());
    Value covered = blend(label + "_covered", target, cover, repainted);
    Value coveredTarget = blend(label + "_covered_target", target, cover, target);
    return prediction
        .graph()
        .add(new RepairError(label, prediction, target, logits, cover, covered, coveredTarget));
  }

  @Override
  public void prepare(Setup setup) {
    for (int i : new int[] {1, 3}) {
      Check.that(
          !setup.wants(i),
          label,
          "data to compare with",
          inputs().get(i) + ", which depends on a parameter that learns",
          "compare with what is stored");
    }
  }

  @Override
  public void forward(Step s) {
    s.pixel().psnrError(s.n(), s.in(0), s.in(1), EPSILON, s.out(), Write.SET);
    s.pixel().psnrError(s.n(), s.in(4), s.in(5), EPSILON, s.out(), Write.ADD);
    s.map().crossEntropy(s.n(), s.in(2), s.in(3), s.out(), Write.ADD);
  }

  @Override
  public void backward(Step s) {
    if (s.wants(0)) {
      s.pixel().psnrErrorBackward(s.n(), s.in(0), s.in(1), EPSILON, s.gradIn(0), s.write(0));
    }
    if (s.wants(4)) {
      s.pixel().psnrErrorBackward(s.n(), s.in(4), s.in(5), EPSILON, s.gradIn(4), s.write(4));
    }
    if (s.wants(2)) {
      s.map().crossEntropyBackward(s.n(), s.in(2), s.in(3), s.gradIn(2), s.write(2));
    }
  }

  @Override
  public String label() {
    return label;
  }

  @Override
  public List<Value> inputs() {
    return List.of(prediction, target, logits, cover, covered, coveredTarget);
  }

  @Override
  public Shape output() {
    return Shape.scalar();
  }

  @Override
  public Keeps keeps() {
    return Keeps.INPUTS;
  }

  @Override
  public long flops() {
    return 8L * prediction.shape().size() + 30L * logits.shape().size();
  }
}
