package dae.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/// `train --init` refuses a network that the weights do not fit into.
class TrainInitTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"edsr:32,5", "unet:32,32,32", "restore:16,6,8,8,8,8"})
  void aNetworkWithoutAllOfTheWeightsIsOneLine(String network) {
    Path out = folder.resolve("run");
    StringWriter err = new StringWriter();
    CommandLine command = Main.commandLine().setErr(new PrintWriter(err));
    int exitCode =
        command.execute(
            "train", "--dataset=leaves", "--init=cifar", "--arch=" + network, "--out=" + out);
    assertEquals(
        "train: expected the network edsr:32,6, that of --init cifar, or one that it is part of,"
            + " got "
            + network
            + " — leave --arch out"
            + System.lineSeparator(),
        err.toString());
    assertEquals(2, exitCode);
    assertFalse(Files.exists(out));
  }
}
