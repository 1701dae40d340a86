package dae.train;

import dae.UserError;
import dae.file.PlainFile;
import dae.file.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/// The folder of one run.
///
/// @param path the folder
public record RunFolder(Path path) {
  /// What is there before anything was learnt.
  private static final List<RunFile> BEGUN =
      List.of(RunFile.STATE, RunFile.REPORT, RunFile.SETTINGS);

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
    if (!found.isEmpty() && !isUntouched(found)) {
      throw new UserError(
          "%s: expected no run in it, got %s — name another folder with --out%s"
              .formatted(
                  path,
                  found.getFirst().fileName(),
                  hasRun() ? ", or go on with --resume " + path : ""));
    }
  }

  /// Whether all that was found is what a run leaves that was ended before it saved anything.
  private boolean isUntouched(List<RunFile> found) {
    if (!BEGUN.containsAll(found)) {
      return false;
    }
    try {
      if (found.contains(RunFile.SETTINGS)) {
        SettingsFile.parse("", PlainFile.text(file(RunFile.SETTINGS)));
      }
      return !found.contains(RunFile.STATE) || RunState.load(file(RunFile.STATE)).isUntouched();
    } catch (IOException | UserError e) {
      return false;
    }
  }

  /// Whether there is a run to go on with.
  public boolean hasRun() {
    return Files.isRegularFile(file(RunFile.STATE))
        || Files.isRegularFile(file(RunFile.STATE_BEFORE));
  }

  /// Makes sure that nothing lies where the run will write.
  ///
  /// @throws UserError naming what is not a file
  void requireFiles() {
    for (RunFile file : found()) {
      if (!Files.isRegularFile(file(file))) {
        throw new UserError(
            file(file) + ": expected a file of the run, got something else — move it away");
      }
    }
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

  /// Removes a run that has left nothing but its beginning, and its folder.
  void forget() {
    if (!BEGUN.containsAll(found())) {
      return;
    }
    try {
      Files.deleteIfExists(file(RunFile.REPORT));
      Files.deleteIfExists(file(RunFile.SETTINGS));
      Files.deleteIfExists(file(RunFile.STATE));
      Files.deleteIfExists(path.resolve(RunLock.FILE_NAME));
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
              + Reason.of(e)
              + " — name another with --out",
          e);
    }
  }
}
