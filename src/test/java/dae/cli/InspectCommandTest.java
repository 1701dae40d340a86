package dae.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dae.image.Picture;
import dae.image.Png;
import dae.tensor.Numbers;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class InspectCommandTest {
  @TempDir private Path folder;

  private String err;

  private int run(String... args) {
    StringWriter text = new StringWriter();
    CommandLine command = Main.commandLine(args).setErr(new PrintWriter(text, true));
    int exitCode = command.execute(args);
    err = text.toString();
    return exitCode;
  }

  private Path picture(int h, int w) throws Exception {
    Path file = folder.resolve("picture.png");
    Png.write(new Picture(h, w, Numbers.uniform(1, h * w * 3), null), file);
    return file;
  }

  @Test
  void writesAPageOfAPicture() throws Exception {
    Path page = folder.resolve("page.html");
    String picture = "" + picture(50, 40);
    assertEquals(0, run("inspect", "cifar", picture, "-o", "" + page, "--backend", "simd"), err);
    assertTrue(Files.readString(page).contains("picture.png"));
    String before = Files.readString(page);
    assertEquals(2, run("inspect", "cifar", picture, "-o", "" + page), err);
    assertTrue(err.contains("expected no such file, got one — change --out"), err);
    assertEquals(before, Files.readString(page));
  }

  @Test
  void saysWhatIsWrong() throws Exception {
    String page = "" + folder.resolve("page.html");
    assertEquals(2, run("inspect", "nonsense", "-o", page), err);
    assertTrue(err.contains("expected a model file or the name of a built-in model"), err);
    assertEquals(2, run("inspect", "cifar", "" + folder.resolve("none.png"), "-o", page), err);
    assertTrue(err.contains("expected a picture"), err);
    assertEquals(2, run("inspect", "article", "" + picture(9, 9), "-o", page), err);
    assertTrue(err.contains("too small"), err);
    assertEquals(2, run("inspect"), err);
    assertEquals(1, err.lines().count(), err);
    assertFalse(Files.exists(Path.of(page)));
  }
}
