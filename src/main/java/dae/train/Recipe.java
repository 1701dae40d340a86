package dae.train;

import dae.UserError;
import dae.optim.Schedule;
import java.util.stream.Stream;

/// What a run does beyond the article.
///
/// @param schedule how the learning rate changes
/// @param flip whether each epoch sees a random half of the images mirrored
/// @param ema decay of the average of the weights that is validated and saved instead of them; 0
///   for none ([dae.optim.WeightAverage])
/// @param bnRefresh whether the last epoch ends with [BatchStatistics], batch norm's statistics
///   estimated again
public record Recipe(Schedule schedule, boolean flip, double ema, boolean bnRefresh) {
  /// The article's: none of this.
  public static final Recipe ARTICLE = new Recipe(Schedule.CONSTANT, false, 0, false);

  /// @throws UserError naming the setting that is out of range
  public Recipe {
    if (!(ema >= 0 && ema < 1)) {
      throw new UserError("ema: expected 0 to less than 1, got " + ema + " — change --ema");
    }
  }

  /// For people, as the options of `train`.
  public String describe() {
    return String.join(
        " ",
        Stream.of(
                schedule == Schedule.CONSTANT ? "" : "--schedule " + schedule,
                flip ? "--flip" : "",
                ema > 0 ? "--ema " + ema : "",
                bnRefresh ? "--bn-refresh" : "")
            .filter(option -> !option.isEmpty())
            .toList());
  }

  /// Whether what a run does depends on which epoch is its last.
  boolean plannedForItsEpochs() {
    return schedule != Schedule.CONSTANT || bnRefresh;
  }
}
