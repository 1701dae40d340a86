package peers;

import dae.graph.Graph;
import dae.graph.Value;
import dae.kernel.Conv2dSpec;
import dae.op.Add;
import dae.op.BatchNorm;
import dae.op.Blend;
import dae.op.Clip;
import dae.op.Concat;
import dae.op.Conv2d;
import dae.op.ConvTranspose2d;
import dae.op.LeakyRelu;
import dae.op.Relu;
import dae.op.Sigmoid;
import dae.op.Slice;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The layers that a framework has to offer. The network itself is read off our tape, so that it is
/// described once.
///
/// @param <T> what the framework calls an intermediate result
interface Layers<T> {
  /// A convolution with bias.
  ///
  /// @param name its parameters are `name/kernel` and `name/bias`
  T conv(String name, T x, Conv2dSpec spec);

  /// A transposed convolution with bias.
  ///
  /// @param mirror the convolution that it mirrors
  T convTranspose(String name, T x, Conv2dSpec mirror);

  T batchNorm(String name, T x);

  T relu(T x);

  /// Of slope [dae.kernel.Activation#SLOPE].
  T leakyRelu(T x);

  T sigmoid(T x);

  /// Along the channels.
  T concat(T a, T b);

  /// Some of the channels.
  T slice(T x, int from, int channels);

  /// `x + mask·change`; the mask has one channel.
  T blend(T x, T mask, T change);

  /// As on our tapes, a is not read again.
  T add(T a, T b);

  /// To the range from 0 to 1.
  T clip(T x);

  /// Calls the layers in the tape's order. A batch norm that was folded into the weights is left
  /// out, and so is clipping in training.
  default T denoise(Weights weights, boolean training, T noisy) {
    Map<Value, T> made = new HashMap<>();
    made.put(weights.model().noisy(), noisy);
    for (Graph.Entry entry : weights.model().graph().tape()) {
      String name = entry.op().label();
      List<Value> inputs = entry.op().inputs();
      T x = made.get(inputs.getFirst());
      T y =
          switch (entry.op()) {
            case Conv2d product -> conv(name, x, product.spec());
            case ConvTranspose2d product -> convTranspose(name, x, product.spec());
            case BatchNorm _ -> weights.all().containsKey(name + "/gamma") ? batchNorm(name, x) : x;
            case Relu _ -> relu(x);
            case LeakyRelu _ -> leakyRelu(x);
            case Sigmoid _ -> sigmoid(x);
            case Concat _ -> concat(x, made.get(inputs.get(1)));
            case Add _ -> add(x, made.get(inputs.get(1)));
            case Slice slice -> slice(x, slice.from(), entry.output().shape().c());
            case Blend _ -> blend(x, made.get(inputs.get(1)), made.get(inputs.get(2)));
            case Clip _ -> training ? x : clip(x);
            default ->
                throw new UnsupportedOperationException(
                    name + ": expected a layer of the list in Layers, got another — add it there");
          };
      made.put(entry.output(), y);
    }
    return made.get(weights.model().denoised());
  }

  /// Rows, and columns, of zeros in front and behind together; Keras has the smaller half in front.
  static int padding(Conv2dSpec spec) {
    return Math.max((spec.oh() - 1) * spec.stride() + spec.kh() - spec.ih(), 0);
  }
}
