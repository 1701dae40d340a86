package dae.train;

import dae.UserError;
import dae.file.Tensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/// All that a run needs to go on as if it had never stopped, in one file that is replaced as a
/// whole: the settings, the best MSE, and whatever the trainer keeps.
///
/// The order of the images and their noise are functions of the settings and the epoch, so no
/// generator's state has to be kept.
final class RunState {
  private static final String SETTINGS = "settings";
  private static final String IMAGES = "images";
  private static final String BEST = "best";

  private final Path path;
  private final Tensors file;

  private RunState(Path path, Tensors file) {
    this.path = path;
    this.file = file;
  }

  /// Writes the state of a run.
  ///
  /// @param before what the state so far is called from then on; null if there is none
  /// @param best the smallest validation MSE whose weights are saved
  static void save(Path target, Path before, Trainer trainer, double best) throws IOException {
    Tensors file = new Tensors();
    file.put(SETTINGS, SettingsFile.json(trainer.settings()));
    file.put(IMAGES, trainer.training().fingerprint());
    file.put(BEST, best);
    trainer.save(file);
    file.write(target, before);
  }

  /// The latest state of a run that is whole.
  ///
  /// @param warn hears a line where that is not the last one
  /// @throws UserError in one line, if there is none
  static RunState latest(RunFolder folder, Consumer<String> warn) {
    Path last = folder.file(RunFile.STATE);
    Path before = folder.file(RunFile.STATE_BEFORE);
    if (!Files.exists(last)) {
      warn.accept(last + ": expected the last state, got no file; going on from " + before);
      return load(before);
    }
    try {
      return load(last);
    } catch (UserError damaged) {
      if (damaged.getCause() instanceof IOException || !Files.isRegularFile(before)) {
        throw damaged;
      }
      RunState older;
      try {
        older = load(before);
      } catch (UserError bothDamaged) {
        throw damaged;
      }
      warn.accept("%s; going on from %s".formatted(damaged.getMessage(), before.getFileName()));
      return older;
    }
  }

  /// @throws UserError in one line, if it is not a whole state
  static RunState load(Path source) {
    Tensors file = Tensors.read(source);
    file.all()
        .forEach((name, entry) -> {
          for (float value : entry.data()) {
            if (!Float.isFinite(value) && !name.startsWith("adam/")) {
              throw new UserError(
                  "%s: tensor %s: expected finite values, got NaN or infinity — start a new run"
                      .formatted(source, name));
            }
          }
        });
    return new RunState(source, file);
  }

  /// Where it was found.
  Path path() {
    return path;
  }

  /// Whether no batch was learnt from yet.
  boolean isUntouched() {
    return file.text("batch").equals("0") && file.text("history").lines().count() <= 1;
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
    if (!trainer.training().has(file.text(IMAGES))) {
      throw new UserError(
          file.source()
              + ": expected the training images of the run, got others — put them back as they"
              + " were, or say with --dataset (CIFAR: --data) where they are");
    }
    trainer.restore(file);
  }
}
