package peers;

import dae.file.Safetensors;
import dae.graph.Param;
import dae.model.Denoising;
import dae.model.Networks;
import dae.onnx.Folding;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/// The network that every framework runs and the parameters that it starts from, by our names and
/// in our order of axes: filters are KH×KW×I×O, for a transposed convolution those of the
/// convolution that it mirrors.
///
/// @param model our tape of it, without loss
/// @param all without the batch norms that are [#folded]
record Weights(Denoising model, Map<String, Numbers> all) {
  /// One parameter.
  record Numbers(int[] shape, float[] values) {
    long[] longShape() {
      return java.util.Arrays.stream(shape).asLongStream().toArray();
    }

    /// A filter as O×I×KH×KW, which NCHW frameworks want for both kinds of convolution.
    ///
    /// @param mirrored both ways, see [Torch]
    Numbers planes(boolean mirrored) {
      int taps = shape[0] * shape[1];
      int in = shape[2];
      int out = shape[3];
      float[] to = new float[values.length];
      for (int t = 0; t < taps; t++) {
        for (int i = 0; i < in; i++) {
          for (int o = 0; o < out; o++) {
            int u = mirrored ? taps - 1 - t : t;
            to[(o * in + i) * taps + u] = values[(t * in + i) * out + o];
          }
        }
      }
      return new Numbers(new int[] {out, in, shape[0], shape[1]}, to);
    }
  }

  /// Random values for every parameter, so that everything counts: kernels that start as zeros too,
  /// and moving statistics.
  static Weights random(String network, int side) {
    Random random = new Random(2);
    Map<String, Numbers> all = new LinkedHashMap<>();
    Denoising model = Denoising.inference(Networks.named(network), side, side);
    for (Param param : model.graph().params()) {
      float[] values = new float[param.shape().size()];
      param.init().fill(values, 1, all.size());
      float spread = param.name().endsWith("/kernel") ? 0.02f : 0.4f;
      for (int i = 0; i < values.length; i++) {
        values[i] += spread * (random.nextFloat() - 0.5f);
      }
      all.put(param.name(), new Numbers(param.shape().extents(), values));
    }
    return new Weights(model, all);
  }

  Numbers get(String name) {
    return all.get(name);
  }

  long count() {
    return all.values().stream().mapToLong(numbers -> numbers.values().length).sum();
  }

  /// What Adam changes.
  ///
  /// @param busy without the biases in front of a batch norm, which subtracts them again: their
  ///   gradient is 0
  Set<String> learnt(boolean busy) {
    Set<String> names = new LinkedHashSet<>();
    model.graph().params().stream().filter(Param::trainable).map(Param::name).forEach(names::add);
    if (busy) {
      Folding.normed(model.graph())
          .keySet()
          .forEach(product -> names.remove(product.label() + "/bias"));
    }
    return names;
  }

  /// As our own files have them.
  Map<String, Safetensors.Entry> entries() {
    Map<String, Safetensors.Entry> entries = new LinkedHashMap<>();
    all.forEach((name, numbers) ->
        entries.put(name, new Safetensors.Entry(numbers.shape(), numbers.values())));
    return entries;
  }

  /// Without batch norm behind a convolution.
  Weights folded() {
    Map<String, Numbers> folded = new LinkedHashMap<>();
    Folding.of(model.graph(), entries())
        .forEach((name, entry) -> folded.put(name, new Numbers(entry.shape(), entry.data())));
    return new Weights(model, folded);
  }
}
