package dae.train;

import dae.UserError;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/// The folder of one run.
///
/// @param path the folder
public record RunFolder(Path path) {
  /// @throws UserError if the path is empty: it would be the current folder
  public RunFolder {
    if (path.toString().isEmpty()) {
      throw new UserError("train: expected a folder, got an empty name — change --out or --resume");
    }
  }

  /// Where one of its files is.
  public Path file(RunFile file) {
    return path.resolve(file.fileName());
  }

  private List<RunFile> found() {
    return Arrays.stream(RunFile.values()).filter(file -> Files.exists(file(file))).toList();
  }

  /// Makes sure that a new run would overwrite nothing; touches nothing itself.
  ///
  /// @throws UserError if there is a run already, or a file of that name
  public void requireNew() {
    if (Files.exists(path) && !Files.isDirectory(path)) {
      throw new UserError(path + ": expected a folder, got a file — name another with --out");
    }
    List<RunFile> found = found();
    if (!found.isEmpty()) {
      throw new UserError(
          "%s: expected no run in it, got %s — name another folder with --out%s"
              .formatted(
                  path,
                  found.getFirst().fileName(),
                  found.contains(RunFile.STATE) ? ", or go on with --resume " + path : ""));
    }
  }

  /// Whether there is a run to go on with.
  public boolean hasRun() {
    return Files.isRegularFile(file(RunFile.STATE));
  }

  /// Makes sure that there is a run to go on with.
  ///
  /// @throws UserError if there is none
  public void requireRun() {
    if (!hasRun()) {
      throw new UserError(
          Files.exists(file(RunFile.SETTINGS))
              ? path + ": expected a run that has saved, got one that had not yet — start a new run"
              : path
                  + ": expected a run's folder, got none with a "
                  + RunFile.STATE.fileName()
                  + " — check --resume");
    }
  }

  /// Removes what is left of a run that did not come far enough to go on with.
  ///
  /// @throws UserError if that is not possible
  public void clear() {
    try {
      for (RunFile file : found()) {
        if (file != RunFile.STATE && file != RunFile.SETTINGS) {
          Files.delete(file(file));
        }
      }
    } catch (IOException e) {
      throw new UserError(
          path + ": expected to start again, got " + e + " — name another folder with --out", e);
    }
    forget();
  }

  /// Removes the settings, and with them the folder, of a run that has left nothing else.
  void forget() {
    if (!List.of(RunFile.SETTINGS).containsAll(found())) {
      return;
    }
    try {
      Files.deleteIfExists(file(RunFile.SETTINGS));
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
