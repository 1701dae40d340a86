package dae.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dae.UserError;
import dae.graph.Parameters;
import dae.keras.Hdf5Writer;
import dae.keras.KerasFiles;
import dae.kernel.Backend;
import dae.kernel.scalar.ScalarBackend;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Golden weights as Keras' files hold them, and what the network then makes of golden images.
class ImportedKerasTest {
  private static final Golden AFTER = Golden.read("after");

  @TempDir private Path folder;

  private Path write(byte[] bytes) throws Exception {
    return Files.write(folder.resolve("model.h5"), bytes);
  }

  private static byte[] file(String generation) {
    return switch (generation) {
      case "second" -> KerasFiles.second(AFTER).bytes();
      case "third" -> KerasFiles.third(AFTER).bytes();
      default -> KerasFiles.zipped(KerasFiles.third(AFTER).bytes());
    };
  }

  @ParameterizedTest
  @ValueSource(strings = {"second", "third", "zipped"})
  void computesWhatTheReferenceComputes(String generation) throws Exception {
    Path file = write(file(generation));
    Checkpoint model = Checkpoint.load(file);
    assertEquals(new ArticleNetwork(8), model.network());
    float[] expected = AFTER.get("prediction_inference_mode_of_batch01");
    float[] got = Golden.predictions(model);
    double squares = 0;
    double size = 0;
    for (int i = 0; i < got.length; i++) {
      squares += Math.pow(got[i] - expected[i], 2);
      size += Math.pow(expected[i], 2);
    }
    assertTrue(Math.sqrt(squares / size) < 1e-6, "off by " + Math.sqrt(squares / size));
  }

  @ParameterizedTest
  @ValueSource(strings = {"second", "third", "zipped"})
  void saysWhatWentWhere(String generation) throws Exception {
    Imported model = Imported.read(write(file(generation)), null, null, Map.of("noise", "x"));
    assertEquals(19, model.rows().size());
    Imported.Row row = model.rows().get(11);
    assertEquals("batch_normalization_5", row.from());
    assertEquals("deconv_block1/batch_normalization", row.to());
    assertEquals("[64]", row.shapes().get("moving_variance"));
    assertEquals("x", model.checkpoint().metadata().get("noise"));
    assertEquals(
        generation.equals("second") ? "Keras 2" : "Keras 3",
        model.checkpoint().metadata().get("imported"));
  }

  @Test
  void isTheSameModelAfterItIsSaved() throws Exception {
    Checkpoint model = Imported.read(write(file("second")), null, null, Map.of()).checkpoint();
    Path saved = folder.resolve("model.safetensors");
    model.save(saved, false);
    try (Backend backend = new ScalarBackend();
        Parameters before = model.parameters(backend);
        Parameters after = Checkpoint.load(saved).parameters(backend)) {
      for (String name : before.all().keySet()) {
        assertArrayEquals(AFTER.get(name), before.get(name), name);
        assertArrayEquals(AFTER.get(name), after.get(name), name);
      }
    }
  }

  @Test
  void fitsAnotherNetworkOfTheSameLayers() throws Exception {
    Path file = write(file("third"));
    Imported model = Imported.read(file, "residual:8", null, Map.of());
    assertEquals(new ResidualNetwork(8), model.checkpoint().network());
    assertMessage(
        file, "edsr", "expected 13 convolutions, got 5 — it is not a model of the network edsr");
    assertMessage(
        file,
        "article:9",
        "conv2d kernel: expected [3, 3, 3, 9] of conv_block1/conv2d, got [3, 3, 3, 8]");
  }

  @Test
  void aModelInAModelIsToldApartByPaths() throws Exception {
    Hdf5Writer.Group root = new Hdf5Writer.Group();
    Hdf5Writer.Group inner = root.group("model_weights/functional_1");
    root.group("model_weights").texts("layer_names", "functional_1");
    KerasFiles.nested(inner, AFTER);
    assertEquals(19, Imported.read(write(root.bytes()), null, null, Map.of()).rows().size());
  }

  @Test
  void aLayerWithoutBiasHasOneOfZeros() throws Exception {
    Hdf5Writer.Group root = KerasFiles.third(AFTER);
    root.group("layers/conv2d/vars").remove("1");
    Imported model = Imported.read(write(root.bytes()), null, null, Map.of());
    assertEquals("none, so 0", model.rows().getFirst().shapes().get("bias"));
  }

  @Test
  void otherLayersAreNamed() throws Exception {
    Hdf5Writer.Group root = KerasFiles.third(AFTER);
    root.floats("layers/dense/vars/0", new int[] {1, 2}, 1, 2);
    assertMessage(
        write(root.bytes()),
        null,
        "layer dense: expected a convolution or a batch norm, got weights of [[1, 2]]");
  }

  @Test
  void aModelFileIsNotTakenForAnother() throws Exception {
    Path golden = Path.of(getClass().getResource("/golden/initial.safetensors").toURI());
    assertMessage(
        golden, null, "expected weights of Keras or a state dict of PyTorch, got another");
    assertEquals(golden.toString(), Checkpoint.load(golden).source());
  }

  @Test
  void anotherEpsilonGoesIntoGamma() throws Exception {
    Path file = write(file("third"));
    Imported model = Imported.read(file, null, 0.5, Map.of());
    String norm = "conv_block1/batch_normalization/";
    double variance = AFTER.get(norm + "moving_variance")[3];
    double expected = AFTER.get(norm + "gamma")[3] / Math.sqrt(variance + 0.5);
    double got = model.checkpoint().tensors().get(norm + "gamma").data()[3];
    assertEquals(expected, got / Math.sqrt(variance + 1e-3), 1e-6);
    assertEquals("[8] with ε 0.5", model.rows().get(1).shapes().get("gamma"));
  }

  private static void assertMessage(Path file, String word, String part) {
    String message =
        assertThrows(UserError.class, () -> Imported.read(file, word, null, Map.of())).getMessage();
    assertTrue(message.contains(part), message);
    assertEquals(1, message.lines().count(), message);
  }
}
