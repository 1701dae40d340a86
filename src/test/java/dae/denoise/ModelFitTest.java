package dae.denoise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dae.UserError;
import dae.file.Safetensors;
import dae.model.Checkpoint;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelFitTest {
  @TempDir private Path folder;

  @Test
  void aNoiseThatNobodyKnowsIsSaidWithTheModelsFile() throws IOException {
    Safetensors article =
        Safetensors.read(Path.of("src/main/resources/dae/model/article.safetensors"));
    Map<String, String> metadata = new HashMap<>(article.metadata());
    metadata.put("noise", "0.05-0.15");
    Path file = folder.resolve("a.safetensors");
    new Safetensors(metadata, article.tensors()).write(file);
    Checkpoint model = Checkpoint.load(file);
    UserError error =
        assertThrows(UserError.class, () -> ModelFit.warning(model, new NoiseLevel(10, false)));
    assertEquals(
        file
            + ": expected a model whose noise this program knows, got '0.05-0.15' — take another"
            + " model",
        error.getMessage());
  }
}
