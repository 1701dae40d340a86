package dae.op;

import dae.graph.Op;
import dae.graph.Param;
import dae.graph.Setup;
import dae.graph.Step;
import dae.graph.Value;
import dae.kernel.Activation;
import dae.kernel.Epilogue;
import dae.kernel.Norm;
import dae.kernel.Write;
import dae.tensor.Shape;
import dae.tensor.Tensor;
import java.util.List;
import java.util.stream.Stream;

/// **Convolution and batch normalisation in one**, for inference ([Fusion]).
///
/// *In words.* With the moving averages instead of the batch's, batch normalisation is a fixed
/// scale and shift per channel. The product takes them along on its way to memory.
///
/// *Shapes.* Those of the convolution; scale, shift: C.
///
/// *Forward.* With p the product without its bias b, μ and v the moving averages and r = 1/√(v + ε),
///
///     y = f(γ·(p + b − μ)·r + β) = f(scale·p + shift)
///     scale = γ·r     shift = β + (b − μ)·scale
///
/// *Backward.* None.
///
/// *Keeps* nothing. *Costs* what the convolution does; scale and shift take the place of its bias.
///
/// *Runs* in [dae.kernel.ChannelKernels] (scale and shift) and [dae.kernel.ConvKernels] (the
/// [Epilogue]), on a device `channel_fold` of `kernels/channel.cl` and the product's own store.
/// *Proved* by `FusionTest` (against the plain tape) and the contract tests of the two kernels.
final class FoldedBatchNorm implements Op {
  private final Convolution product;
  private final BatchNorm norm;

  FoldedBatchNorm(Convolution product, BatchNorm norm) {
    this.product = product;
    this.norm = norm;
  }

  @Override
  public void prepare(Setup setup) {
    product.prepare(setup);
  }

  @Override
  public void forward(Step s) {
    Tensor bias = s.param(1), gamma = s.param(2), beta = s.param(3);
    Tensor movingMean = s.param(4), movingVariance = s.param(5);
    Tensor r = s.saved(0), scale = s.saved(1), shift = s.saved(2);
    Activation f = norm.activation();
    s.channel().inverseDeviation(movingVariance, BatchNorm.EPSILON, r);
    s.channel().fold(new Norm(movingMean, r, gamma, beta, f), bias, scale, shift);
    product.forward(s, Write.SET, new Epilogue(scale, shift, f));
  }

  @Override
  public void backward(Step s) {
    throw new IllegalStateException(
        label() + ": expected an inference plan, got a training one — compile without folding");
  }

  @Override
  public String label() {
    return product.label();
  }

  @Override
  public List<Value> inputs() {
    return product.inputs();
  }

  /// Filter, bias, γ, β, moving mean, moving variance.
  @Override
  public List<Param> params() {
    return Stream.concat(product.params().stream(), norm.params().stream()).toList();
  }

  @Override
  public Shape output() {
    return product.output();
  }

  @Override
  public Keeps keeps() {
    return Keeps.NOTHING;
  }

  @Override
  public List<Shape> saved() {
    return norm.saved();
  }

  @Override
  public long flops() {
    return product.flops();
  }
}
