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

/// **Convolution** (Keras' `Conv2D`, padding `same`).
///
/// *In words.* A small window slides over the image in steps of the stride s; at each stop every
/// output channel is a weighted sum of all values under the window. Pixels beyond the edge are 0.
///
/// *Shapes.* x: N×IH×IW×IC, weights w: k×k×IC×OC, bias b: OC, y: N×OH×OW×OC (I for in, O for
/// out) with OH = ⌈IH/s⌉. Indices: oh = 0…OH−1 runs over y, kh = 0…k−1 over the window, ih =
/// 0…IH−1 over x; ow, kw, iw likewise.
///
/// *Forward.* At stop oh, tap kh lies on row ih = oh·s − p + kh. Of the rows that are missing,
/// max((OH−1)·s + k − IH, 0), the smaller half p lies in front ([Conv2dSpec#same]). As a *gather*:
///
///     y[n,oh,ow,oc] = b[oc] + Σ_{kh,kw,ic} x[n,ih,iw,ic] · w[kh,kw,ic,oc]
///
/// over the taps for which ih and iw lie inside x.
///
/// *Backward: who touched whom, how hard.* y is linear in each factor, so the slope of one is the
/// other: `∂y[oh]/∂w[kh] = x[ih]` and `∂y[oh]/∂x[ih] = w[kh]`. A tap touched an output at every stop, so
/// by the chain rule
///
///     dw[kh,kw,ic,oc] = Σ_{n,oh,ow} x[n,ih,iw,ic] · dy[n,oh,ow,oc]
///
/// where ih and iw lie inside x. A pixel touched those outputs whose window covered it, each through
/// one tap; which, says the equation of ih solved for oh:
///
///     dx[n,ih,iw,ic] = Σ_{kh,kw,oc} dy[n,oh,ow,oc] · w[kh,kw,ic,oc]
///
/// with oh = (ih + p − kh)/s, ow alike, over the taps for which oh and ow are whole numbers within y.
/// The bias touched all, 1 hard:
///
///     db[oc] = Σ_{n,oh,ow} dy[n,oh,ow,oc]
///
/// As a check: without b, y is linear in x and in w (y = Σ x·∂y/∂x), so ⟨y, dy⟩ = ⟨x, dx⟩ = ⟨w, dw⟩.
/// In front of a batch norm db is exactly 0 ([BatchNorm] says why) and is not computed ([Fusion]).
///
/// *By numbers*, one row, s = 2, k = 3, p = 0: x = (1, 2, 3, 4), w = (1, 10, 100), dy = (1, 2) give
/// y = (321, 43), dx = (1, 10, 102, 20), dw = (7, 10, 3), db = 3. A 4×4 image by `explain conv2d`;
/// tables in `src/doc/ops/conv2d.md`.
///
/// *Keeps* x, 4·IH·IW·IC bytes an image, for dw; w is there anyway. dw and db are set; dx is set, or
/// added where another reader of x has set it ([Write]). *Costs* 2·OH·OW·k·k·IC·OC FLOPs an image
/// and pass, three passes in training.
///
/// *Runs* in [dae.kernel.ConvKernels]: `ScalarConv` is the definition, `SimdConv` the speed, and on
/// a device `ClConv` with `conv_forward`, `conv_backward_input` and `conv_backward_filter` of
/// `kernels/conv.cl`.
/// *Proved* by `Conv2dTest` (double transcription, central differences), `ConvContractTest` (SIMD
/// against scalar), `GoldenOpTest`, `AdjointTest`.
public final class Conv2d implements Convolution {
  private final String label;
  private final Value x;
  private final Conv2dSpec spec;
  private final Param w;
  private final Param b;
  private final boolean biasLearns;

  /// @param b null for none
  private Conv2d(String label, Value x, Conv2dSpec spec, Param w, Param b, boolean biasLearns) {
    this.label = label;
    this.x = x;
    this.spec = spec;
    this.w = w;
    this.b = b;
    this.biasLearns = biasLearns;
  }

  /// Records a convolution.
  ///
  /// @param label name of the layer; its parameters are `label/kernel` and `label/bias`
  /// @param x N×H×W×C
  /// @param filters output channels
  /// @param kernel height and width of the window
  /// @param stride step of the window
  /// @return N×⌈H/stride⌉×⌈W/stride⌉×filters
  public static Value conv2d(String label, Value x, int filters, int kernel, int stride) {
    return conv2d(label, x, filters, kernel, stride, Init::glorotUniform, Init.zeros());
  }

  /// The same with other first values.
  ///
  /// @param init those of the kernel
  /// @param bias those of the bias; null for a convolution without one
  public static Value conv2d(
      String label, Value x, int filters, int kernel, int stride, Init.OfFans init, Init bias) {
    Check.image(label, x.shape());
    Check.that(filters >= 1, label, "at least 1 filter", "" + filters, "ask for more");
    Check.that(kernel >= 1, label, "a kernel of at least 1", "" + kernel, "ask for more");
    Check.that(stride >= 1, label, "a stride of at least 1", "" + stride, "ask for more");
    Shape in = x.shape();
    Conv2dSpec spec = Conv2dSpec.same(in.h(), in.w(), in.c(), filters, kernel, stride);
    int taps = kernel * kernel;
    Init first = init.init(taps * in.c(), taps * filters);
    Param w = new Param(label + "/kernel", spec.w(), first, true);
    Param b = bias == null ? null : new Param(label + "/bias", Shape.vector(filters), bias, true);
    return x.graph().add(new Conv2d(label, x, spec, w, b, b != null));
  }

  @Override
  public Conv2dSpec spec() {
    return spec;
  }

  @Override
  public Conv2d withoutBiasGradient() {
    return new Conv2d(label, x, spec, w, b, false);
  }

  @Override
  public void prepare(Setup setup) {
    setup.product(spec, Pass.FORWARD);
    if (setup.training()) {
      setup.product(spec, Pass.BACKWARD_FILTER);
      if (biasLearns) {
        setup.backend().channel().prepare(spec.y(), setup.capacity());
      }
      if (setup.wants(0)) {
        setup.product(spec, Pass.BACKWARD_INPUT);
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
    s.conv().forward(spec, s.n(), x, w, y, write, epilogue, s.workspace(Pass.FORWARD));
  }

  @Override
  public void backward(Step s) {
    Tensor x = s.in(0), w = s.param(0), dy = s.gradOut();
    Tensor dx = s.gradIn(0), dw = s.paramGrad(0);
    s.conv().backwardFilter(spec, s.n(), x, dy, dw, Write.SET, s.workspace(Pass.BACKWARD_FILTER));
    if (biasLearns) {
      s.channel().sum(s.n(), dy, s.paramGrad(1));
    }
    if (s.wants(0)) {
      s.conv()
          .backwardInput(
              spec, s.n(), dy, w, dx, s.write(0), Epilogue.NONE, s.workspace(Pass.BACKWARD_INPUT));
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
    return spec.y();
  }

  @Override
  public Keeps keeps() {
    return Keeps.INPUTS;
  }

  @Override
  public long flops() {
    return 2 * spec.multiplyAdds();
  }
}
