package dae.train;

/// The files of a run, in the order in which they are worth keeping.
public enum RunFile {
  /// Weights of the epoch with the smallest validation MSE.
  BEST("best.safetensors"),
  /// Weights as they were when last saved.
  LAST("last.safetensors"),
  /// What `--resume` goes on from.
  STATE("state.safetensors"),
  /// The state before that one, for when that one is damaged.
  STATE_BEFORE("state-before.safetensors"),
  /// One line per epoch.
  HISTORY("history.csv"),
  /// Rows of original, noisy and denoised images.
  SAMPLES("samples.png"),
  /// The curve of the history.
  LOSS("loss.png"),
  /// All of it on one page, drawn from what `report/` keeps beside it.
  REPORT("report.html"),
  /// What the run was started with.
  SETTINGS("settings.json");

  private final String fileName;

  RunFile(String fileName) {
    this.fileName = fileName;
  }

  /// Its name in the run's folder.
  public String fileName() {
    return fileName;
  }
}
