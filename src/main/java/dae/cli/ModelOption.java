package dae.cli;

import dae.UserError;
import dae.model.Checkpoint;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Option;

/// Which model a command uses.
final class ModelOption {
  @Option(
      names = "--model",
      paramLabel = "MODEL",
      showDefaultValue = Visibility.NEVER,
      description =
          "A built-in model by name (photo, cifar, article, restore), or a file that train has saved"
              + " (default: photo).")
  private Path model = Path.of(Checkpoint.PHOTO);

  /// The file, or null for a built-in model.
  static Path file(Path model) {
    return Checkpoint.BUILT_IN.contains(model.toString()) ? null : model;
  }

  /// @throws UserError if there is neither such a model nor such a file
  Checkpoint load() {
    return load(model, "--model");
  }

  /// The model of that name or file.
  ///
  /// @param option that named it
  /// @throws UserError if there is neither
  static Checkpoint load(Path model, String option) {
    if (file(model) == null) {
      return Checkpoint.builtIn(model.toString());
    }
    if (!Files.exists(model)) {
      throw new UserError(
          "%s: expected a model file or the name of a built-in model (%s), got neither — check %s"
              .formatted(model, String.join(", ", Checkpoint.BUILT_IN), option));
    }
    return Checkpoint.load(model);
  }

  /// The model as it is understood in any working folder.
  static String absolute(Path model) {
    return file(model) == null ? model.toString() : "" + model.toAbsolutePath().normalize();
  }
}
