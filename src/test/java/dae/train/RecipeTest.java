package dae.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dae.UserError;
import dae.optim.Schedule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecipeTest {
  private static Recipe warm(Schedule schedule, int warmup) {
    return new Recipe(schedule, warmup, 0, 0.999, false, false, 0, false, "mse");
  }

  private static Recipe clipped(double norm) {
    return new Recipe(Schedule.CONSTANT, 0, norm, 0.999, false, false, 0, false, "mse");
  }

  @Test
  void theRateRisesInEqualSteps() {
    Recipe recipe = warm(Schedule.CONSTANT, 4);
    double[] expected = {0.25, 0.5, 0.75, 1, 1, 1};
    for (int t = 0; t < expected.length; t++) {
      assertEquals(expected[t], recipe.factor(t, 100), 1e-15, "step " + t);
    }
    assertEquals(1, recipe.factor(99, 100));
  }

  @Test
  void theScheduleIsThatOfAllSteps() {
    Recipe recipe = warm(Schedule.COSINE, 4);
    for (int t = 0; t < 10; t++) {
      double cosine = (1 + Math.cos(Math.PI * t / 10)) / 2;
      assertEquals(cosine * Math.min(1, (t + 1) / 4.0), recipe.factor(t, 10), 1e-15, "step " + t);
    }
  }

  @Test
  void withoutAWarmupTheScheduleIsAlone() {
    for (Schedule schedule : Schedule.values()) {
      for (int t = 0; t < 10; t++) {
        assertEquals(schedule.factor(t, 10), warm(schedule, 0).factor(t, 10));
      }
    }
    assertEquals(1, Recipe.ARTICLE.factor(0, 10));
  }

  @Test
  void itIsDescribedByItsOptions() {
    assertEquals("", Recipe.ARTICLE.describe());
    assertEquals(
        "--schedule cosine --warmup 500 --clip 0.5 --beta2 0.99 --flip --turn --ema 0.999 --bn-refresh",
        new Recipe(Schedule.COSINE, 500, 0.5, 0.99, true, true, 0.999, true, "mse").describe());
  }

  /// A run may go on for more epochs: the first steps are over by then.
  @Test
  void aWarmupDoesNotDependOnTheLastEpoch() {
    assertEquals(false, warm(Schedule.CONSTANT, 500).plannedForItsEpochs());
    assertEquals(true, warm(Schedule.COSINE, 500).plannedForItsEpochs());
  }

  @Test
  void aWarmupOfLessThanNoStepsIsNamed() {
    assertEquals(
        "warmup: expected a number of steps, or 0 for none, got -1 — change --warmup",
        assertThrows(UserError.class, () -> warm(Schedule.CONSTANT, -1)).getMessage());
  }

  @ParameterizedTest
  @ValueSource(doubles = {-0.5, Double.NaN, Double.POSITIVE_INFINITY})
  void aNormThatIsNoneIsNamed(double norm) {
    assertEquals(
        "clip: expected a norm of more than 0, or 0 for none, got " + norm + " — change --clip",
        assertThrows(UserError.class, () -> clipped(norm)).getMessage());
  }
}
