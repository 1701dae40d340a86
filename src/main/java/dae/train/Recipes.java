package dae.train;

import dae.model.Networks;
import dae.noise.Noises;
import dae.optim.Schedule;
import java.util.Locale;

/// Settings by name, from which single ones may differ.
public enum Recipes {
  /// The article's: 40 epochs, batches of 128, learning rate 0.001, nothing more.
  ARTICLE(new Settings.Steps(40, 128, 0.001, 1), Recipe.ARTICLE),

  /// What does best for networks without batch norm (bench/NOTES.md): small batches and a high
  /// learning rate, which then falls to 0, with a warm-up and the gradient clipped to about twice
  /// its usual norm. Twice the rate is better in runs of ten epochs, but does not hold in long
  /// ones.
  BEST(
      new Settings.Steps(40, 32, 0.002, 1),
      new Recipe(Schedule.COSINE, 500, 0.01, 0.99, true, true, 0, false, "mse")),

  /// For photographs with noise of any strength, from weights that were trained before: the mean
  /// PSNR, so that weak noise counts as much as strong, with its larger gradients.
  PHOTO(
      new Settings.Steps(40, 16, 0.001, 1),
      new Recipe(Schedule.COSINE, 500, 1, 0.99, true, true, 0, false, "psnr"));

  private final Settings.Steps steps;
  private final Recipe recipe;

  Recipes(Settings.Steps steps, Recipe recipe) {
    this.steps = steps;
    this.recipe = recipe;
  }

  /// With the article's network and noise, for all images.
  ///
  /// @param folder of the archives
  public Settings settings(String dataset, String folder, String backend) {
    return new Settings(
        new Settings.Data(dataset, folder),
        Networks.DEFAULT,
        "",
        new Settings.Noise(Noises.DEFAULT, false),
        steps,
        recipe,
        false,
        backend);
  }

  /// As it is written on a command line.
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
