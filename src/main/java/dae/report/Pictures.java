package dae.report;

import dae.DeviceError;
import dae.train.Evaluation;
import dae.train.History;
import dae.train.Listener;
import dae.train.RunFile;
import dae.train.RunFolder;
import dae.train.Trainer;
import java.io.IOException;
import java.util.function.Consumer;

/// Draws a run's pictures after every epoch: what the network does, and the curve.
public final class Pictures implements Listener {
  private static final int SAMPLES = 10;

  private final RunFolder folder;
  private final Trainer trainer;
  private final Consumer<String> warn;
  private boolean failed;

  /// @param warn hears a line, once, when they cannot be drawn
  public Pictures(RunFolder folder, Trainer trainer, Consumer<String> warn) {
    this.folder = folder;
    this.trainer = trainer;
    this.warn = warn;
  }

  @Override
  public void finished(History.Row row, boolean best) {
    try {
      Drawing.write(() -> Figure.of(samples()), folder.file(RunFile.SAMPLES));
      Drawing.write(() -> LossPlot.of(trainer.history()), folder.file(RunFile.LOSS));
    } catch (IOException | DeviceError e) {
      // A device that is lost is lost for the next epoch too; the last is complete without
      // pictures.
      if (!failed) {
        warn.accept(e.getMessage() + "; the run goes on without pictures");
      }
      failed = true;
    }
  }

  private Evaluation.Samples samples() {
    return trainer.validation().spread(SAMPLES);
  }
}
