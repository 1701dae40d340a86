package dae.train;

import dae.UserError;
import dae.file.Tensors;
import java.io.IOException;
import java.nio.file.Path;

/// All that a run needs to go on as if it had never stopped, in one file that is replaced as a
/// whole: the settings, the best MSE, and whatever the trainer keeps.
///
/// The order of the images and their noise are functions of the settings and the epoch, so no
/// generator's state has to be kept.
final class RunState {
  private static final String SETTINGS = "settings";
  private static final String IMAGES = "images";
  private static final String BEST = "best";

  private final Tensors file;

  private RunState(Tensors file) {
    this.file = file;
  }

  /// Writes the state of a run.
  ///
  /// @param best the smallest validation MSE whose weights are saved
  static void save(Path target, Trainer trainer, double best) throws IOException {
    Tensors file = new Tensors();
    file.put(SETTINGS, SettingsFile.json(trainer.settings()));
    file.put(IMAGES, trainer.training().fingerprint());
    file.put(BEST, best);
    trainer.save(file);
    file.write(target);
  }

  /// @throws UserError in one line, if it is not a whole state
  static RunState load(Path source) {
    return new RunState(Tensors.read(source));
  }

  Settings settings() {
    return SettingsFile.parse(file.source(), file.text(SETTINGS));
  }

  double best() {
    return file.number(BEST);
  }

  /// Takes a fresh trainer of the same settings to where the run is.
  ///
  /// @throws UserError if something is missing or the images are not those of the run
  void restore(Trainer trainer) {
    if (!file.text(IMAGES).equals(trainer.training().fingerprint())) {
      throw new UserError(
          file.source()
              + ": expected the training images of the run, got others — put them back as they were, or"
              + " name CIFAR's folder with --data");
    }
    trainer.restore(file);
  }
}
