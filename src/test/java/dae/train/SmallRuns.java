package dae.train;

import dae.data.Images;
import dae.random.Draws;
import java.util.ArrayList;
import java.util.List;

/// Runs small enough for tests.
final class SmallRuns {
  static final int SIDE = 16;

  private SmallRuns() {}

  /// Width 2, batches of 16.
  static Settings settings(int epochs, String backend) {
    return settings(epochs, backend, Recipe.ARTICLE);
  }

  /// The same with another recipe.
  static Settings settings(int epochs, String backend, Recipe recipe) {
    Settings article = Recipes.ARTICLE.settings("random", "", backend);
    return article
        .withNetwork("article:2")
        .with(article.steps().withEpochs(epochs).withBatchSize(16).withSeed(5))
        .with(recipe);
  }

  /// Random smooth-ish pictures of 16×16.
  static Images images(int count, int item) {
    byte[] bytes = new byte[count * SIDE * SIDE * Images.CHANNELS];
    Draws draws = new Draws(9, 0, item, 0);
    int value = 0;
    for (int i = 0; i < bytes.length; i++) {
      value = Math.clamp(value + draws.below(41) - 20, 0, 255);
      bytes[i] = (byte) value;
    }
    return new Images(SIDE, SIDE, bytes);
  }

  /// Remembers what it hears.
  static final class Heard implements Listener {
    final List<String> warnings = new ArrayList<>();
    final List<Boolean> best = new ArrayList<>();

    @Override
    public void finished(History.Row row, boolean isBest) {
      best.add(isBest);
    }

    @Override
    public void warned(String line) {
      warnings.add(line);
    }
  }
}
