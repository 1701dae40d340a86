package dae.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Where a file is expected, a pipe that nobody writes to and a device without end are one line.
class PipeTest {
  @TempDir private Path folder;

  private Path pipe(String name) throws Exception {
    Path pipe = folder.resolve(name);
    try {
      assumeTrue(
          new ProcessBuilder("mkfifo", "" + pipe).start().waitFor() == 0, "skipped: no pipe");
    } catch (IOException e) {
      return abort("skipped: no mkfifo");
    }
    return pipe;
  }

  private static void assertRefused(Object... args) {
    String[] words = new String[args.length];
    for (int i = 0; i < args.length; i++) {
      words[i] = "" + args[i];
    }
    StringWriter err = new StringWriter();
    int exitCode =
        assertTimeoutPreemptively(
            Duration.ofSeconds(60),
            () ->
                Main.commandLine()
                    .setErr(new PrintWriter(err))
                    .setOut(new PrintWriter(new StringWriter()))
                    .execute(words));
    assertEquals(2, exitCode, err::toString);
    String last = err.toString().lines().reduce("", (a, b) -> b);
    assertTrue(last.contains("expected"), err::toString);
  }

  @Test
  void modelsAndPictures() throws Exception {
    Path pipe = pipe("p.png");
    assertRefused("denoise", pipe);
    assertRefused("denoise", "nothing.png", "--model", pipe);
    assertRefused("inspect", pipe);
    assertRefused("inspect", "article", pipe);
    assertRefused("import", pipe);
    assertRefused("export", "--model", pipe, "-o", folder.resolve("a.onnx"));
    assertRefused("noise", "--preview", folder.resolve("sheet.png"), pipe);
    assertRefused("train", "--dataset", pipe);
  }

  @Test
  void archives() throws Exception {
    pipe("cifar-100-binary.tar.gz");
    assertRefused("train", "--dataset", "cifar100", "--data", folder);
    assertRefused("evaluate", "--dataset", "cifar100", "--data", folder);
  }

  @Test
  void runs() throws Exception {
    Path settings = pipe("settings.json");
    assertRefused("train", "--dataset", "leaves", "--out", folder);
    assertRefused("train", "--resume", folder);
    assertRefused("report", folder);
    Files.delete(settings);
    pipe("history.csv");
    assertRefused("report", folder);
  }

  @Test
  void devices() {
    assumeTrue(Files.exists(Path.of("/dev/zero")), "skipped: no /dev/zero");
    assertRefused("denoise", "/dev/zero");
    assertRefused("inspect", "/dev/zero");
    assertRefused("noise", "--preview", folder.resolve("sheet.png"), "/dev/zero");
    assertRefused("train", "--dataset", "/dev/zero");
  }
}
