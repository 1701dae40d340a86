package dae.train;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;

/// Keeps a run's table up to date, `history.csv`.
///
/// @param warn hears a line when it cannot be written
record HistoryFile(Path target, Consumer<String> warn) implements Listener {
  @Override
  public void saved(History history) {
    try {
      history.write(target);
    } catch (IOException e) {
      warn.accept(e.getMessage());
    }
  }
}
