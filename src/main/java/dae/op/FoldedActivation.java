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
import dae.tensor.Tensor;
import java.util.List;

/// **Convolution and activation in one** ([Fusion]).
///
/// *In words.* The product goes through the function on its way to memory, instead of being stored,
/// read and stored again.
///
/// *Shapes.* Those of the convolution.
///
/// *Forward.* With p the product and b its bias, `y = f(p + b)`.
///
/// *Backward.* f's, from y alone as f has it by itself, over dy; then the convolution's with that.
///
/// *Keeps* the convolution's input, and y. *Costs* what the convolution does; backwards two reads
/// and one write more.
///
/// *Runs* in [dae.kernel.ConvKernels] (the [Epilogue]): on a device within the product's own store,
/// `conv_forward` and `conv_backward_input` of `kernels/conv.cl`; backwards also in
/// [dae.kernel.MapKernels]. *Proved* by `FusionTest` (against the plain tape) and
/// `ConvContractTest`.
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
    Tensor y = s.out(), dy = s.gradOut();
    switch (f) {
      case RELU -> s.map().reluBackward(s.n(), y, dy, dy, Write.SET);
      case LEAKY_RELU -> s.map().leakyReluBackward(s.n(), y, dy, dy, Write.SET);
      case SIGMOID -> s.map().sigmoidBackward(s.n(), y, dy, dy, Write.SET);
      case IDENTITY -> {}
    }
    product.backward(s);
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
  public boolean gradientsLast() {
    return true;
  }

  @Override
  public Keeps keeps() {
    return Keeps.BOTH;
  }

  @Override
  public long flops() {
    return product.flops();
  }
}
