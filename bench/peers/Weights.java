package peers;

import dae.graph.Param;
import dae.model.Denoising;
import dae.model.Networks;
import dae.op.BatchNorm;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;

/// The parameters that every framework starts from, by our names and in our order of axes: filters
/// are KH×KW×I×O, for a transposed convolution those of the convolution that it mirrors.
record Weights(Map<String, Numbers> all) {
  /// One parameter.
  record Numbers(int[] shape, float[] values, boolean trainable) {
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
      return new Numbers(new int[] {out, in, shape[0], shape[1]}, to, trainable);
    }
  }

  /// Random values for every parameter of our model; moving statistics too, so that inference has
  /// something to get wrong.
  static Weights random() {
    Random random = new Random(2);
    Map<String, Numbers> all = new LinkedHashMap<>();
    int side = Images.SIDE;
    var graph = Denoising.inference(Networks.named(Networks.DEFAULT), side, side).graph();
    for (Param param : graph.params()) {
      float[] values = new float[param.shape().size()];
      param.init().fill(values, 1, all.size());
      for (int i = 0; i < values.length; i++) {
        values[i] += param.name().endsWith("/kernel") ? 0 : 0.4f * (random.nextFloat() - 0.5f);
      }
      all.put(param.name(), new Numbers(param.shape().extents(), values, param.trainable()));
    }
    return new Weights(all);
  }

  Numbers get(String name) {
    return all.get(name);
  }

  long count() {
    return all.values().stream().mapToLong(numbers -> numbers.values().length).sum();
  }

  /// Without batch norm: with s = γ/√(variance + ε), a filter's output channel becomes w·s and its
  /// bias (b − mean)·s + β.
  Weights folded() {
    Map<String, Numbers> folded = new LinkedHashMap<>(all);
    folded.keySet().removeIf(name -> name.contains("/batch_normalization/"));
    for (String kernel : all.keySet()) {
      String block = kernel.substring(0, kernel.indexOf('/'));
      String norm = block + "/batch_normalization/";
      if (kernel.endsWith("/kernel") && all.containsKey(norm + "gamma")) {
        String bias = kernel.replace("/kernel", "/bias");
        Numbers w = get(kernel);
        Numbers b = get(bias);
        float[] foldedW = w.values().clone();
        float[] foldedB = b.values().clone();
        int in = w.shape()[2];
        int out = w.shape()[3];
        boolean transposed = kernel.contains("transpose");
        double[] s = new double[foldedB.length];
        for (int c = 0; c < s.length; c++) {
          double variance = get(norm + "moving_variance").values()[c];
          s[c] = get(norm + "gamma").values()[c] / Math.sqrt(variance + BatchNorm.EPSILON);
          double shifted = foldedB[c] - get(norm + "moving_mean").values()[c];
          foldedB[c] = (float) (shifted * s[c] + get(norm + "beta").values()[c]);
        }
        for (int k = 0; k < foldedW.length; k++) {
          foldedW[k] *= (float) s[transposed ? k / out % in : k % out];
        }
        folded.put(kernel, new Numbers(w.shape(), foldedW, w.trainable()));
        folded.put(bias, new Numbers(b.shape(), foldedB, b.trainable()));
      }
    }
    return new Weights(folded);
  }
}
