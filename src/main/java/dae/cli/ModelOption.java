package dae.cli;

import dae.model.Checkpoint;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/// Which model a command uses.
final class ModelOption {
  @Option(
      names = "--model",
      paramLabel = "FILE",
      description = "A model that train has saved (default: the built-in one).")
  private Path file;

  /// The file, or null for the built-in model.
  Path file() {
    return file;
  }

  Checkpoint load() {
    return file == null ? Checkpoint.builtIn() : Checkpoint.load(file);
  }
}
