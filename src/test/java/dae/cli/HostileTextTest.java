package dae.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dae.file.Safetensors;
import dae.model.Checkpoint;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Names and words of foreign files that would clear the screen, begin another line or turn the
/// writing round are shown, not obeyed, whatever a command prints.
class HostileTextTest {
  private static final String EVIL = "a\u001b[2Jb\u009bc\u0007d\u202ee";
  private static final String SHOWN = "a\\x1b[2Jb\\x9bc\\x07d\\u202ee";

  @TempDir private Path folder;

  private String run(int exitCode, Object... args) {
    String[] words = new String[args.length];
    for (int i = 0; i < args.length; i++) {
      words[i] = "" + args[i];
    }
    PrintStream out = System.out;
    PrintStream err = System.err;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream both = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    try {
      System.setOut(both);
      System.setErr(both);
      assertEquals(exitCode, Main.commandLine().execute(words), () -> "" + bytes);
    } finally {
      System.setOut(out);
      System.setErr(err);
    }
    String said = bytes.toString(StandardCharsets.UTF_8);
    assertFalse(
        said.chars().anyMatch(c -> Character.isISOControl(c) && c != '\n' || c == 0x202e), said);
    return said;
  }

  private void assertShown(String said) {
    assertTrue(said.contains(SHOWN), said);
  }

  private Path paint(String name) throws IOException {
    Path file = folder.resolve(name);
    BufferedImage image = new BufferedImage(16, 16, BufferedImage.TYPE_INT_RGB);
    ImageIO.write(image, "png", file.toFile());
    return file;
  }

  private Path model(String name, Map<String, String> hostile) throws IOException {
    Checkpoint article = Checkpoint.builtIn("article");
    Map<String, String> metadata = new LinkedHashMap<>(article.metadata());
    metadata.putAll(hostile);
    Path file = folder.resolve(name);
    new Safetensors(metadata, article.tensors()).write(file);
    return file;
  }

  @Test
  void namesOfPictures() throws Exception {
    Path picture = paint(EVIL + "\nsecond line.png");
    String said = run(0, "denoise", picture, "--backend", "scalar");
    assertShown(said);
    assertTrue(said.lines().noneMatch(line -> line.startsWith("second line")), said);
    assertShown(run(2, "denoise", folder.resolve(EVIL), "--backend", "scalar"));
    Files.writeString(picture, "no picture");
    assertShown(run(2, "denoise", picture, "--backend", "scalar", "--overwrite"));
    assertShown(run(2, "train", "--dataset", folder.resolve(EVIL)));
    assertShown(run(2, "denoise", picture, "--" + EVIL));
  }

  @Test
  void wordsOfModels() throws Exception {
    Path picture = paint("p.png");
    for (String key : new String[] {"network", "architecture", "version"}) {
      assertShown(
          run(
              2,
              "denoise",
              picture,
              "--model",
              model(key, Map.of(key, EVIL)),
              "-o",
              folder.resolve("unwritten.png")));
    }
    Path noisy = model(EVIL, Map.of("noise", EVIL, "dataset", EVIL, EVIL, EVIL));
    assertShown(run(2, "evaluate", "--dataset", folder, "--model", noisy, "--noise", EVIL));
    assertShown(
        run(2, "denoise", picture, "--model", noisy, "--backend", "scalar", "--strength", "1"));
  }

  @Test
  void settingsOfRuns() throws Exception {
    Path run = Files.createDirectories(folder.resolve(EVIL));
    assertShown(run(2, "train", "--resume", run));
    Files.writeString(run.resolve("settings.json"), "{\"" + EVIL + "\": 1}");
    assertShown(run(2, "report", run));
    Files.writeString(run.resolve("history.csv"), EVIL);
    assertShown(run(2, "report", run));
  }
}
