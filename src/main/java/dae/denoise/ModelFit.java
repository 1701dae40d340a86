package dae.denoise;

import dae.UserError;
import dae.model.Checkpoint;
import dae.noise.Levels;
import dae.noise.Noises;
import java.util.Optional;

/// Whether a model has learnt to take off as much noise as a picture has.
final class ModelFit {
  private static final double WHITE = 255;

  private ModelFit() {}

  /// What to say where it has not: which model of our own has. Nothing where that cannot be told.
  static Optional<String> warning(Checkpoint model, NoiseLevel level) {
    Optional<Levels> levels = levels(model).filter(each -> !fits(each, level));
    return levels.map(each ->
        "noise about %.1f of 255: expected %s, which %s was trained on — %s"
            .formatted(level.sigma(), said(each), model.source(), advice(level)));
  }

  private static boolean fits(Levels levels, NoiseLevel level) {
    return Double.isNaN(level.sigma()) || levels.mayHold(level.sigma() / WHITE);
  }

  private static Optional<Levels> levels(Checkpoint model) {
    String word = model.metadata().get("noise");
    try {
      return word == null ? Optional.empty() : Noises.named(word).levels();
    } catch (UserError e) {
      // It would tell to change an option; it is the file that says this.
      throw new UserError(
          "%s: expected a model whose noise this program knows, got '%s' — take another model"
              .formatted(model.source(), word),
          e);
    }
  }

  private static String said(Levels levels) {
    String low = "%.1f".formatted(WHITE * levels.low());
    String high = "%.1f".formatted(WHITE * levels.high());
    return low.equals(high) ? "about " + low : low + " to " + high;
  }

  private static String advice(NoiseLevel level) {
    return Checkpoint.BUILT_IN.stream()
        .filter(
            name -> levels(Checkpoint.builtIn(name)).stream().allMatch(each -> fits(each, level)))
        .findFirst()
        .map(name -> "add --model " + name)
        .orElse("train one on as much");
  }
}
