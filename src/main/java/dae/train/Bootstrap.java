package dae.train;

import dae.random.Draws;
import dae.random.Streams;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// How far a mean over some images may lie from the mean over all that could have been taken: the
/// percentile interval of Efron's bootstrap (1979). The images are drawn again and again, as many
/// as there are, with replacement; of the means that come of it, the middle 95 % are the interval.
///
/// It says what other images of the same kind would change, not what another training would. Of few
/// images it comes out too narrow, and of fewer than [#LEAST] there is none.
public final class Bootstrap {
  /// So many images have an interval.
  public static final int LEAST = 10;

  /// With this many draws the 2.5 % and 97.5 % points are draws themselves.
  private static final int DRAWS = 1999;

  private static final int OUTSIDE = (DRAWS + 1) / 40;

  /// The same for all, so that a table has the same digits every time, and values of the same
  /// images are drawn together.
  private static final long SEED = 1;

  private Bootstrap() {}

  /// A mean and its interval.
  ///
  /// @param low 95 % of the means of drawn images lie from here; NaN where there are too few
  /// @param high to here
  public record Estimate(double mean, double low, double high) {}

  /// The means of some measures.
  ///
  /// @param measures of the same images each, at least one; infinite values make what they meet
  ///   infinite
  public static List<Estimate> means(double[]... measures) {
    int n = measures[0].length;
    if (n < LEAST) {
      return Arrays.stream(measures)
          .map(each -> new Estimate(Arrays.stream(each).sum() / n, Double.NaN, Double.NaN))
          .toList();
    }
    double[][] means = new double[measures.length][DRAWS];
    IntStream.range(0, DRAWS)
        .parallel()
        .forEach(draw -> {
          int[] drawn = new int[n];
          Draws draws = new Draws(SEED, Streams.BOOTSTRAP, draw, 0);
          Arrays.setAll(drawn, i -> draws.below(n));
          for (int k = 0; k < measures.length; k++) {
            double sum = 0;
            for (int image : drawn) {
              sum += measures[k][image];
            }
            means[k][draw] = sum / n;
          }
        });
    return IntStream.range(0, measures.length)
        .mapToObj(k -> {
          Arrays.sort(means[k]);
          double mean = Arrays.stream(measures[k]).sum() / n;
          return new Estimate(mean, means[k][OUTSIDE - 1], means[k][DRAWS - OUTSIDE]);
        })
        .toList();
  }
}
