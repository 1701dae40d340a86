package dae.cli;

import dae.UserError;
import dae.model.Checkpoint;
import dae.model.Models;
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
          "A model by name (photo, cifar, article, restore, and those of yours that models lists),"
              + " or a file that train, Keras or PyTorch has saved (default: photo).")
  private Path model = Path.of(Checkpoint.PHOTO);

  /// The file, or null for a model that is known by name.
  static Path file(Path model) {
    return isNamed(model) ? null : model;
  }

  private static boolean isNamed(Path model) {
    return Checkpoint.BUILT_IN.contains(model.toString())
        || !Files.exists(model) && Models.ofUser().find(model.toString()) != null;
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
    return load(model, option, null);
  }

  /// The same.
  ///
  /// @param network word for a file of another program; null for the article's
  static Checkpoint load(Path model, String option, String network) {
    if (isNamed(model)) {
      return Models.ofUser().load(model.toString());
    }
    if (!Files.exists(model)) {
      throw new UserError(
          "%s: expected a model file or the name of a built-in model (%s), got neither — check %s; models lists yours"
              .formatted(model, String.join(", ", Checkpoint.BUILT_IN), option));
    }
    return Checkpoint.load(model, network);
  }

  /// The model as it is understood in any working folder.
  static String absolute(Path model) {
    return Models.ofUser().absolute(model.toString());
  }
}
