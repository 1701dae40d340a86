package dae.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

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
}
