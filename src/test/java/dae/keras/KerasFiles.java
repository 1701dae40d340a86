package dae.keras;

import dae.model.Golden;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/// The golden weights as Keras would have saved the article's model.
public final class KerasFiles {
  static final List<String> PRODUCT = List.of("kernel", "bias");
  static final List<String> NORM = List.of("gamma", "beta", "moving_mean", "moving_variance");

  private KerasFiles() {}

  /// The layers of the article's model in its order, by Keras' automatic names, each with our name.
  static Map<String, String> layers() {
    Map<String, String> layers = new LinkedHashMap<>();
    int norm = 0;
    for (int i = 1; i <= 5; i++) {
      layers.put(numbered("conv2d", i - 1), "conv_block" + i + "/conv2d");
      layers.put(
          numbered("batch_normalization", norm++), "conv_block" + i + "/batch_normalization");
    }
    for (int i = 1; i <= 4; i++) {
      layers.put(numbered("conv2d_transpose", i - 1), "deconv_block" + i + "/conv2d_transpose");
      layers.put(
          numbered("batch_normalization", norm++), "deconv_block" + i + "/batch_normalization");
    }
    layers.put(numbered("conv2d_transpose", 4), "final_deconv/conv2d_transpose");
    return layers;
  }

  private static String numbered(String name, int i) {
    return i == 0 ? name : name + "_" + i;
  }

  private static List<String> weights(String layer) {
    return layer.startsWith("batch") ? NORM : PRODUCT;
  }

  /// All layers as those of a model that is itself a layer: first what is learnt, then statistics.
  public static void nested(Hdf5Writer.Group group, Golden golden) {
    List<String> names = new ArrayList<>();
    for (boolean statistics : new boolean[] {false, true}) {
      layers()
          .forEach((layer, ours) -> {
            for (String weight : weights(layer)) {
              if (weight.startsWith("moving") == statistics) {
                String from = ours + "/" + weight;
                names.add(layer + "/" + weight + ":0");
                group.floats(names.getLast(), golden.shape(from), golden.get(from));
              }
            }
          });
    }
    group.texts("weight_names", names.toArray(String[]::new));
  }

  /// `save_weights` of Keras 2.
  public static Hdf5Writer.Group second(Golden golden) {
    Hdf5Writer.Group root = new Hdf5Writer.Group();
    List<String> names = new ArrayList<>();
    names.add("input_1");
    root.group("input_1").texts("weight_names");
    layers()
        .forEach((layer, ours) -> {
          names.add(layer);
          Hdf5Writer.Group group = root.group(layer);
          for (String weight : weights(layer)) {
            String from = ours + "/" + weight;
            group.floats(layer + "/" + weight + ":0", golden.shape(from), golden.get(from));
          }
          group.texts(
              "weight_names",
              weights(layer).stream().map(w -> layer + "/" + w + ":0").toArray(String[]::new));
        });
    root.texts("layer_names", names.toArray(String[]::new));
    return root.texts("backend", "tensorflow").texts("keras_version", "2.9.0");
  }

  /// `save_weights` of Keras 3.
  public static Hdf5Writer.Group third(Golden golden) {
    Hdf5Writer.Group root = new Hdf5Writer.Group();
    root.group("layers/input_layer/vars");
    root.group("vars");
    layers()
        .forEach((layer, ours) -> {
          List<String> weights = weights(layer);
          for (int i = 0; i < weights.size(); i++) {
            String from = ours + "/" + weights.get(i);
            root.floats("layers/" + layer + "/vars/" + i, golden.shape(from), golden.get(from));
          }
        });
    return root.floats("optimizer/vars/0", new int[] {1}, 0.001f);
  }

  /// `save` of Keras 3.
  public static byte[] zipped(byte[] weights) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.putNextEntry(new ZipEntry("metadata.json"));
      zip.write("{\"keras_version\": \"3.5.0\"}".getBytes(StandardCharsets.UTF_8));
      zip.putNextEntry(new ZipEntry("model.weights.h5"));
      zip.write(weights);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
