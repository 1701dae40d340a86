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

  String absolute() {
    return folder().toAbsolutePath().normalize().toString();
  }

  boolean has(String dataset) {
    return Datasets.present(dataset, folder());
  }

  /// The option for a command on images from `used`: as it was typed, or empty where it is not
  /// needed.
  String repeated(String used) {
    if (!given() && used.equals(absolute())) {
      return "";
    }
    return " --data " + Shell.quoted(given() ? data.toString() : used);
  }
}
