package dae.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dae.random.Draws;
import dae.train.Bootstrap.Estimate;
import dae.train.Score.Duel;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;

class BootstrapTest {
  private static final int TRIES = 1000;

  private static double[] draw(int n, int item, ToDoubleFunction<Draws> distribution) {
    Draws draws = new Draws(7, 0, item, 0);
    double[] values = new double[n];
    Arrays.setAll(values, i -> distribution.applyAsDouble(draws));
    return values;
  }

  /// The share of intervals that hold the true mean.
  private static double coverage(int n, double truth, ToDoubleFunction<Draws> distribution) {
    int held = 0;
    for (int item = 0; item < TRIES; item++) {
      Estimate estimate = Bootstrap.means(draw(n, item, distribution)).getFirst();
      held += estimate.low() <= truth && truth <= estimate.high() ? 1 : 0;
    }
    return (double) held / TRIES;
  }

  /// Of 1,000 tries 95 % are counted within 2 points; an interval for 90 or 99 % is not.
  @Test
  void nineteenOfTwentyIntervalsHoldTheTruth() {
    assertEquals(0.95, coverage(100, 3, draws -> 3 + 2 * draws.normal()), 0.02);
    // Skewed, as errors are: exponential with mean 1.
    assertEquals(0.95, coverage(100, 1, draws -> -Math.log1p(-draws.uniform())), 0.025);
  }

  /// Student's interval for the mean of 400 normal numbers.
  @Test
  void isAsWideAsTheNormalTheorySays() {
    double[] values = draw(400, 1, Draws::normal);
    double mean = Arrays.stream(values).average().orElseThrow();
    double variance = Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum() / 399;
    Estimate estimate = Bootstrap.means(values).getFirst();
    assertEquals(mean, estimate.mean(), 1e-12);
    double half = 1.966 * Math.sqrt(variance / 400);
    assertEquals(mean - half, estimate.low(), 0.1 * half);
    assertEquals(mean + half, estimate.high(), 0.1 * half);
  }

  @Test
  void measuresOfTheSameImagesAreDrawnTogether() {
    double[] values = draw(50, 2, Draws::normal);
    double[] twice = Arrays.stream(values).map(v -> 2 * v + 1).toArray();
    List<Estimate> both = Bootstrap.means(values, twice);
    assertEquals(2 * both.get(0).low() + 1, both.get(1).low(), 1e-12);
    assertEquals(2 * both.get(0).high() + 1, both.get(1).high(), 1e-12);
    assertEquals(both.getFirst(), Bootstrap.means(values).getFirst(), "and every time alike");
  }

  @Test
  void fewImagesHaveNoInterval() {
    assertTrue(Double.isNaN(Bootstrap.means(new double[9]).getFirst().low()));
    assertEquals(new Estimate(0, 0, 0), Bootstrap.means(new double[10]).getFirst());
  }

  /// What both models find hard drops out: the interval is that of the difference.
  @Test
  void modelsAreComparedImageByImage() {
    double[] one = draw(200, 3, draws -> 30 + 4 * draws.normal());
    double[] other = one.clone();
    for (int i = 0; i < other.length; i++) {
      other[i] -= i % 4 == 0 ? -0.1 : 0.1;
    }
    Duel duel = Duel.of(one, other);
    assertEquals(0.05, duel.gain().mean(), 1e-12);
    assertEquals(150, duel.better());
    assertTrue(duel.gain().low() > 0.03 && duel.gain().high() < 0.07, "" + duel);
    Estimate alone = Bootstrap.means(one).getFirst();
    assertTrue(alone.high() - alone.low() > 0.8, "" + alone);
    double exact = Double.POSITIVE_INFINITY;
    assertEquals(
        new Duel(new Estimate(35, Double.NaN, Double.NaN), 1, 2),
        Duel.of(new double[] {exact, exact}, new double[] {exact, 30}));
  }
}
