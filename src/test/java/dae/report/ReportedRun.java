package dae.report;

import dae.data.Images;
import dae.graph.Trace;
import dae.kernel.Backend;
import dae.kernel.simd.SimdBackend;
import dae.random.Draws;
import dae.train.Recipes;
import dae.train.Run;
import dae.train.RunFolder;
import dae.train.Settings;
import dae.train.Trainer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Runs small enough for tests, each with its report.
final class ReportedRun {
  static final int IMAGES = 40;
  private static final int SIDE = 16;

  private ReportedRun() {}

  /// Width 2, batches of 8.
  static Settings settings(String dataset, int epochs) {
    Settings article = Recipes.ARTICLE.settings(dataset, "", "simd");
    return article
        .withNetwork("article:2")
        .with(article.steps().withEpochs(epochs).withBatchSize(8).withSeed(5));
  }

  static Images images() {
    byte[] bytes = new byte[IMAGES * SIDE * SIDE * Images.CHANNELS];
    Draws draws = new Draws(9, 0, 1, 0);
    int value = 0;
    for (int i = 0; i < bytes.length; i++) {
      value = Math.clamp(value + draws.below(41) - 20, 0, 255);
      bytes[i] = (byte) value;
    }
    return new Images(SIDE, SIDE, bytes);
  }

  /// Trains and returns the warnings.
  ///
  /// @param goOn whether with the run that is there
  /// @param traced whether ops are timed
  static List<String> train(RunFolder folder, Settings settings, boolean goOn, boolean traced) {
    List<String> warnings = new ArrayList<>();
    try (Backend backend = new SimdBackend(1);
        Trainer trainer = new Trainer(settings, images(), images(), backend)) {
      Trace trace = traced ? new Trace(backend) : null;
      trainer.trace(trace);
      RunReport report =
          new RunReport(
              folder,
              trainer,
              Map.of("device", "<b>a device</b>"),
              trace,
              List.of("train --noise 'a<b'"),
              warnings::add);
      Run run =
          goOn
              ? Run.resume(folder, trainer, List.of(report))
              : Run.start(folder, trainer, List.of(report));
      report.begin();
      run.train(() -> false);
    }
    return warnings;
  }
}
