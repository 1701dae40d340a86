package dae.denoise;

import dae.image.Picture;
import java.util.Arrays;

/// How much noise a picture seems to have.
///
/// Measured is the deviation within tiles of 8 × 8 pixels from a plane, in each channel apart:
/// noise of cameras is correlated and was softened by JPEG, and estimators for white noise, which
/// look at the finest detail alone, find none where there is a deviation of 4. The price is that
/// fine texture all over a picture counts as noise.
///
/// @param sigma standard deviation in 1/255 of the noisiest channel; NaN where nothing can be said:
///   in pictures smaller than a tile, and where all of it is black or white
/// @param isClean whether a quarter of what could be noisy has none
/// @since 0.1.0
public record NoiseLevel(double sigma, boolean isClean) {
  private static final int TILE = 8;
  private static final double MIDDLE = (TILE - 1) / 2.0;

  /// A plane has three parameters.
  private static final int FREEDOM = TILE * TILE - 3;

  /// Sum of the squared distances of a tile's pixels from its middle, in one direction.
  private static final double SPREAD = TILE * TILE * (TILE * TILE - 1) / 12.0;

  /// Where a sample may be clipped, noise is too.
  private static final double DARK = 0.06;

  /// Deviations below are those of rounding to 8 bits; JPEG makes the weakest noise as flat.
  private static final double FLAT = 0.3;

  /// A picture is clean if as many tiles as [#CLEAN_SHARE] deviate less.
  private static final double CLEAN = 0.4;

  private static final double CLEAN_SHARE = 0.25;

  /// The share of tiles with the least deviation, in which there is noise and nothing else.
  private static final double NOISE_SHARE = 0.1;

  /// What that share underestimates: a tenth of the deviations of 61 samples of white noise lies
  /// below.
  private static final double BIAS = 0.884;

  /// More do not make it better.
  private static final int MOST_TILES = 20_000;

  /// Estimates.
  ///
  /// @param picture of any size
  /// @return what it seems to have
  public static NoiseLevel of(Picture picture) {
    double sigma = Double.NaN;
    boolean clean = false;
    boolean noisy = false;
    for (int c = 0; c < Picture.CHANNELS; c++) {
      double[] deviations = deviations(picture, c);
      if (deviations.length > 0) {
        boolean flat = at(deviations, CLEAN_SHARE) < CLEAN;
        clean |= flat;
        noisy |= !flat;
        int first = 0;
        while (first < deviations.length - 1 && deviations[first] < FLAT) {
          first++;
        }
        double own = at(Arrays.copyOfRange(deviations, first, deviations.length), NOISE_SHARE);
        sigma = Double.isNaN(sigma) ? own / BIAS : Math.max(sigma, own / BIAS);
      }
    }
    return new NoiseLevel(sigma, clean && !noisy);
  }

  private static double at(double[] sorted, double share) {
    return sorted[(int) (share * sorted.length)];
  }

  /// Of the tiles of a channel that are neither black nor white anywhere, sorted.
  private static double[] deviations(Picture picture, int channel) {
    int rows = picture.height() / TILE;
    int columns = picture.width() / TILE;
    int step = Math.max(1, (int) ((long) rows * columns / MOST_TILES));
    double[] deviations = new double[Math.ceilDiv(rows * columns, step)];
    int count = 0;
    for (int tile = 0; tile < rows * columns; tile += step) {
      double deviation = deviation(picture, channel, tile / columns * TILE, tile % columns * TILE);
      if (deviation >= 0) {
        deviations[count++] = deviation;
      }
    }
    double[] sorted = Arrays.copyOf(deviations, count);
    Arrays.sort(sorted);
    return sorted;
  }

  /// In 1/255; -1 where a sample may be clipped.
  private static double deviation(Picture picture, int channel, int top, int left) {
    double sum = 0;
    double squares = 0;
    double byX = 0;
    double byY = 0;
    float[] row = new float[TILE * Picture.CHANNELS];
    for (int y = 0; y < TILE; y++) {
      int line = ((top + y) * picture.width() + left) * Picture.CHANNELS;
      picture.colors().read(line, row.length, row, 0);
      for (int x = 0; x < TILE; x++) {
        double value = row[x * Picture.CHANNELS + channel];
        if (value < DARK || value > 1 - DARK) {
          return -1;
        }
        sum += value;
        squares += value * value;
        byX += value * (x - MIDDLE);
        byY += value * (y - MIDDLE);
      }
    }
    double rest = squares - sum * sum / (TILE * TILE) - (byX * byX + byY * byY) / SPREAD;
    return 255 * Math.sqrt(Math.max(0, rest) / FREEDOM);
  }
}
