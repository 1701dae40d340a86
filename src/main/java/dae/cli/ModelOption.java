package dae.cli;

import dae.UserError;
import dae.model.Checkpoint;
import dae.model.Models;
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

  /// @throws UserError if there is neither such a model nor such a file
  Checkpoint load() {
    return Models.ofUser().open(model.toString());
  }
}
