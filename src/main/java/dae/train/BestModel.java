package dae.train;

import dae.UserError;
import dae.model.Checkpoint;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/// What lies under the name of a run's best model, which anybody may have changed meanwhile.
///
/// @param settings of the run
record BestModel(Path file, Settings settings) {
  /// What a run may change when it goes on; and folders' names, which say nothing.
  private static final Set<String> MAY_CHANGE = Set.of("epochs", "backend", "dataset", "noisy");

  /// The first of the settings in which two runs differ, for people; null if they are the same. One
  /// may be older and not know all of them.
  static String difference(Map<String, String> expected, Map<String, String> got) {
    for (Map.Entry<String, String> each : expected.entrySet()) {
      String other = got.get(each.getKey());
      if (other != null && !other.equals(each.getValue()) && !MAY_CHANGE.contains(each.getKey())) {
        return each.getKey().replace('_', ' ');
      }
    }
    return null;
  }

  /// Looks at it before a run goes on.
  ///
  /// @param best the smallest validation MSE that the run knows of; infinite for none
  /// @param epochs that the run has finished
  /// @param warn hears a line where it is not what the run has written
  /// @return the MSE that the next ones have to beat
  /// @throws UserError if it is another run's
  double look(double best, int epochs, Consumer<String> warn) {
    boolean expected = best < Double.POSITIVE_INFINITY;
    if (!Files.exists(file)) {
      if (expected) {
        warn.accept(file + ": expected the best model so far, got no file; a later one will do");
      }
      return Double.POSITIVE_INFINITY;
    }
    Checkpoint model;
    try {
      model = Checkpoint.load(file);
    } catch (UserError damaged) {
      warn.accept(damaged.getMessage() + "; a later one takes its place");
      return Double.POSITIVE_INFINITY;
    }
    String other = difference(settings.metadata(), model.metadata());
    if (other != null) {
      throw new UserError(
          "%s: expected the best model of the run, got that of another (%s differs) — move it away"
              .formatted(file, other));
    }
    double mse = mse(model);
    // The run was ended when the model was saved and the state was not: it will be made again.
    if (mse == best || number(model, "finished_epochs") > epochs) {
      return best;
    }
    warn.accept(
        "%s: expected the best model so far, of MSE %s, got one of %s; better ones replace it"
            .formatted(file, best, mse));
    return mse;
  }

  /// Whether it is whole and has this validation MSE.
  boolean has(double best) {
    try {
      return Files.isRegularFile(file) && mse(Checkpoint.load(file)) == best;
    } catch (UserError damaged) {
      return false;
    }
  }

  private static double mse(Checkpoint model) {
    return number(model, "val_mse");
  }

  private static double number(Checkpoint model, String key) {
    try {
      return Double.parseDouble(model.metadata().getOrDefault(key, "Infinity"));
    } catch (NumberFormatException e) {
      return Double.POSITIVE_INFINITY;
    }
  }
}
