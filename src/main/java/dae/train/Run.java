package dae.train;

import dae.DeviceError;
import dae.UserError;
import dae.file.AtomicFile;
import dae.model.Checkpoint;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/// A training with a folder: after each epoch, and when it is stopped, everything that is worth
/// keeping is there. Weights come first, then the state, then the tables, then the pictures, so
/// that whatever fails, the more valuable file is safe.
public final class Run {
  private static final int SAMPLES = 10;

  private final RunFolder folder;
  private final Trainer trainer;
  private final Settings settings;
  private final Listener listener;
  private double best;
  private boolean drawingFailed;

  private Run(
      RunFolder folder, Trainer trainer, Settings settings, Listener listener, double best) {
    this.folder = folder;
    this.trainer = trainer;
    this.settings = settings;
    this.listener = listener;
    this.best = best;
  }

  /// A new run; makes its folder and writes the settings.
  ///
  /// @throws UserError if the folder holds a run or cannot be written to
  public static Run start(RunFolder folder, Trainer trainer, Listener listener) {
    folder.requireNew();
    folder.create();
    Run run = new Run(folder, trainer, trainer.settings(), listener, Double.POSITIVE_INFINITY);
    run.writeSettings();
    return run;
  }

  /// The settings of the run in a folder.
  ///
  /// @throws UserError if there is no run in it
  public static Settings settings(RunFolder folder) {
    folder.requireRun();
    return RunState.load(folder.state()).settings();
  }

  /// Takes up the run in a folder where it stopped.
  ///
  /// @param trainer made with that run's [#settings(RunFolder)], but for the epochs
  /// @throws UserError if there is no run in it, nothing is left to do, or its recipe does not
  ///   allow for other epochs
  public static Run resume(RunFolder folder, Trainer trainer, Listener listener) {
    folder.requireRun();
    RunState state = RunState.load(folder.state());
    trainer.settings().requireEpochsOf(state.settings());
    state.restore(trainer);
    if (trainer.epoch() >= trainer.settings().epochs()) {
      throw new UserError(
          "%s: expected more than the %d epochs it has, got %d — %s"
              .formatted(
                  folder.path(),
                  trainer.epoch(),
                  trainer.settings().epochs(),
                  trainer.settings().recipe().plannedForItsEpochs()
                      ? "its recipe was planned for them; start a new run"
                      : "give a larger --epochs"));
    }
    Run run = new Run(folder, trainer, trainer.settings(), listener, state.best());
    run.writeSettings();
    return run;
  }

  private void writeSettings() {
    try {
      byte[] json = settings.prettyJson().getBytes(StandardCharsets.UTF_8);
      AtomicFile.write(folder.settings(), out -> out.write(json));
    } catch (IOException e) {
      throw new UserError(e.getMessage() + " — name a folder that can be written to", e);
    }
  }

  /// Trains to the last epoch of the settings.
  ///
  /// @param stop asked after each batch
  /// @return whether it came to the end; if it was stopped, [#resume] goes on from there
  /// @throws UserError if a number is not finite, or at the end if the weights could not be saved
  public boolean train(BooleanSupplier stop) {
    try {
      return epochs(stop);
    } catch (RuntimeException | Error e) {
      // No memory or no thread for the first step: the folder must be free for another try.
      folder.forget();
      throw e;
    }
  }

  private boolean epochs(BooleanSupplier stop) {
    while (trainer.epoch() < settings.epochs()) {
      Optional<History.Row> row = epoch(stop);
      boolean better = row.isPresent() && row.get().valMse() < best && saveBest(row.get());
      boolean saved = save();
      writeHistory();
      if (row.isPresent()) {
        draw();
        listener.finished(row.get(), better);
      }
      if (!saved && (row.isEmpty() || trainer.epoch() == settings.epochs())) {
        throw new UserError(
            folder.path() + ": expected room for the weights, got none — see the warning above");
      }
      if (row.isEmpty()) {
        return false;
      }
    }
    return true;
  }

  private Optional<History.Row> epoch(BooleanSupplier stop) {
    try {
      return trainer.epoch(listener, stop);
    } catch (ArithmeticException e) {
      String weights = "the weights from before are in " + folder.last();
      if (!tries(() -> saveWeights(folder.last(), Map.of()))) {
        weights = "the weights from before could not be saved";
      }
      throw new UserError(e.getMessage() + "; " + weights, e);
    }
  }

  private boolean saveBest(History.Row row) {
    Map<String, String> reached = Map.of("val_mse", "" + row.valMse());
    boolean saved = tries(() -> saveWeights(folder.best(), reached));
    if (saved) {
      best = row.valMse();
    }
    return saved;
  }

  private void saveWeights(Path target, Map<String, String> reached) throws IOException {
    Map<String, String> metadata = new LinkedHashMap<>(settings.metadata());
    metadata.put("finished_epochs", "" + trainer.epoch());
    metadata.putAll(reached);
    Checkpoint.save(target, trainer.saved(), metadata, settings.float16());
  }

  private boolean save() {
    return tries(() -> saveWeights(folder.last(), Map.of()))
        & tries(() -> RunState.save(folder.state(), settings, trainer, best));
  }

  private void writeHistory() {
    tries(() -> trainer.progress().history().write(folder.history()));
  }

  private void draw() {
    try {
      Drawing.write(() -> trainer.validation().figure(SAMPLES), folder.samples());
      Drawing.write(() -> LossPlot.of(trainer.progress().history()), folder.loss());
    } catch (IOException | DeviceError e) {
      // A device that is lost is lost for the next epoch too; a last one is complete without
      // pictures.
      if (!drawingFailed) {
        listener.warned(e.getMessage() + "; the run goes on without pictures");
      }
      drawingFailed = true;
    }
  }

  private interface Saving {
    void run() throws IOException;
  }

  private boolean tries(Saving saving) {
    try {
      saving.run();
      return true;
    } catch (IOException e) {
      listener.warned(e.getMessage());
      return false;
    }
  }

  /// The smallest validation MSE so far whose weights are saved; infinite before the first.
  public double best() {
    return best;
  }

  /// Where everything is.
  public RunFolder folder() {
    return folder;
  }
}
