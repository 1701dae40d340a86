package dae.cli;

import dae.UserError;
import dae.model.Checkpoint;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/// Which model a command uses.
final class ModelOption {
  @Option(
      names = "--model",
      paramLabel = "MODEL",
      description =
          "A built-in model by name (article), or a file that train has saved (default: article).")
  private Path model = Path.of(Checkpoint.BUILT_IN.getFirst());

  /// The file, or null for a built-in model.
  Path file() {
    return Checkpoint.BUILT_IN.contains(model.toString()) ? null : model;
  }

  /// @throws UserError if there is neither such a model nor such a file
  Checkpoint load() {
    return load(model.toString());
  }

  /// A built-in model or a file.
  ///
  /// @throws UserError if it is neither
  static Checkpoint load(String model) {
    if (Checkpoint.BUILT_IN.contains(model)) {
      return Checkpoint.builtIn(model);
    }
    if (model.isBlank() || !Files.exists(Path.of(model))) {
      throw new UserError(
          "%s: expected a model file or the name of a built-in model (%s), got neither — check --model"
              .formatted(model, String.join(", ", Checkpoint.BUILT_IN)));
    }
    return Checkpoint.load(Path.of(model));
  }

  /// The model as it is understood in any working folder.
  static String absolute(String model) {
    return Checkpoint.BUILT_IN.contains(model)
        ? model
        : Path.of(model).toAbsolutePath().normalize().toString();
  }
}
