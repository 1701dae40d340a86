package peers;

import dae.backend.Backends;
import dae.graph.Graph;
import dae.graph.Op;
import dae.graph.Param;
import dae.graph.Parameters;
import dae.kernel.Backend;
import dae.model.Checkpoint;
import dae.model.Denoising;
import dae.model.Networks;
import dae.op.BatchNorm;
import dae.op.ConvTranspose2d;
import dae.op.Convolution;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
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
  static Weights random(String network) {
    Random random = new Random(2);
    Map<String, Numbers> all = new LinkedHashMap<>();
    Denoising model = Denoising.inference(Networks.named(network), Images.SIDE, Images.SIDE);
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

  /// Those of a model.
  static Weights of(Checkpoint checkpoint) {
    Map<String, Numbers> all = new LinkedHashMap<>();
    Denoising model = Denoising.inference(checkpoint.network(), Images.SIDE, Images.SIDE);
    try (Backend backend = Backends.open("scalar", 1);
        Parameters parameters = checkpoint.parameters(backend)) {
      for (Param param : model.graph().params()) {
        all.put(param.name(), new Numbers(param.shape().extents(), parameters.get(param.name())));
      }
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
      normed().keySet().forEach(product -> names.remove(product.label() + "/bias"));
    }
    return names;
  }

  /// Without batch norm behind a convolution.
  Weights folded() {
    Map<String, Numbers> folded = new LinkedHashMap<>(all);
    normed().forEach((product, norm) -> fold(product, norm, folded));
    return new Weights(model, folded);
  }

  /// With s = γ/√(variance + ε), a filter's output channel becomes w·s and its bias (b − mean)·s +
  /// β.
  private static void fold(Convolution product, BatchNorm norm, Map<String, Numbers> all) {
    String kernel = product.label() + "/kernel";
    String bias = product.label() + "/bias";
    float[] gamma = all.remove(norm.label() + "/gamma").values();
    float[] beta = all.remove(norm.label() + "/beta").values();
    float[] mean = all.remove(norm.label() + "/moving_mean").values();
    float[] variance = all.remove(norm.label() + "/moving_variance").values();
    Numbers w = all.get(kernel);
    float[] foldedW = w.values().clone();
    float[] foldedB = all.get(bias).values().clone();
    double[] s = new double[foldedB.length];
    for (int c = 0; c < s.length; c++) {
      s[c] = gamma[c] / Math.sqrt(variance[c] + BatchNorm.EPSILON);
      foldedB[c] = (float) ((foldedB[c] - mean[c]) * s[c] + beta[c]);
    }
    int in = w.shape()[2];
    int out = w.shape()[3];
    for (int k = 0; k < foldedW.length; k++) {
      foldedW[k] *= (float) s[product instanceof ConvTranspose2d ? k / out % in : k % out];
    }
    all.put(kernel, new Numbers(w.shape(), foldedW));
    all.put(bias, new Numbers(all.get(bias).shape(), foldedB));
  }

  /// Every convolution that only a batch norm reads, and that.
  private Map<Convolution, BatchNorm> normed() {
    Map<Convolution, BatchNorm> normed = new LinkedHashMap<>();
    for (Graph.Entry entry : model.graph().tape()) {
      List<Op> readers =
          model.graph().tape().stream()
              .map(Graph.Entry::op)
              .filter(op -> op.inputs().contains(entry.output()))
              .toList();
      if (entry.op() instanceof Convolution product
          && readers.size() == 1
          && readers.getFirst() instanceof BatchNorm norm) {
        normed.put(product, norm);
      }
    }
    return normed;
  }
}
