package dae.train;

import dae.UserError;
import dae.file.AtomicFile;
import dae.file.PlainFile;
import dae.model.Checkpoint;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/// A training run with a folder: after each epoch, every few minutes and when it is stopped,
/// everything that is worth keeping is there. Weights come first, then the state, then the table,
/// then what the listeners make of it, so that whatever fails, the more valuable file is safe.
///
/// The folder is its own as long as a [RunLock] is held.
public final class Run {
  private final RunFolder folder;
  private final Trainer trainer;
  private final Settings settings;
  private final Listener listener;
  private final BestModel model;
  private Duration saveEvery = Duration.ZERO;
  private double best;

  /// Whether there is nothing yet but the beginning.
  private boolean fresh;

  private Run(RunFolder folder, Trainer trainer, List<Listener> listeners) {
    this.folder = folder;
    this.trainer = trainer;
    this.settings = trainer.settings();
    List<Listener> all = new ArrayList<>(listeners);
    all.addFirst(new HistoryFile(folder.file(RunFile.HISTORY), this::warn));
    this.listener = new Listeners(all);
    model = new BestModel(folder.file(RunFile.BEST), settings);
    best = Double.POSITIVE_INFINITY;
  }

  /// A new run; makes its folder and writes its first state and the settings, so that it can be
  /// resumed from then on.
  ///
  /// @throws UserError if the folder holds a run or cannot be written to
  public static Run start(RunFolder folder, Trainer trainer, List<Listener> listeners) {
    folder.requireNew();
    folder.create();
    AtomicFile.sweep(folder.path());
    Run run = new Run(folder, trainer, listeners);
    run.fresh = true;
    try {
      RunState.save(folder.file(RunFile.STATE), null, trainer, run.best);
      run.writeSettings();
    } catch (IOException e) {
      folder.forget();
      throw notWritable(e);
    } catch (RuntimeException e) {
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
    return RunState.latest(folder, line -> {}).settings();
  }

  /// Goes on with the run in a folder from where it stopped.
  ///
  /// @param trainer made with that run's [#settings(RunFolder)], but for the epochs
  /// @throws UserError if there is no run in it, nothing is left to do, its recipe does not allow
  ///   for other epochs, or a file is another run's
  public static Run resume(RunFolder folder, Trainer trainer, List<Listener> listeners) {
    folder.requireRun();
    folder.requireFiles();
    Run run = new Run(folder, trainer, listeners);
    RunState state = RunState.latest(folder, run::warn);
    run.settings.requireEpochsOf(state.settings());
    run.requireSettings(state);
    state.restore(trainer);
    run.best = run.model.look(state.best(), trainer.epoch(), run::warn);
    AtomicFile.sweep(folder.path());
    run.keep(state);
    run.completeHistory();
    if (trainer.epoch() >= run.settings.steps().epochs()) {
      throw new UserError(
          "%s: expected more than the %d epochs it has, got %d — %s"
              .formatted(
                  folder.path(),
                  trainer.epoch(),
                  run.settings.steps().epochs(),
                  run.settings.recipe().plannedForItsEpochs()
                      ? "its recipe was planned for them; start a new run"
                      : "give a larger --epochs"));
    }
    run.writeSettings();
    return run;
  }

  /// Makes sure that the state is that of the settings beside it.
  private void requireSettings(RunState state) {
    Path file = folder.file(RunFile.SETTINGS);
    Settings beside;
    try {
      beside = SettingsFile.parse("" + file, PlainFile.text(file));
    } catch (NoSuchFileException older) {
      return;
    } catch (IOException | UserError e) {
      warn(file + ": expected the settings of the run, got something else; written again");
      return;
    }
    String other = BestModel.difference(state.settings().metadata(), beside.metadata());
    if (other != null) {
      throw new UserError(
          "%s: expected the state of the run in %s, got another's (%s differs) — put the run's own back,"
                  .formatted(state.path(), file.getFileName(), other)
              + " or remove the one that is wrong");
    }
  }

  /// A damaged state must not become the one that is kept for the worst.
  private void keep(RunState state) {
    Path last = folder.file(RunFile.STATE);
    if (!state.path().equals(last)) {
      try {
        Files.move(state.path(), last, StandardCopyOption.ATOMIC_MOVE);
      } catch (IOException e) {
        throw notWritable(e);
      }
    }
  }

  /// A run may have been ended between its state and its history, which then lacks a row.
  private void completeHistory() {
    Path file = folder.file(RunFile.HISTORY);
    String expected = trainer.history().csv();
    try {
      String got = Files.exists(file) ? PlainFile.text(file, StandardCharsets.ISO_8859_1) : "";
      if (!got.equals(expected) && (!got.isEmpty() || trainer.epoch() > 0)) {
        if (!got.startsWith(expected) && !expected.startsWith(got)) {
          warn(file + ": expected the rows that the state knows, got others; written again");
        }
        trainer.history().write(file);
      }
    } catch (IOException e) {
      warn(e.getMessage());
    }
  }

  private static UserError notWritable(IOException e) {
    return new UserError(e.getMessage() + " — name a folder that can be written to", e);
  }

  /// Takes a trainer to where the run in a folder is, for one of several machines that train it and
  /// not the one that keeps it.
  ///
  /// @param trainer made with that run's [#settings(RunFolder)], but for the epochs
  /// @throws UserError if there is no run in it, or its images are others
  public static void follow(RunFolder folder, Trainer trainer) {
    folder.requireRun();
    RunState.latest(folder, line -> {}).restore(trainer);
  }

  private void writeSettings() {
    try {
      byte[] json = SettingsFile.pretty(settings).getBytes(StandardCharsets.UTF_8);
      AtomicFile.write(folder.file(RunFile.SETTINGS), out -> out.write(json));
    } catch (IOException e) {
      throw notWritable(e);
    }
  }

  /// Also saves in the middle of epochs.
  ///
  /// @param interval 0 for at the ends of epochs only
  public void saveEvery(Duration interval) {
    saveEvery = interval;
  }

  /// Trains to the last epoch of the settings.
  ///
  /// @param stop asked after each batch
  /// @return whether it came to the end; if it was stopped, [#resume] goes on from there
  /// @throws UserError if the run diverged, or at the end if the weights could not be saved
  public boolean train(BooleanSupplier stop) {
    try {
      boolean complete = epochs(stop);
      if (complete) {
        completeBest();
      }
      return complete;
    } catch (Diverged e) {
      throw diverged(e);
    } catch (RuntimeException | Error e) {
      // No memory or no thread for the first step: the folder must be free for another try.
      if (fresh) {
        folder.forget();
      }
      throw e;
    }
  }

  private boolean epochs(BooleanSupplier stop) {
    Pause pause = Pause.every(saveEvery, this::saveOnTheWay);
    while (trainer.epoch() < settings.steps().epochs()) {
      Optional<History.Row> row = trainer.epoch(listener, stop, pause);
      if (row.isPresent() && !Double.isFinite(row.get().valMse())) {
        throw new Diverged("the validation");
      }
      trainer.requireFinite();
      boolean better = row.isPresent() && row.get().valMse() < best && saveBest(row.get());
      boolean saved = save();
      listener.saved(trainer.history());
      row.ifPresent(found -> listener.finished(found, better));
      if (!saved && (row.isEmpty() || trainer.epoch() == settings.steps().epochs())) {
        throw new UserError(
            folder.path()
                + ": expected to save weights and state, got an error — see the warning above");
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

  private void saveOnTheWay() {
    trainer.requireFinite();
    save();
    System.gc();
  }

  /// Whatever was saved before stays: the best model, and the state, which was still good. The last
  /// weights are those from before the batch, unless they are what has gone bad.
  private UserError diverged(Diverged e) {
    String weights = "the weights from before are in " + folder.file(RunFile.LAST);
    try {
      trainer.requireFinite();
      fresh = false;
      if (!tries(() -> saveWeights(RunFile.LAST, Map.of()))) {
        weights = "the weights from before could not be saved";
      }
    } catch (Diverged weightsToo) {
      weights =
          Files.exists(folder.file(RunFile.BEST))
              ? "what was saved before is still in " + folder.path()
              : "no model was saved";
    }
    return new UserError(
        "training: %s (epoch %d) — start again with a lower --learning-rate than %s; %s"
            .formatted(
                e.getMessage(),
                Math.min(trainer.epoch() + 1, settings.steps().epochs()),
                settings.steps().learningRate(),
                weights),
        e);
  }

  /// Somebody may have taken the best model away while the run went on.
  private void completeBest() {
    History.Row last = trainer.history().rows().getLast();
    if (model.has(best)) {
      return;
    }
    if (last.valMse() <= best && saveBest(last)) {
      warn(model.file() + ": expected the best model, got none or another; written again");
    } else {
      warn(model.file() + ": expected the best model, got none or another; take the last");
      best = last.valMse();
    }
  }

  /// The file with the best weights, or with the last ones where the best are gone.
  public Path model() {
    return folder.file(model.has(best) ? RunFile.BEST : RunFile.LAST);
  }

  private boolean saveBest(History.Row row) {
    Saving saving = () -> saveWeights(RunFile.BEST, Map.of("val_mse", "" + row.valMse()));
    // The next epoch will have other weights: what fails once gets a second chance.
    boolean saved = tries(saving) || tries(saving);
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
    fresh = false;
    // A state that is ahead of the weights would not make them again.
    return tries(() -> saveWeights(RunFile.LAST, Map.of())) && tries(this::saveState);
  }

  private void saveState() throws IOException {
    RunState.save(folder.file(RunFile.STATE), folder.file(RunFile.STATE_BEFORE), trainer, best);
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
