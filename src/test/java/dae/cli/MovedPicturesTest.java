package dae.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/// A run whose pictures were moved goes on where they are now, and only with these.
class MovedPicturesTest {
  @TempDir private Path folder;

  private String err;

  private int run(String... args) {
    StringWriter said = new StringWriter();
    CommandLine command = Main.commandLine();
    command.setOut(new PrintWriter(new StringWriter())).setErr(new PrintWriter(said));
    int exitCode = command.execute(args);
    err = said.toString();
    return exitCode;
  }

  private void write(Path file, int colour) throws Exception {
    BufferedImage image = new BufferedImage(32, 32, BufferedImage.TYPE_INT_RGB);
    image.setRGB(3, 3, colour);
    ImageIO.write(image, "bmp", file.toFile());
  }

  @Test
  void goesOn() throws Exception {
    Path pictures = Files.createDirectory(folder.resolve("pictures"));
    Path others = Files.createDirectory(folder.resolve("others"));
    for (int i = 0; i < 4; i++) {
      write(pictures.resolve(i + ".bmp"), i);
      write(others.resolve(i + ".bmp"), 9);
    }
    String run = "" + folder.resolve("run");
    assertEquals(
        0,
        run(
            "train",
            "--recipe",
            "article",
            "--arch",
            "article:1",
            "--patch",
            "16",
            "--epochs",
            "1",
            "--backend",
            "simd",
            "--dataset",
            "" + pictures,
            "--noise",
            "0.1",
            "--out",
            run),
        err);
    Path moved = Files.move(pictures, folder.resolve("moved"));
    assertEquals(2, run("train", "--resume", run, "--epochs", "2"));
    assertTrue(err.contains("--dataset says where they are"), err);
    assertEquals(2, run("train", "--resume", run, "--epochs", "2", "--dataset", "" + others));
    assertTrue(err.contains("expected the training images of the run"), err);
    assertEquals(2, run("train", "--resume", run, "--epochs", "2", "--dataset", "leaves"));
    assertEquals(0, run("train", "--resume", run, "--epochs", "2", "--dataset", "" + moved), err);
    assertEquals(0, run("train", "--resume", run, "--epochs", "3"), err);
  }
}
