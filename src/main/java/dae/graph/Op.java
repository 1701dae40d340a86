package dae.graph;

import dae.tensor.Shape;
import java.util.List;

/// One entry of the tape: a formula and its derivative. An op holds no data; it says what it reads
/// and what it makes, and speaks to kernels through the [Step] that the plan bound for it.
public interface Op {
  /// What of the forward pass the backward pass reads again; the plan keeps just that.
  enum Keeps {
    NOTHING,
    INPUTS,
    OUTPUT,
    BOTH;

    boolean inputs() {
      return this == INPUTS || this == BOTH;
    }

    boolean output() {
      return this == OUTPUT || this == BOTH;
    }
  }

  /// For traces and messages: `conv_block1/conv2d`.
  String label();

  List<Value> inputs();

  default List<Param> params() {
    return List.of();
  }

  Shape output();

  Keeps keeps();

  /// Small tensors that live from forward to backward. One of an image's shape has room for all
  /// images of a run.
  default List<Shape> saved() {
    return List.of();
  }

  /// Whether the output is nothing but the inputs side by side along the channels, so that the plan
  /// may let them live there.
  default boolean concatenates() {
    return false;
  }

  /// The one input, of the output's shape, over which the forward pass may write the output; -1 for
  /// none.
  default int forwardInPlace() {
    return -1;
  }

  /// The one input, of the output's shape, whose gradient the backward pass may write over that of
  /// the output when it is done with the others; -1 for none.
  default int backwardInPlace() {
    return -1;
  }

  /// Whether the backward pass has read the inputs it keeps before it writes their gradients, which
  /// may then take their memory.
  default boolean gradientsLast() {
    return false;
  }

  /// Announces which kernels with which extents it will call. Asked once, when a plan is compiled.
  default void prepare(Setup setup) {}

  void forward(Step s);

  /// Writes the gradients of those inputs that want one ([Step#wants]) and of the trainable
  /// parameters.
  void backward(Step s);

  /// Floating-point operations of one image's forward pass, a multiply-add counted as two, padding
  /// counted as data.
  default long flops() {
    return output().size();
  }
}
