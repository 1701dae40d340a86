package dae.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dae.backend.Backends;
import dae.data.Dataset;
import dae.data.Datasets;
import dae.file.Safetensors;
import dae.kernel.Backend;
import dae.model.Checkpoint;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A run that an older program began goes on with the bits that the older program would have made;
/// `runs/README.md` says how the files were made.
class OlderRunTest {
  @TempDir private Path folder;

  private static Path resource(String name) throws Exception {
    return Path.of(OlderRunTest.class.getResource("/runs/" + name).toURI());
  }

  @Test
  void goesOnWithTheSameBits() throws Exception {
    RunFolder run = new RunFolder(folder);
    Files.copy(resource("version1-state.safetensors"), run.file(RunFile.STATE));
    Settings before = Run.settings(run);
    assertEquals("article:1", before.network());
    assertEquals("gaussian:0.1", before.noise().word());
    Dataset leaves = Datasets.open(before.data().dataset(), folder);
    Settings more = before.with(before.steps().withEpochs(2));
    try (Backend backend = Backends.open("scalar", 1);
        Trainer trainer = new Trainer(more, leaves.training(), leaves.test(), backend)) {
      assertTrue(Run.resume(run, trainer, List.of()).train(() -> false));
    }
    Path expected = resource("version1-last.safetensors");
    assertEquals(
        Checkpoint.load(expected).network(), Checkpoint.load(run.file(RunFile.LAST)).network());
    Safetensors old = Safetensors.read(expected);
    Safetensors now = Safetensors.read(run.file(RunFile.LAST));
    assertEquals(old.tensors().keySet(), now.tensors().keySet());
    old.tensors()
        .forEach(
            (name, entry) -> assertArrayEquals(entry.data(), now.tensors().get(name).data(), name));
  }
}
