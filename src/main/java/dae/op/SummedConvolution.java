package dae.op;

import dae.graph.Op;
import dae.graph.Param;
import dae.graph.Setup;
import dae.graph.Step;
import dae.graph.Value;
import dae.kernel.Epilogue;
import dae.kernel.Write;
import dae.tensor.Shape;
import java.util.List;

/// **Convolution and sum in one** ([Fusion]).
///
/// *In words.* The product adds itself to the other summand on its way to memory.
///
/// *Shapes.* Those of the convolution; the addend a has the shape of its output.
///
/// *Forward.* With p the product and b its bias, `y = a`, then `y += p + b`. In inference a as a
/// rule lives where y does, and there is nothing to copy.
///
/// *Backward.* The convolution's with dy, and `da = dy`, which as a rule lies where dy does.
///
/// *Keeps* the convolution's input. *Costs* what the convolution does and, where a must stay as it
/// is, a copy.
///
/// *Runs* in [dae.kernel.ConvKernels] with [Write#ADD], and [dae.kernel.MapKernels#copy]. *Proved*
/// by `FusionTest` (against the plain tape).
final class SummedConvolution implements Op {
  private final Convolution product;
  private final Value addend;
  private final String label;

  /// @param label of the sum
  SummedConvolution(Convolution product, Value addend, String label) {
    this.product = product;
    this.addend = addend;
    this.label = label;
  }

  @Override
  public void prepare(Setup setup) {
    product.prepare(setup);
  }

  @Override
  public void forward(Step s) {
    if (!s.placed(1)) {
      s.map().copy(s.n(), s.in(1), s.out(), Write.SET);
    }
    product.forward(s, Write.ADD, Epilogue.bias(product.bias(s)));
  }

  @Override
  public void backward(Step s) {
    product.backward(s);
    s.passGradient(1);
  }

  @Override
  public String label() {
    return product.label() + " + " + label;
  }

  @Override
  public List<Value> inputs() {
    return List.of(product.inputs().getFirst(), addend);
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
  public int forwardInPlace() {
    return 1;
  }

  @Override
  public int backwardInPlace() {
    return 1;
  }

  @Override
  public boolean gradientsLast() {
    return product.gradientsLast();
  }

  @Override
  public Keeps keeps() {
    return product.keeps();
  }

  @Override
  public long flops() {
    return product.flops() + output().size();
  }
}
