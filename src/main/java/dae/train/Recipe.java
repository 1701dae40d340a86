package dae.train;

import dae.UserError;
import dae.model.Losses;
import dae.optim.Adam;
import dae.optim.Schedule;
import java.util.stream.Stream;

/// What a run does beyond the article.
///
/// @param schedule how the learning rate changes
/// @param warmup steps in which it first rises from 0; 0 for none
/// @param clip the gradient's greatest norm, beyond which it is scaled down; 0 for none
/// @param beta2 Adam's β₂
/// @param flip whether each epoch sees a random half of the images mirrored
/// @param turn whether it sees each image turned by a random number of quarter turns
/// @param ema decay of the average of the weights that is validated and saved instead of them; 0
///   for none ([dae.optim.WeightAverage])
/// @param bnRefresh whether the last epoch ends with [BatchStatistics], batch norm's statistics
///   estimated again
/// @param loss word of a [dae.model.Loss], what training minimises
public record Recipe(
    Schedule schedule,
    int warmup,
    double clip,
    double beta2,
    boolean flip,
    boolean turn,
    double ema,
    boolean bnRefresh,
    String loss) {
  /// The article's: none of this.
  public static final Recipe ARTICLE =
      new Recipe(Schedule.CONSTANT, 0, 0, Adam.DEFAULT_BETA_2, false, false, 0, false, "mse");

  /// @throws UserError naming the setting that is out of range
  public Recipe {
    if (warmup < 0) {
      throw new UserError(
          "warmup: expected a number of steps, or 0 for none, got "
              + warmup
              + " — change --warmup");
    }
    if (!(clip >= 0 && Double.isFinite(clip))) {
      throw new UserError(
          "clip: expected a norm of more than 0, or 0 for none, got " + clip + " — change --clip");
    }
    if (!(beta2 >= 0 && beta2 < 1)) {
      throw new UserError("beta2: expected 0 to less than 1, got " + beta2 + " — change --beta2");
    }
    if (!(ema >= 0 && ema < 1)) {
      throw new UserError("ema: expected 0 to less than 1, got " + ema + " — change --ema");
    }
    loss = Losses.named(loss).word();
  }

  /// For people, as the options of `train`.
  public String describe() {
    return String.join(
        " ",
        Stream.of(
                schedule == Schedule.CONSTANT ? "" : "--schedule " + schedule,
                warmup > 0 ? "--warmup " + warmup : "",
                clip > 0 ? "--clip " + clip : "",
                beta2 != Adam.DEFAULT_BETA_2 ? "--beta2 " + beta2 : "",
                flip ? "--flip" : "",
                turn ? "--turn" : "",
                ema > 0 ? "--ema " + ema : "",
                bnRefresh ? "--bn-refresh" : "",
                loss.equals(ARTICLE.loss) ? "" : "--loss " + loss)
            .filter(option -> !option.isEmpty())
            .toList());
  }

  /// What the learning rate is multiplied by.
  ///
  /// @param t steps taken so far
  /// @param T steps of the whole run
  double factor(long t, long T) {
    double rising = t < warmup ? (t + 1.0) / warmup : 1;
    return rising * schedule.factor(t, T);
  }

  /// Whether what a run does depends on which epoch is its last.
  boolean plannedForItsEpochs() {
    return schedule != Schedule.CONSTANT || bnRefresh;
  }
}
