package dae.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dae.train.History;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The packaged jar, asked to end during training.
class TrainIT {
  private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");

  @TempDir private Path folder;

  @Test
  void aSigtermSavesAndTheRunGoesOn() throws Exception {
    Path run = folder.resolve("run");
    Path history = run.resolve("history.csv");
    Path err = folder.resolve("err");
    Process process =
        train(
            err,
            "--dataset",
            "leaves",
            "--limit",
            "256",
            "--width",
            "2",
            "--epochs",
            "1000000",
            "--out",
            "" + run);
    while (process.isAlive() && !Files.exists(history)) {
      process.waitFor(20, TimeUnit.MILLISECONDS);
    }
    process.destroy();
    assertTrue(process.waitFor(60, TimeUnit.SECONDS), "still running");
    String said = Files.readString(err);
    assertEquals(143, process.exitValue(), said);
    assertTrue(said.contains("train --resume " + run), said);

    int epochs = History.read(history).rows().size() + 2;
    Process again = train(err, "--resume", "" + run, "--epochs", "" + epochs);
    assertTrue(again.waitFor(60, TimeUnit.SECONDS), "still running");
    assertEquals(0, again.exitValue(), Files.readString(err));
    assertEquals(epochs, History.read(history).rows().size());
  }

  private Process train(Path err, String... args) throws Exception {
    List<String> command =
        new ArrayList<>(List.of("" + JAVA, "-jar", System.getProperty("dae.jar"), "train"));
    command.addAll(List.of(args));
    return new ProcessBuilder(command)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(err.toFile())
        .start();
  }
}
