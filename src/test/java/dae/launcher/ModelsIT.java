package dae.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dae.image.Picture;
import dae.image.Png;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A model of the user's own, by name, in any working folder; and no other file by a name.
class ModelsIT {
  @TempDir private Path folder;

  private Jar.Ended run(String... words) throws Exception {
    List<String> command = new ArrayList<>(List.of(Jar.JAVA, "-jar", "" + Jar.PATH));
    command.addAll(List.of(words));
    ProcessBuilder builder = Jar.process(command).directory(folder.toFile());
    builder.environment().put("XDG_DATA_HOME", "" + folder.resolve("data"));
    return Jar.run(builder, "");
  }

  private void refused(String... words) throws Exception {
    Jar.Ended ended = run(words);
    assertEquals(2, ended.exitCode(), ended.err());
    assertEquals("", ended.out());
  }

  @Test
  void isUsedByName() throws Exception {
    Path golden = Path.of(ModelsIT.class.getResource("/golden/initial.safetensors").toURI());
    Path mine = folder.resolve("data/dae-engine/models/mine.safetensors");
    Jar.Ended added = run("models", "add", "" + golden, "--name", "mine");
    assertEquals(0, added.exitCode(), added.err());
    assertTrue(Files.isRegularFile(mine), added.err());

    Png.write(new Picture(16, 16, new float[3 * 16 * 16], null), folder.resolve("a.png"));
    Jar.Ended cleaned = run("denoise", "a.png", "--model", "mine", "--strength", "1");
    assertEquals(0, cleaned.exitCode(), cleaned.err());
    assertTrue(cleaned.err().contains("model   " + mine), cleaned.err());
    assertTrue(Files.exists(folder.resolve("a-denoised.png")), cleaned.err());
  }

  @Test
  void noNameLeavesTheFolder() throws Exception {
    Path golden = Path.of(ModelsIT.class.getResource("/golden/initial.safetensors").toURI());
    Path outside = folder.resolve("data/dae-engine/outside.safetensors");
    Files.createDirectories(folder.resolve("data/dae-engine/models"));
    Files.copy(golden, outside);
    refused("models", "show", "../outside");
    refused("models", "remove", "../outside");
    refused("models", "add", "" + golden, "--name", "../other");
    refused("export", "-o", "a.onnx", "--model", "../outside");
    assertTrue(Files.exists(outside));
    assertFalse(Files.exists(outside.resolveSibling("other.safetensors")));
    assertFalse(Files.exists(folder.resolve("a.onnx")));
  }
}
