package dae.op;

import dae.graph.Init;
import dae.graph.Param;
import dae.graph.Setup;
import dae.graph.Step;
import dae.graph.Value;
import dae.kernel.Conv2dSpec;
import dae.kernel.Epilogue;
import dae.kernel.Pass;
import dae.kernel.Write;
import dae.tensor.Check;
import dae.tensor.Shape;
import dae.tensor.Tensor;
import java.util.List;

/// **Transposed convolution** (Keras' `Conv2DTranspose`, padding `same`).
///
/// *In words.* Every input pixel stamps its window of weights onto the output, in steps of the
/// stride s; overlapping stamps add up, and what hangs over the edge is cut off: the way an image
/// grows again.
///
/// *Shapes.* x: N×H×W×C, weights w: k×k×F×C (Keras' layout: the F output channels first), bias b: F,
/// y: N×(H·s)×(W·s)×F, with k ≥ s. Indices: oh = 0…H−1 runs over x, kh = 0…k−1 over the window, ih =
/// 0…H·s−1 over y; ow, kw, iw likewise.
///
/// *Forward.* Pixel oh lays tap kh on row ih = oh·s − p + kh. Of the k − s rows too many, p =
/// ⌊(k−s)/2⌋ are cut off in front, the others behind. As a *stamp*, with y = b to begin with:
///
///     for all n, oh, ow, kh, kw with ih, iw inside y:
///         y[n,ih,iw,f] += Σ_c x[n,oh,ow,c] · w[kh,kw,f,c]
///
/// As a *gather*, one output asks who touched it, which is the same equation solved for oh:
///
///     y[n,ih,iw,f] = b[f] + Σ_{kh,kw,c} x[n,oh,ow,c] · w[kh,kw,f,c]
///
/// with oh = (ih + p − kh)/s, ow alike, over the taps for which oh and ow are whole numbers within x.
///
/// *Backward: who touched whom, how hard.* `x[oh]` touched `y[ih]` `w[kh]` hard, so it hears as much
/// of `dy[ih]`; tap kh touched `y[ih]` `x[oh]` hard, once for each oh; b touched all of y, 1 hard:
///
///     dx[n,oh,ow,c] = Σ_{kh,kw,f : ih,iw inside} dy[n,ih,iw,f] · w[kh,kw,f,c]
///     dw[kh,kw,f,c] = Σ_{n,oh,ow : ih,iw inside} dy[n,ih,iw,f] · x[n,oh,ow,c]
///     db[f] = Σ_{n,ih,iw} dy[n,ih,iw,f]
///
/// dx is a plain convolution of dy in steps of s: call it K, then y = Kᵀx + b, and the adjoint
/// confirms both: without b, ⟨y, dy⟩ = ⟨Kᵀx, dy⟩ = ⟨x, K dy⟩ = ⟨x, dx⟩; and = ⟨w, dw⟩, as y is
/// linear in w too: y = Σ w·∂y/∂w. So there is no kernel for it: y is K's *input gradient* with x
/// as its dy, dx is K's *forward* pass on dy, dw is K's *filter gradient* with dy as the image
/// ([Conv2dSpec#transposed]).
///
/// *By numbers*, one row, s = 2, k = 3, p = 0: x = (1, 2), w = (1, 10, 100), dy = (1, 2, 3, 4) give
/// y = (1, 10, 102, 20), dx = (321, 43), dw = (7, 10, 3), db = 10; ⟨y, dy⟩ = ⟨x, dx⟩ = ⟨w, dw⟩ = 407.
/// More by `explain conv_transpose2d`; drawings in `src/doc/ops/conv_transpose2d.md`.
///
/// *Keeps* x, 4·H·W·C bytes an image, for dw. dw and db are set; dx is set, or added where another
/// reader of x has set it ([Write]). *Costs* 2·H·W·k·k·F·C FLOPs an image and pass.
///
/// *Runs* in [dae.kernel.ConvKernels] as `backwardInput`, backward as `forward` and
/// `backwardFilter` (`ScalarConv` is the definition); on a device `conv_backward_input`,
/// `conv_forward`, `conv_backward_filter` of `kernels/conv.cl`. *Proved* by `ConvTranspose2dTest`,
/// `AdjointTest`, `GoldenOpTest`, `ConvContractTest`.
public final class ConvTranspose2d implements Convolution {
  private final String label;
  private final Value x;
  private final Conv2dSpec mirror;
  private final Param w;
  private final Param b;
  private final boolean biasLearns;

  /// @param b null for none
  private ConvTranspose2d(
      String label, Value x, Conv2dSpec mirror, Param w, Param b, boolean biasLearns) {
    this.label = label;
    this.x = x;
    this.mirror = mirror;
    this.w = w;
    this.b = b;
    this.biasLearns = biasLearns;
  }

  /// Records a transposed convolution.
  ///
  /// @param label name of the layer; its parameters are `label/kernel` and `label/bias`
  /// @param x N×H×W×C
  /// @param filters output channels
  /// @param kernel height and width of the window, at least the stride
  /// @param stride step between stamps
  /// @return N×(H·stride)×(W·stride)×filters
  public static Value convTranspose2d(String label, Value x, int filters, int kernel, int stride) {
    int taps = kernel * kernel;
    // Keras takes the fans from the kernel's extents alone.
    Init glorot = Init.glorotUniform(taps * x.shape().c(), taps * filters);
    return convTranspose2d(label, x, filters, kernel, stride, (in, out) -> glorot, Init.zeros());
  }

  /// The same with other first values.
  ///
  /// @param init those of the kernel
  /// @param bias those of the bias; null for a layer without one
  public static Value convTranspose2d(
      String label, Value x, int filters, int kernel, int stride, Init.OfFans init, Init bias) {
    Check.image(label, x.shape());
    Check.that(filters >= 1, label, "at least 1 filter", "" + filters, "ask for more");
    Check.that(stride >= 1, label, "a stride of at least 1", "" + stride, "ask for more");
    Check.that(
        kernel >= stride,
        label,
        "a kernel of at least the stride " + stride,
        "" + kernel,
        "choose a larger kernel, or some outputs would get nothing");
    Shape in = x.shape();
    Conv2dSpec mirror = Conv2dSpec.transposed(in.h(), in.w(), in.c(), filters, kernel, stride);
    int taps = kernel * kernel;
    Init first = init.init(Math.ceilDiv(taps, stride * stride) * in.c(), taps * filters);
    Param w = new Param(label + "/kernel", mirror.w(), first, true);
    Param b = bias == null ? null : new Param(label + "/bias", Shape.vector(filters), bias, true);
    return x.graph().add(new ConvTranspose2d(label, x, mirror, w, b, b != null));
  }

  @Override
  public Conv2dSpec spec() {
    return mirror;
  }

  @Override
  public ConvTranspose2d withoutBiasGradient() {
    return new ConvTranspose2d(label, x, mirror, w, b, false);
  }

  @Override
  public void prepare(Setup setup) {
    setup.product(mirror, Pass.BACKWARD_INPUT);
    if (setup.training()) {
      setup.product(mirror, Pass.BACKWARD_FILTER);
      if (biasLearns) {
        setup.backend().channel().prepare(mirror.x(), setup.capacity());
      }
      if (setup.wants(0)) {
        setup.product(mirror, Pass.FORWARD);
      }
    }
  }

  @Override
  public void forward(Step s) {
    forward(s, Write.SET, Epilogue.bias(bias(s)));
  }

  @Override
  public void forward(Step s, Write write, Epilogue epilogue) {
    Tensor x = s.in(0), w = s.param(0), y = s.out();
    s.conv()
        .backwardInput(mirror, s.n(), x, w, y, write, epilogue, s.workspace(Pass.BACKWARD_INPUT));
  }

  @Override
  public void backward(Step s) {
    Tensor x = s.in(0), w = s.param(0), dy = s.gradOut();
    Tensor dx = s.gradIn(0), dw = s.paramGrad(0);
    s.conv().backwardFilter(mirror, s.n(), dy, x, dw, Write.SET, s.workspace(Pass.BACKWARD_FILTER));
    if (biasLearns) {
      s.channel().sum(s.n(), dy, s.paramGrad(1));
    }
    if (s.wants(0)) {
      s.conv()
          .forward(mirror, s.n(), dy, w, dx, s.write(0), Epilogue.NONE, s.workspace(Pass.FORWARD));
    }
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
    return b == null ? List.of(w) : List.of(w, b);
  }

  @Override
  public Shape output() {
    return mirror.x();
  }

  @Override
  public Keeps keeps() {
    return Keeps.INPUTS;
  }

  @Override
  public long flops() {
    return 2 * mirror.multiplyAdds();
  }
}
