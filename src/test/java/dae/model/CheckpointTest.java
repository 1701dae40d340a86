package dae.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dae.UserError;
import dae.file.Safetensors;
import dae.graph.Param;
import dae.graph.Parameters;
import dae.kernel.Backend;
import dae.kernel.scalar.ScalarBackend;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CheckpointTest {
  private static final String KERNEL = "deconv_block2/conv2d_transpose/kernel";

  private static final Network NETWORK = new ArticleNetwork(3);

  @TempDir private Path folder;

  private final Backend backend = new ScalarBackend();
  private Path file;
  private Parameters parameters;

  @BeforeEach
  void save() throws Exception {
    file = folder.resolve("model.safetensors");
    parameters =
        new Parameters(
            Denoising.uploaded(new ArticleNetwork(3), Loss.MEAN_SQUARED_ERROR, 16, 16)
                .graph()
                .params(),
            backend,
            7);
    Checkpoint.save(file, NETWORK, parameters, Map.of("noise", "0.2"), false);
  }

  @Test
  void readsBackWhatItWrites() {
    Checkpoint read = Checkpoint.load(file);
    assertEquals(NETWORK, read.network());
    assertEquals("0.2", read.metadata().get("noise"));
    assertEquals("article:3", read.metadata().get("network"));
    Parameters again = read.parameters(backend);
    assertEquals(parameters.all().keySet(), again.all().keySet());
    for (String name : again.all().keySet()) {
      assertArrayEquals(parameters.get(name), again.get(name), name);
    }
  }

  @Test
  void float16RoundsTheKernelsOnly() throws Exception {
    Path half = folder.resolve("half.safetensors");
    float[] variance = parameters.get("conv_block1/batch_normalization/moving_variance");
    variance[0] = 0.1f;
    parameters.set("conv_block1/batch_normalization/moving_variance", variance);
    Checkpoint.save(half, NETWORK, parameters, Map.of(), true);
    assertTrue(Files.size(half) < 0.6 * Files.size(file));
    Parameters again = Checkpoint.load(half).parameters(backend);
    for (String name : again.all().keySet()) {
      float[] whole = parameters.get(name);
      for (int i = 0; i < whole.length; i++) {
        float expected =
            name.endsWith("kernel")
                ? Float.float16ToFloat(Float.floatToFloat16(whole[i]))
                : whole[i];
        assertEquals(expected, again.get(name)[i], name);
      }
    }
  }

  @Test
  void readsTheIndependentReferenceWeights() throws Exception {
    Path golden = Path.of(getClass().getResource("/golden/initial.safetensors").toURI());
    assertEquals(new ArticleNetwork(8), Checkpoint.load(golden).network());
  }

  @Test
  void namesTheTensorThatDoesNotFit() throws Exception {
    Map<String, Safetensors.Entry> tensors = tensors();
    tensors.put(KERNEL, new Safetensors.Entry(new int[] {3, 3, 2, 4}, new float[72]));
    assertMessage(tensors, "tensor " + KERNEL + ": expected [3, 3, 12, 36], got [3, 3, 2, 4]");
    tensors.remove(KERNEL);
    assertMessage(tensors, "tensor " + KERNEL + ": expected [3, 3, 12, 36], got none");
  }

  @ParameterizedTest
  @CsvSource({
    "conv_block1/conv2d/bias, -Infinity, finite numbers",
    "final_deconv/conv2d_transpose/kernel, NaN, finite numbers",
    "conv_block1/batch_normalization/moving_variance, -1, finite numbers of at least 0"
  })
  void namesTheTensorWhoseNumbersAreNone(String tensor, float value, String part) throws Exception {
    Map<String, Safetensors.Entry> tensors = new LinkedHashMap<>(Checkpoint.load(file).tensors());
    tensors.get(tensor).data()[0] = value;
    assertMessage(tensors, "tensor " + tensor + ": expected " + part + ", got " + value);
  }

  @Test
  void namesATensorThatDoesNotBelong() throws Exception {
    Map<String, Safetensors.Entry> tensors = tensors();
    tensors.put("attention", new Safetensors.Entry(new int[] {1}, new float[1]));
    assertMessage(tensors, "tensor attention: expected no tensor of that name, got [1]");
  }

  @Test
  void anotherArchitectureOrVersionIsNotRead() throws Exception {
    for (String key : new String[] {"architecture", "version"}) {
      Map<String, String> metadata = new LinkedHashMap<>(Safetensors.read(file).metadata());
      metadata.put(key, "other");
      Path other = folder.resolve("other.safetensors");
      new Safetensors(metadata, tensors()).write(other);
      String message = assertThrows(UserError.class, () -> Checkpoint.load(other)).getMessage();
      assertTrue(message.contains("other"), message);
    }
  }

  @Test
  void anOldFileIsTheArticles() throws Exception {
    Map<String, String> metadata = new LinkedHashMap<>(Safetensors.read(file).metadata());
    metadata.remove("network");
    Path old = folder.resolve("old.safetensors");
    new Safetensors(metadata, tensors()).write(old);
    assertEquals(NETWORK, Checkpoint.load(old).network());
  }

  @Test
  void theNetworkIsHeldAgainstTheTensors() throws Exception {
    assertNetwork(
        "article:4", "tensor conv_block1/conv2d/kernel: expected [3, 3, 3, 4], got [3, 3, 3, 3]");
    assertNetwork("dense:3", "expected a network that this program knows, got 'dense:3'");
    assertNetwork("article:x", "expected a network that this program knows, got 'article:x'");
  }

  private void assertNetwork(String word, String part) throws Exception {
    Map<String, String> metadata = new LinkedHashMap<>(Safetensors.read(file).metadata());
    metadata.put("network", word);
    Path other = folder.resolve("other.safetensors");
    new Safetensors(metadata, tensors()).write(other);
    String message = assertThrows(UserError.class, () -> Checkpoint.load(other)).getMessage();
    assertTrue(message.contains(part), message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "edsr:4,2 true",
        "edsr:4,3 true",
        "restore:4,2,3,3,3,3 true",
        "edsr:4,1 false",
        "edsr:5,2 false",
        "restore:4,1,3,3,3,3 false",
        "unet:4,4,4 false",
        "article:4 false"
      })
  void isPartOfWhatHasItsTensors(String other, boolean expected) throws Exception {
    Network network = Networks.named("edsr:4,2");
    List<Param> params = Denoising.inference(network, 2, 2).graph().params();
    Checkpoint.save(file, network, new Parameters(params, backend, 7), Map.of(), false);
    assertEquals(expected, Checkpoint.load(file).isPartOf(Networks.named(other)));
  }

  @Test
  void theNetworkThatRestoresCanStartFromTheUsualModel() {
    assertTrue(Checkpoint.builtIn().isPartOf(Networks.named("restore")));
  }

  @Test
  void everyCutOfTheFileIsOneLine() throws Exception {
    byte[] whole = Files.readAllBytes(file);
    Path cut = folder.resolve("cut.safetensors");
    for (int length : new int[] {0, 7, 8, 500, whole.length - 1}) {
      Files.write(cut, Arrays.copyOf(whole, length));
      String message = assertThrows(UserError.class, () -> Checkpoint.load(cut)).getMessage();
      assertEquals(1, message.lines().count(), message);
      assertTrue(message.startsWith(cut.toString()), message);
    }
  }

  private Map<String, Safetensors.Entry> tensors() throws Exception {
    return new LinkedHashMap<>(Safetensors.read(file).tensors());
  }

  private void assertMessage(Map<String, Safetensors.Entry> tensors, String part) throws Exception {
    Path misfit = folder.resolve("misfit.safetensors");
    new Safetensors(Map.of(), tensors).write(misfit);
    String message = assertThrows(UserError.class, () -> Checkpoint.load(misfit)).getMessage();
    assertTrue(message.contains(part), message);
  }
}
