package dae.op;

import dae.graph.Op;
import dae.graph.Step;
import dae.graph.Value;
import dae.kernel.Write;
import dae.tensor.Check;
import dae.tensor.Shape;
import java.util.List;

/// **PSNR loss** (Chen et al., HINet, 2021; NAFNet, 2022), for images of unlike noise.
///
/// *In words.* Where some images are a hundred times noisier than others, the mean squared error
/// listens to those alone. What is reported is the mean of the images' PSNR, in which every image
/// has one voice: its own error, on a logarithmic scale.
///
/// *Shapes.* p (prediction), t (target): N×H×W×C; L: a scalar.
///
/// *Forward.* With the squared error of one image, e = Σ (p − t)² / (H·W·C),
///
///     L = Σ log(1 + e/ε) / N        ε = 10⁻⁴
///
/// As PSNR = −10·log₁₀ e, and log(1 + e/ε) = log(e + ε) − log ε, L is the mean PSNR but for its
/// sign, the factor 10/log 10, a constant that makes L ≥ 0, and ε: an image near 40 dB is good
/// enough and counts for less and less.
///
/// *Backward.* The slope of log(1 + e/ε) is 1/(e + ε), and de/dp = 2·(p − t) / (H·W·C), so
///
///     dp = 2·(p − t) / (N·H·W·C·(e + ε))     dt = 2·(t − p) / (N·H·W·C·(e + ε))
///
/// the mean squared error's, each image's divided by its own error.
///
/// *Keeps* p and t; e is computed again. *Costs* two reads forward; four reads and one write
/// backward.
///
/// *Runs* in [dae.kernel.PixelKernels]: `ScalarPixel`, `SimdPixel`, `ClPixel` with
/// `pixel_psnr_error_parts` and `pixel_psnr_error_backward` of `kernels/pixel.cl`, and `map_mean`.
/// *Proved* by `LossOpTest` (central differences, a loud image beside a quiet one),
/// `PixelContractTest`.
public final class PsnrError implements Op {
  /// ε, 40 dB.
  static final float EPSILON = 1e-4f;

  private final String label;
  private final Value prediction;
  private final Value target;

  private PsnrError(String label, Value prediction, Value target) {
    this.label = label;
    this.prediction = prediction;
    this.target = target;
  }

  /// Records the loss.
  ///
  /// @param prediction N×H×W×C, from 0 to 1
  /// @param target the same shape
  /// @return a scalar
  public static Value psnrError(String label, Value prediction, Value target) {
    Check.image(label, prediction.shape());
    Check.same(label, prediction.shape(), target.shape());
    return prediction.graph().add(new PsnrError(label, prediction, target));
  }

  @Override
  public void forward(Step s) {
    s.pixel().psnrError(s.n(), s.in(0), s.in(1), EPSILON, s.out(), Write.SET);
  }

  @Override
  public void backward(Step s) {
    if (s.wants(0)) {
      s.pixel().psnrErrorBackward(s.n(), s.in(0), s.in(1), EPSILON, s.gradIn(0), s.write(0));
    }
    if (s.wants(1)) {
      s.pixel().psnrErrorBackward(s.n(), s.in(1), s.in(0), EPSILON, s.gradIn(1), s.write(1));
    }
  }

  @Override
  public String label() {
    return label;
  }

  @Override
  public List<Value> inputs() {
    return List.of(prediction, target);
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
    return 3L * prediction.shape().size();
  }
}
