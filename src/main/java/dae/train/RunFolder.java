package dae.train;

import dae.UserError;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The folder of one run and the names of the files in it.
///
/// @param path the folder
public record RunFolder(Path path) {
  /// @throws UserError if the path is empty: it would be the current folder
  public RunFolder {
    if (path.toString().isEmpty()) {
      throw new UserError("train: expected a folder, got an empty name — change --out or --resume");
    }
  }

  /// Weights of the epoch with the smallest validation MSE.
  public Path best() {
    return path.resolve("best.safetensors");
  }

  /// Weights as they were when last saved.
  public Path last() {
    return path.resolve("last.safetensors");
  }

  /// What `--resume` goes on from.
  public Path state() {
    return path.resolve("state.safetensors");
  }

  /// One line per epoch.
  public Path history() {
    return path.resolve("history.csv");
  }

  /// What the run was started with.
  public Path settings() {
    return path.resolve("settings.json");
  }

  /// Rows of original, noisy and denoised images.
  public Path samples() {
    return path.resolve("samples.png");
  }

  /// The curve of the history.
  public Path loss() {
    return path.resolve("loss.png");
  }

  /// Makes sure that a new run would overwrite nothing; touches nothing itself.
  ///
  /// @throws UserError if there is a run already, or a file of that name
  public void requireNew() {
    if (Files.exists(path) && !Files.isDirectory(path)) {
      throw new UserError(path + ": expected a folder, got a file — name another with --out");
    }
    for (Path file : List.of(best(), last(), state(), history(), settings(), samples(), loss())) {
      if (Files.exists(file)) {
        throw new UserError(
            "%s: expected no run in it, got %s — name another folder with --out%s"
                .formatted(
                    path,
                    file.getFileName(),
                    Files.exists(state()) ? ", or go on with --resume " + path : ""));
      }
    }
  }

  /// Whether there is a run to go on with.
  public boolean hasRun() {
    return Files.isRegularFile(state());
  }

  /// Makes sure that there is a run to go on with.
  ///
  /// @throws UserError if there is none
  public void requireRun() {
    if (!hasRun()) {
      throw new UserError(
          Files.exists(settings())
              ? path + ": expected a run that has saved, got one that had not yet — start a new run"
              : path
                  + ": expected a run's folder, got none with a "
                  + state().getFileName()
                  + " — check --resume");
    }
  }

  /// Removes what a run has left that has not come as far as to be gone on with.
  ///
  /// @throws UserError if that is not possible
  public void clear() {
    try {
      for (Path file : List.of(best(), last(), history(), samples(), loss())) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UserError(
          path + ": expected to begin anew, got " + e + " — name another folder with --out", e);
    }
    forget();
  }

  /// Removes the settings, and with them the folder, of a run that has left nothing else.
  void forget() {
    for (Path file : List.of(best(), last(), state(), history(), samples(), loss())) {
      if (Files.exists(file)) {
        return;
      }
    }
    try {
      Files.deleteIfExists(settings());
      if (!Files.isSymbolicLink(path)) {
        Files.deleteIfExists(path);
      }
    } catch (IOException notEmpty) {
      // Somebody else's files are in it.
      return;
    }
  }

  /// Makes the folder.
  ///
  /// @throws UserError if that is not possible
  public void create() {
    try {
      Files.createDirectories(path);
    } catch (IOException e) {
      throw new UserError(
          path
              + ": expected a folder that can be made, got "
              + (e instanceof FileSystemException failed && failed.getReason() != null
                  ? failed.getReason()
                  : e.getClass().getSimpleName())
              + " — name another with --out",
          e);
    }
  }
}
