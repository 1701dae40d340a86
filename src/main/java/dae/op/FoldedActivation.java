package dae.op;

import dae.graph.Op;
import dae.graph.Param;
import dae.graph.Setup;
import dae.graph.Step;
import dae.graph.Value;
import dae.kernel.Activation;
import dae.kernel.Epilogue;
import dae.kernel.Write;
import dae.tensor.Shape;
import java.util.List;

/// **Convolution and activation in one**, for inference ([Fusion]).
///
/// *In words.* The product goes through the function on its way to memory, instead of being stored,
/// read and stored again.
///
/// *Shapes.* Those of the convolution.
///
/// *Forward.* With p the product and b its bias, `y = f(p + b)`.
///
/// *Backward.* None.
///
/// *Keeps* nothing. *Costs* what the convolution does.
///
/// *Runs* in [dae.kernel.ConvKernels] (the [Epilogue]): on a device within the product's own store,
/// `conv_forward` and `conv_backward_input` of `kernels/conv.cl`. *Proved* by `FusionTest` (against
/// the plain tape) and `ConvContractTest`.
final class FoldedActivation implements Op {
  private final Convolution product;
  private final Activation f;

  FoldedActivation(Convolution product, Activation f) {
    this.product = product;
    this.f = f;
  }

  @Override
  public void prepare(Setup setup) {
    product.prepare(setup);
  }

  @Override
  public void forward(Step s) {
    product.forward(s, Write.SET, new Epilogue(null, product.bias(s), f));
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

  @Override
  public List<Param> params() {
    return product.params();
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
  public long flops() {
    return product.flops();
  }
}
