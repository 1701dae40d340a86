package dae.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dae.UserError;
import dae.file.Safetensors;
import dae.op.BatchNorm;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Weights as PyTorch's state dicts have them: names with dots, kernels (out, in, kh, kw), names
/// sorted.
class ImportedStateDictTest {
  private static final double THEIRS = 1e-5;
  private static final Golden AFTER = Golden.read("after");

  private static final Map<String, String> ENDINGS =
      Map.of(
          "kernel", "weight",
          "gamma", "weight",
          "beta", "bias",
          "bias", "bias",
          "moving_mean", "running_mean",
          "moving_variance", "running_var");

  @TempDir private Path folder;

  /// Golden weights, with γ for ε = 1e-5.
  private static Map<String, Safetensors.Entry> golden() {
    Map<String, Safetensors.Entry> all = new LinkedHashMap<>();
    int side = new ArticleNetwork(8).multiple();
    Denoising.inference(new ArticleNetwork(8), side, side)
        .graph()
        .params()
        .forEach(param ->
            all.put(
                param.name(),
                new Safetensors.Entry(param.shape().extents(), AFTER.get(param.name()).clone())));
    all.forEach((name, gamma) -> {
      if (name.endsWith("/gamma")) {
        float[] variance = all.get(name.replace("/gamma", "/moving_variance")).data();
        for (int c = 0; c < variance.length; c++) {
          gamma.data()[c] *=
              (float) Math.sqrt((variance[c] + THEIRS) / (variance[c] + BatchNorm.EPSILON));
        }
      }
    });
    return all;
  }

  private static Map<String, Safetensors.Entry> random(String word) {
    Random random = new Random(5);
    Map<String, Safetensors.Entry> all = new LinkedHashMap<>();
    Checkpoint.params(Networks.named(word))
        .forEach(param -> {
          float[] values = new float[param.shape().size()];
          for (int i = 0; i < values.length; i++) {
            values[i] = random.nextFloat();
          }
          all.put(param.name(), new Safetensors.Entry(param.shape().extents(), values));
        });
    return all;
  }

  /// @param name what a layer is called there, by its label here
  private static Map<String, Safetensors.Entry> dict(
      Map<String, Safetensors.Entry> ours, UnaryOperator<String> name) {
    Map<String, Safetensors.Entry> dict = new TreeMap<>();
    ours.forEach((param, entry) -> {
      int slash = param.lastIndexOf('/');
      String layer = name.apply(param.substring(0, slash));
      String ending = param.substring(slash + 1);
      dict.put(layer + "." + ENDINGS.get(ending), theirs(entry));
      if (ending.equals("gamma")) {
        dict.put(
            layer + ".num_batches_tracked",
            new Safetensors.Entry(new int[0], new float[] {7}, Safetensors.Dtype.I64));
      }
    });
    return dict;
  }

  private static Safetensors.Entry theirs(Safetensors.Entry ours) {
    int[] s = ours.shape();
    if (s.length != 4) {
      return ours;
    }
    float[] values = new float[ours.data().length];
    int at = 0;
    for (int y = 0; y < s[0]; y++) {
      for (int x = 0; x < s[1]; x++) {
        for (int i = 0; i < s[2]; i++) {
          for (int o = 0; o < s[3]; o++) {
            values[((o * s[2] + i) * s[0] + y) * s[1] + x] = ours.data()[at++];
          }
        }
      }
    }
    return new Safetensors.Entry(new int[] {s[3], s[2], s[0], s[1]}, values);
  }

  private Path write(Map<String, Safetensors.Entry> dict) throws Exception {
    Path file = folder.resolve("state.safetensors");
    new Safetensors(Map.of("format", "pt"), dict).write(file);
    return file;
  }

  /// By the order of layers in the network, as `nn.Sequential` would number them.
  private static UnaryOperator<String> numbered(Map<String, Safetensors.Entry> ours, String name) {
    List<String> labels =
        ours.keySet().stream().map(p -> p.substring(0, p.lastIndexOf('/'))).distinct().toList();
    return label -> name.formatted(labels.indexOf(label));
  }

  @Test
  void computesWhatTheReferenceComputes() throws Exception {
    Path file = write(dict(golden(), label -> "model." + label.replace('/', '.')));
    Checkpoint model = Checkpoint.load(file);
    assertEquals(new ArticleNetwork(8), model.network());
    float[] expected = AFTER.get("prediction_inference_mode_of_batch01");
    float[] got = Golden.predictions(model);
    assertArrayEquals(expected, got, 1e-5f);
  }

  @ParameterizedTest
  @CsvSource({
    "article:4, net.%d",
    "residual:4, m%d",
    "'edsr:6,2', layers.%d",
    "'unet:4,6,8', body.%d",
    "'dense:6,4', %d",
    "'restore:4,2,6,6,6,6', a.%d.b",
  })
  void numbersAreAnOrder(String word, String name) throws Exception {
    Map<String, Safetensors.Entry> ours = random(word);
    same(ours, Imported.read(write(dict(ours, numbered(ours, name))), word, 1e-3, Map.of()));
  }

  @Test
  void namesSayWhatGoesUp() throws Exception {
    Map<String, Safetensors.Entry> ours = random("article:4");
    UnaryOperator<String> name =
        label -> {
          boolean up = label.contains("deconv");
          String number = label.startsWith("final") ? "5" : label.replaceAll("\\D*(\\d).*", "$1");
          return (up ? "dec." : "enc.") + number + (label.contains("norm") ? ".bn" : ".conv");
        };
    Imported imported = Imported.read(write(dict(ours, name)), null, 1e-3, Map.of("noise", "x"));
    same(ours, imported);
    Imported.Row row = imported.rows().getFirst();
    assertEquals("enc.1.conv", row.from());
    assertEquals("conv_block1/conv2d", row.to());
    assertEquals("[4, 3, 3, 3]", row.shapes().get("kernel"));
    assertEquals("PyTorch", imported.checkpoint().metadata().get("imported"));
    assertEquals("x", imported.checkpoint().metadata().get("noise"));
  }

  private static void same(Map<String, Safetensors.Entry> ours, Imported imported) {
    Map<String, Safetensors.Entry> got = imported.checkpoint().tensors();
    assertEquals(ours.keySet(), got.keySet());
    ours.forEach((key, entry) -> assertArrayEquals(entry.data(), got.get(key).data(), key));
  }

  @Test
  void whatCannotBeToldApartIsRefused() throws Exception {
    Map<String, Safetensors.Entry> ours = random("edsr:6,2");
    List<String> names = new ArrayList<>(List.of("first", "second", "third", "fourth"));
    Collections.reverse(names);
    UnaryOperator<String> name =
        label ->
            label.startsWith("block")
                ? names.get(label.hashCode() & 3) + "." + label.hashCode()
                : label;
    assertMessage(
        dict(ours, name), "edsr:6,2", "expected layers of one shape to differ in numbers");
  }

  @Test
  void bothShapesAreNamed() throws Exception {
    Map<String, Safetensors.Entry> ours = random("article:4");
    Map<String, Safetensors.Entry> dict = dict(ours, label -> label.replace('/', '.'));
    assertMessage(
        dict,
        "article:5",
        "conv_block1.conv2d: expected [5, 3, 3, 3] for conv_block1/conv2d, got [4, 3, 3, 3]");
    Safetensors.Entry bias = new Safetensors.Entry(new int[] {3}, new float[3]);
    dict.put("conv_block1.conv2d.bias", bias);
    assertMessage(
        dict, null, "conv_block1.conv2d bias: expected [4] of conv_block1/conv2d, got [3]");
    dict.remove("conv_block1.conv2d.weight");
    assertMessage(dict, null, "layer conv_block1.conv2d: expected a convolution or a batch norm");
  }

  @Test
  void oneMoreOrLessIsNamed() throws Exception {
    Map<String, Safetensors.Entry> ours = random("edsr:6,2");
    Map<String, Safetensors.Entry> dict = dict(ours, label -> label.replace('/', '.'));
    Safetensors.Entry tail = dict.remove("tail.weight");
    Safetensors.Entry bias = dict.remove("tail.bias");
    assertMessage(dict, "edsr:6,2", "layers: expected [6, 3, 6, 6] for tail, got none");
    dict.put("tail.weight", tail);
    dict.put("tail.bias", bias);
    dict.put("more.weight", tail);
    assertMessage(dict, "edsr:6,2", "more: expected no such layer, got [6, 3, 6, 6]");
  }

  @Test
  void kernelsWithoutValuesAreNone() throws Exception {
    Map<String, Safetensors.Entry> dict = dict(random("edsr:6,2"), label -> label);
    dict.put("x.weight", new Safetensors.Entry(new int[] {0, 1, 65536, 65536}, new float[0]));
    assertMessage(dict, "edsr:6,2", "layer x: expected a convolution or a batch norm, got weights");
    dict.put("x.weight", new Safetensors.Entry(new int[] {46340, 46340, 1, 0}, new float[0]));
    assertMessage(dict, null, "[[46340, 46340, 1, 0]]");
  }

  private void assertMessage(Map<String, Safetensors.Entry> dict, String word, String part)
      throws Exception {
    Path file = write(dict);
    String message =
        assertThrows(UserError.class, () -> Imported.read(file, word, null, Map.of())).getMessage();
    assertTrue(message.contains(part), message);
    assertEquals(1, message.lines().count(), message);
  }
}
