package dae.cli;

import dae.data.Datasets;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/// Where CIFAR's archives are.
final class DataOptions {
  private static final Path DEFAULT = Path.of("data");

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Folder of CIFAR's archives or their extracted folders (default: data).")
  private Path data;

  boolean given() {
    return data != null;
  }

  Path folder() {
    return given() ? data : DEFAULT;
  }

  boolean has(String dataset) {
    return Datasets.present(dataset, folder());
  }

  /// The option as it was typed, to be repeated in a command; empty if it was not.
  String repeated() {
    return given() ? " --data " + Shell.quoted(data.toString()) : "";
  }
}
