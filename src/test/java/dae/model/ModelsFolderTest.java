package dae.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dae.UserError;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelsFolderTest {
  private static String folder(String system, Map<String, String> environment) {
    Path folder = Models.folder(system, "/home/ada", environment::get);
    return folder.toString().replace('\\', '/');
  }

  @Test
  void liesWhereTheSystemKeepsAUsersData() {
    assertEquals("/home/ada/.local/share/dae-engine/models", folder("Linux", Map.of()));
    assertEquals("/data/dae-engine/models", folder("Linux", Map.of("XDG_DATA_HOME", "/data")));
    assertEquals(
        "/home/ada/.local/share/dae-engine/models",
        folder("Linux", Map.of("XDG_DATA_HOME", "relative")));
    assertEquals(
        "/home/ada/Library/Application Support/dae-engine/models", folder("Mac OS X", Map.of()));
    assertEquals(
        "/local/dae-engine/models", folder("Windows 11", Map.of("LOCALAPPDATA", "/local")));
  }

  @Test
  void knowsAModelByNameAndByFile(@TempDir Path folder) throws IOException {
    Models models = new Models(folder);
    byte[] cifar;
    try (InputStream in = Models.class.getResourceAsStream("cifar.safetensors")) {
      cifar = in.readAllBytes();
    }
    Path own = Files.write(folder.resolve("mine.safetensors"), cifar);
    assertEquals("photo", models.absolute("photo"), "built in");
    assertEquals(own.toString(), models.absolute("mine"), "one of the user's own");
    assertEquals(own.toString(), models.absolute(folder + "/./mine.safetensors"), "a file");
    assertEquals(
        Path.of("pom.xml").toAbsolutePath().toString(), models.absolute("pom.xml"), "a file first");
    String network = Checkpoint.builtIn("cifar").network().word();
    for (String name : List.of("cifar", "mine", own.toString())) {
      assertEquals(network, models.open(name).network().word(), name);
    }
    assertThrows(UserError.class, () -> models.open("yours"));
  }
}
