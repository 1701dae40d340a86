package dae.keras;

import dae.file.Safetensors;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/// A layer with weights.
///
/// @param name its path in the file, such as `conv2d_3`
/// @param kind what it seems to be
/// @param weights by Keras' names, `kernel` and `bias`, or `gamma`, `beta`, `moving_mean` and
///   `moving_variance`, in Keras' layouts; by their numbers in the file where it is another layer
public record KerasLayer(String name, Kind kind, Map<String, Safetensors.Entry> weights) {
  /// What a layer is.
  public enum Kind {
    /// A convolution, kernel (kh, kw, in, out).
    CONVOLUTION,
    /// A transposed one, kernel (kh, kw, out, in).
    TRANSPOSED,
    /// A batch norm.
    NORM,
    /// None of these.
    OTHER
  }

  /// Keeps the order of the weights.
  public KerasLayer {
    weights = Collections.unmodifiableMap(new LinkedHashMap<>(weights));
  }

  /// What its name and its weights say of it.
  static KerasLayer of(String name, Map<String, Safetensors.Entry> weights) {
    Safetensors.Entry kernel = weights.get("kernel");
    if (kernel != null && kernel.shape().length == 4) {
      boolean transposed = name.matches("(?i).*(transpose|deconv).*");
      return new KerasLayer(name, transposed ? Kind.TRANSPOSED : Kind.CONVOLUTION, weights);
    }
    boolean norm = weights.containsKey("moving_mean") && weights.containsKey("moving_variance");
    return new KerasLayer(name, norm ? Kind.NORM : Kind.OTHER, weights);
  }
}
