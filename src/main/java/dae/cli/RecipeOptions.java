package dae.cli;

import static dae.cli.TrainCommand.or;

import dae.UserError;
import dae.optim.Schedule;
import dae.train.Recipe;
import dae.train.Recipes;
import picocli.CommandLine.Option;

/// What a training does beyond the article.
final class RecipeOptions {
  @Option(
      names = "--recipe",
      paramLabel = "NAME",
      description =
          "Where the other options start from: article; best, which is --batch-size 32"
              + " --learning-rate 0.002 --schedule cosine --warmup 500 --clip 0.01 --beta2 0.99 --flip"
              + " --turn; or photo, the same with --batch-size 16 --learning-rate 0.001 --clip 1"
              + " --loss psnr (default: article; on folders photo).")
  private Recipes recipe;

  @Option(
      names = "--schedule",
      paramLabel = "NAME",
      description = "Learning rate: constant, or cosine, which falls to 0 (default: constant).")
  private Schedule schedule;

  @Option(
      names = "--warmup",
      paramLabel = "STEPS",
      description = "Let the learning rate rise from 0 in the first steps (default: 0, none).")
  private Integer warmup;

  @Option(
      names = "--clip",
      paramLabel = "NORM",
      description = "Scale gradients down whose norm is more than this (default: 0, none).")
  private Double clip;

  @Option(
      names = "--beta2",
      paramLabel = "SHARE",
      description = "Adam's: what its mean of squares keeps at each step (default: 0.999).")
  private Double beta2;

  @Option(
      names = "--flip",
      description = "Mirror a random half of the images, different ones in every epoch.")
  private Boolean flip;

  @Option(
      names = "--turn",
      description = "Turn each image by quarter turns, as many as chance says in every epoch.")
  private Boolean turn;

  @Option(
      names = "--ema",
      paramLabel = "DECAY",
      description =
          "Validate and save a moving average of the weights that keeps this share at each step,"
              + " such as 0.999 (default: 0, none).")
  private Double ema;

  @Option(
      names = "--bn-refresh",
      description = "At the end estimate batch norm's statistics again, over all training images.")
  private Boolean bnRefresh;

  @Option(
      names = "--loss",
      paramLabel = "NAME",
      description =
          "What training minimises: mse, l1 (absolute error), psnr, which takes a slightly noisy"
              + " picture as seriously as a very noisy one, or repair, with more weight on what was"
              + " damaged (default: mse).")
  private String loss;

  /// What the other options start from.
  ///
  /// @param usual where none was named
  Recipes named(Recipes usual) {
    return or(recipe, usual);
  }

  /// @throws UserError if one was named, for a run that has its own
  void requireNone() {
    if (recipe != null) {
      throw new UserError(
          "train: expected --resume or --recipe, got both — a resumed run keeps its recipe");
    }
  }

  /// A recipe with what was asked for in the place of its own.
  Recipe asked(Recipe base) {
    return new Recipe(
        or(schedule, base.schedule()),
        or(warmup, base.warmup()),
        or(clip, base.clip()),
        or(beta2, base.beta2()),
        or(flip, base.flip()),
        or(turn, base.turn()),
        or(ema, base.ema()),
        or(bnRefresh, base.bnRefresh()),
        or(loss, base.loss()));
  }
}
