package dae.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dae.file.Link;
import dae.keras.KerasFiles;
import dae.model.Golden;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Where a command is to write a new file.
class NewFileTest {
  @TempDir private Path folder;

  /// Each command that writes a file of the user's choice; the file is its last word.
  private List<List<Object>> commands() throws IOException {
    Path keras = folder.resolve("best.weights.h5");
    Files.write(keras, KerasFiles.third(Golden.read("initial")).bytes());
    List<Object> evaluate =
        List.of("evaluate", "--dataset", "leaves", "--limit", "1", "--model", "article");
    return List.of(
        List.of("export", "--model", "article", "-o"),
        List.of("import", keras, "-o"),
        List.of("inspect", "article", "-o"),
        List.of("noise", "--preview"),
        with(evaluate, "--csv"),
        with(evaluate, "--figure"));
  }

  private static List<Object> with(List<Object> words, Object more) {
    List<Object> all = new ArrayList<>(words);
    all.add(more);
    return all;
  }

  private static String refused(List<Object> words) {
    StringWriter err = new StringWriter();
    int exitCode =
        Main.commandLine()
            .setOut(new PrintWriter(new StringWriter()))
            .setErr(new PrintWriter(err))
            .execute(words.stream().map(String::valueOf).toArray(String[]::new));
    assertEquals(2, exitCode, () -> words + ": " + err);
    return err.toString().lines().reduce("", (a, b) -> b);
  }

  @Test
  void aLinkThatLeadsNowhereIsNotFollowed() throws IOException {
    Path link = folder.resolve("link.png");
    Path nowhere = folder.resolve("nowhere");
    Link.make(link, nowhere);
    for (List<Object> command : commands()) {
      String said = refused(with(command, link));
      assertTrue(said.contains("no such file"), said);
      assertEquals(nowhere, Files.readSymbolicLink(link));
      assertTrue(Files.notExists(nowhere), "" + command);
    }
  }

  @Test
  void whatCannotBeWrittenIsAnError() throws IOException {
    for (List<Object> command : commands()) {
      refused(with(command, folder.resolve("none").resolve("a.png")));
    }
  }
}
