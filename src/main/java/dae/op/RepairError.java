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
/// *In words.* Three errors that weigh the same. The picture should be near to what it was, a little
/// scratch counting as much as a large stain: this is [PsnrError]'s. Beside weak noise everywhere a
/// scratch counts for nothing even so: hence the same error again, of what was covered alone. Last,
/// the mask should say how far each pixel was covered. In the second error it has no part: judged
/// through the mask, a faint mask and a change that is too strong would do as well.
///
/// *Shapes.* p (prediction), q (the prediction if the mask were 1 everywhere), t (target): N×H×W×C;
/// z (the mask before its sigmoid σ(z) = 1 / (1 + exp(−z))), c (how far a pixel was covered, from 0
/// to 1): N×H×W×1; L: a scalar.
///
/// *Forward.* With M = N·H·W pixels, ε = 10⁻⁵, and for each image
///
///     e = Σ (p − t)² / (H·W·C)     u = Σ c²·(q − t)² / (H·W·C)
///
///     L = Σ log(1 + e/ε) / N + Σ log(1 + u/ε) / N + Σ B / M
///
/// u is the e of two [Blend]s, t + c·q and t + c·t, which differ by c·(q − t). B is the
/// cross-entropy, what an answer σ(z) costs a pixel if the truth is c:
///
///     B = −c·log σ(z) − (1 − c)·log(1 − σ(z))
///       = (1 − c)·z + log(1 + exp(−z)) = max(z, 0) − c·z + log(1 + exp(−|z|))
///
/// by log σ(z) = −log(1 + exp(−z)), log(1 − σ(z)) = −z + log σ(z), and for z < 0 by log(1 + exp(−z))
/// = −z + log(1 + exp(z)). In the last form no exponential overflows and no logarithm meets 0.
///
/// *Backward.* The first two terms as in [PsnrError]; of c², one c is from the difference, the other
/// from the way back through the blend. ∂B/∂z = 1 − c − exp(−z) / (1 + exp(−z)) = σ(z) − c:
///
///     dp = 2·(p − t) / (M·C·(e + ε))     dq = 2·c²·(q − t) / (M·C·(u + ε))
///     dz = (σ(z) − c) / M
///
/// dz is at most 1/M however wrong z is. With the sigmoid as an op of its own, ∂B/∂σ = (σ − c) / (σ·(1 −
/// σ)) would have divided by a number near 0.
///
/// Target and cover are data.
///
/// *Keeps* p, t, z, c and both blends; e and u are computed again. *Costs* one read of each forward;
/// backward two of p, t and the blends, one of z and c, and three writes.
///
/// *Runs* in [dae.kernel.PixelKernels] (`pixel_psnr_error_parts`, `pixel_psnr_error_backward` of
/// `kernels/pixel.cl`) and [dae.kernel.MapKernels] (`map_cross_entropy_parts`,
/// `map_cross_entropy_backward`, `map_mean` of `kernels/map.cl`); the loops are `ScalarPixel` and
/// `ScalarMap`.
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
