package dae.train;

import dae.UserError;
import dae.file.AtomicFile;
import dae.model.Checkpoint;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/// A training run with a folder: after each epoch, and when it is stopped, everything that is worth
/// keeping is there. Weights come first, then the state, then the table, then what the listeners
/// make of it, so that whatever fails, the more valuable file is safe.
public final class Run {
  private final RunFolder folder;
  private final Trainer trainer;
  private final Settings settings;
  private final Listener listener;
  private double best;

  private Run(RunFolder folder, Trainer trainer, List<Listener> listeners, double best) {
    this.folder = folder;
    this.trainer = trainer;
    this.settings = trainer.settings();
    List<Listener> all = new ArrayList<>(listeners);
    all.addFirst(new HistoryFile(folder.file(RunFile.HISTORY), this::warn));
    this.listener = new Listeners(all);
    this.best = best;
  }

  /// A new run; makes its folder and writes the settings.
  ///
  /// @throws UserError if the folder holds a run or cannot be written to
  public static Run start(RunFolder folder, Trainer trainer, List<Listener> listeners) {
    folder.requireNew();
    folder.create();
    Run run = new Run(folder, trainer, listeners, Double.POSITIVE_INFINITY);
    try {
      run.writeSettings();
    } catch (UserError e) {
      folder.forget();
      throw e;
    }
    return run;
  }

  /// The settings of the run in a folder.
  ///
  /// @throws UserError if there is no run in it
  public static Settings settings(RunFolder folder) {
    folder.requireRun();
    return RunState.load(folder.file(RunFile.STATE)).settings();
  }

  /// Goes on with the run in a folder from where it stopped.
  ///
  /// @param trainer made with that run's [#settings(RunFolder)], but for the epochs
  /// @throws UserError if there is no run in it, nothing is left to do, or its recipe does not
  ///   allow for other epochs
  public static Run resume(RunFolder folder, Trainer trainer, List<Listener> listeners) {
    folder.requireRun();
    RunState state = RunState.load(folder.file(RunFile.STATE));
    Settings settings = trainer.settings();
    settings.requireEpochsOf(state.settings());
    state.restore(trainer);
    if (trainer.epoch() >= settings.steps().epochs()) {
      throw new UserError(
          "%s: expected more than the %d epochs it has, got %d — %s"
              .formatted(
                  folder.path(),
                  trainer.epoch(),
                  settings.steps().epochs(),
                  settings.recipe().plannedForItsEpochs()
                      ? "its recipe was planned for them; start a new run"
                      : "give a larger --epochs"));
    }
    Run run = new Run(folder, trainer, listeners, state.best());
    run.writeSettings();
    return run;
  }

  private void writeSettings() {
    try {
      byte[] json = SettingsFile.pretty(settings).getBytes(StandardCharsets.UTF_8);
      AtomicFile.write(folder.file(RunFile.SETTINGS), out -> out.write(json));
    } catch (IOException e) {
      throw new UserError(e.getMessage() + " — name a folder that can be written to", e);
    }
  }

  /// Trains to the last epoch of the settings.
  ///
  /// @param stop asked after each batch
  /// @return whether it came to the end; if it was stopped, [#resume] goes on from there
  /// @throws UserError if the run diverged, or at the end if the weights could not be saved
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
    while (trainer.epoch() < settings.steps().epochs()) {
      Optional<History.Row> row = epoch(stop);
      boolean better = row.isPresent() && row.get().valMse() < best && saveBest(row.get());
      boolean saved = save();
      listener.saved(trainer.history());
      row.ifPresent(found -> listener.finished(found, better));
      if (!saved && (row.isEmpty() || trainer.epoch() == settings.steps().epochs())) {
        throw new UserError(
            folder.path()
                + ": expected room for weights and state, got too little — see the warning above");
      }
      if (row.isEmpty()) {
        return false;
      }
      // The copies that were saved are garbage now, 45 MiB an epoch, and too large for the young
      // generation. Left alone, SerialGC lets the old one grow to the end of the heap.
      System.gc();
    }
    return true;
  }

  private Optional<History.Row> epoch(BooleanSupplier stop) {
    try {
      return trainer.epoch(listener, stop);
    } catch (Diverged e) {
      String weights = "the weights from before are in " + folder.file(RunFile.LAST);
      if (!tries(() -> saveWeights(RunFile.LAST, Map.of()))) {
        weights = "the weights from before could not be saved";
      }
      throw new UserError(
          "training: %s (epoch %d) — start again with a lower --learning-rate than %s; %s"
              .formatted(
                  e.getMessage(), trainer.epoch() + 1, settings.steps().learningRate(), weights),
          e);
    }
  }

  private boolean saveBest(History.Row row) {
    boolean saved = tries(() -> saveWeights(RunFile.BEST, Map.of("val_mse", "" + row.valMse())));
    if (saved) {
      best = row.valMse();
    }
    return saved;
  }

  private void saveWeights(RunFile target, Map<String, String> reached) throws IOException {
    Map<String, String> metadata = new LinkedHashMap<>(settings.metadata());
    metadata.put("finished_epochs", "" + trainer.epoch());
    metadata.putAll(reached);
    Checkpoint.save(
        folder.file(target), settings.model(), trainer.saved(), metadata, settings.float16());
  }

  private boolean save() {
    return tries(() -> saveWeights(RunFile.LAST, Map.of()))
        & tries(() -> RunState.save(folder.file(RunFile.STATE), trainer, best));
  }

  private interface Saving {
    void run() throws IOException;
  }

  private boolean tries(Saving saving) {
    try {
      saving.run();
      return true;
    } catch (IOException e) {
      warn(e.getMessage());
      return false;
    }
  }

  private void warn(String line) {
    listener.warned(line);
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
