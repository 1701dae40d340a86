package dae.denoise;

import dae.image.Picture;
import java.util.Arrays;
import java.util.stream.DoubleStream;

/// How much noise a picture seems to have.
///
/// Measured is the deviation within tiles of 8 × 8 pixels from a plane, in each channel apart:
/// noise of cameras is correlated and was softened by JPEG, and estimators for white noise, which
/// look at the finest detail alone, find none where there is a deviation of 4. The price is that
/// fine texture all over a picture counts as noise, and that of cameras' noise only its weakest
/// places count, without its blotches, which are larger than a tile.
///
/// Of 41 photographs with white noise, cut off and rounded to 8 bits, sigma over the true one is:
///
/// | true | least | median | 90 % | most |
/// |---|---|---|---|---|
/// | 5 | 1.04 | 1.11 | 1.33 | 3.71 |
/// | 15 | 1.00 | 1.04 | 1.10 | 1.59 |
/// | 25 | 1.00 | 1.03 | 1.06 | 1.29 |
/// | 50 | 0.98 | 1.01 | 1.03 | 1.09 |
/// | 75 | 0.95 | 0.98 | 1.00 | 1.02 |
///
/// @param sigma standard deviation in 1/255 of the noisiest channel; NaN where nothing can be said:
///   in pictures smaller than a tile, and where all of it is black or white
/// @param isClean whether a quarter of what could be noisy has none, or there is one colour alone
/// @since 0.1.0
public record NoiseLevel(double sigma, boolean isClean) {
  private static final int TILE = 8;
  private static final double MIDDLE = (TILE - 1) / 2.0;

  /// A plane has three parameters.
  private static final int FREEDOM = TILE * TILE - 3;

  /// Sum of the squared distances of a tile's pixels from its middle, in one direction.
  private static final double SPREAD = TILE * TILE * (TILE * TILE - 1) / 12.0;

  /// Where a sample may be clipped, noise is too. Where that is so in more than half of the tiles,
  /// as with strong noise, the rest is the calm ones alone: then all count as [#CLIPPED] says.
  private static final double DARK = 0.06;

  /// A tile whose mean is closer to black or white, in its deviations, may be an edge: a tile with
  /// no other value than these two has 1 at most, whatever its shape.
  private static final double NO_EDGE = 1.3;

  /// What is left of white noise whose mean is d of these deviations above black, where it is cut
  /// off, becomes what it was by a factor of 1 + 4.2 exp(−2.6 d): within 1 % of the moments of a
  /// normal distribution that is cut off at its mean or beyond.
  private static final double CLIPPED = 4.2;

  private static final double CLIPPED_FALL = -2.6;

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

  /// Tiles of a channel, as far as they say something.
  ///
  /// @param inside deviations of those in which nothing may be clipped, sorted, in 1/255
  /// @param all with those in which something may be, as if it were not
  /// @param uncut of those in which nothing is black or white, however close to it, sorted
  private record Tiles(double[] inside, double[] all, double[] uncut) {
    static boolean isClean(double[] sorted) {
      return at(sorted, CLEAN_SHARE) < CLEAN;
    }

    double sigma() {
      double[] sorted = 2 * inside.length < all.length ? all : inside;
      int first = 0;
      while (first < sorted.length - 1 && sorted[first] < FLAT) {
        first++;
      }
      return at(Arrays.copyOfRange(sorted, first, sorted.length), NOISE_SHARE) / BIAS;
    }

    private static double at(double[] sorted, double share) {
      return sorted[(int) (share * sorted.length)];
    }
  }

  /// Estimates.
  ///
  /// @param picture of any size
  /// @return what it seems to have
  public static NoiseLevel of(Picture picture) {
    double sigma = Double.NaN;
    boolean clean = false;
    boolean noisy = false;
    boolean flat = false;
    boolean uneven = false;
    for (int c = 0; c < Picture.CHANNELS; c++) {
      Tiles tiles = tiles(picture, c);
      if (tiles.inside.length > 0) {
        clean |= Tiles.isClean(tiles.inside);
        noisy |= !Tiles.isClean(tiles.inside);
      }
      if (tiles.uncut.length > 0) {
        flat |= Tiles.isClean(tiles.uncut);
        uneven |= !Tiles.isClean(tiles.uncut);
      }
      if (tiles.all.length > 0) {
        double own = tiles.sigma();
        sigma = Double.isNaN(sigma) ? own : Math.max(sigma, own);
      }
    }
    // A colour close to black or white has no noise where it is flat. Only where no tile says more:
    // what is dark in a photograph, JPEG may have made flat.
    if (Double.isNaN(sigma) && (flat && !uneven || hasOneColor(picture))) {
      return new NoiseLevel(0, true);
    }
    return new NoiseLevel(sigma, clean && !noisy);
  }

  private static boolean hasOneColor(Picture picture) {
    float[] first = new float[Picture.CHANNELS];
    picture.colors().read(0, first.length, first, 0);
    float[] row = new float[picture.width() * Picture.CHANNELS];
    for (int y = 0; y < picture.height(); y++) {
      picture.colors().read(y * row.length, row.length, row, 0);
      for (int i = 0; i < row.length; i++) {
        if (row[i] != first[i % first.length]) {
          return false;
        }
      }
    }
    return true;
  }

  private static Tiles tiles(Picture picture, int channel) {
    int rows = picture.height() / TILE;
    int columns = picture.width() / TILE;
    int step = Math.max(1, (int) ((long) rows * columns / MOST_TILES));
    DoubleStream.Builder inside = DoubleStream.builder();
    DoubleStream.Builder all = DoubleStream.builder();
    DoubleStream.Builder uncut = DoubleStream.builder();
    for (int tile = 0; tile < rows * columns; tile += step) {
      add(picture, channel, tile / columns * TILE, tile % columns * TILE, inside, all, uncut);
    }
    return new Tiles(sorted(inside), sorted(all), sorted(uncut));
  }

  private static double[] sorted(DoubleStream.Builder deviations) {
    return deviations.build().sorted().toArray();
  }

  private static void add(
      Picture picture,
      int channel,
      int top,
      int left,
      DoubleStream.Builder inside,
      DoubleStream.Builder all,
      DoubleStream.Builder uncut) {
    boolean isInside = true;
    boolean isUncut = true;
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
        isInside &= value >= DARK && value <= 1 - DARK;
        isUncut &= value > 0 && value < 1;
        sum += value;
        squares += value * value;
        byX += value * (x - MIDDLE);
        byY += value * (y - MIDDLE);
      }
    }
    double mean = sum / (TILE * TILE);
    double spread = Math.max(0, squares - sum * mean);
    double rest = spread - (byX * byX + byY * byY) / SPREAD;
    double deviation = Math.sqrt(Math.max(0, rest) / FREEDOM);
    if (isInside) {
      inside.add(255 * deviation);
    }
    if (isUncut) {
      uncut.add(255 * deviation);
    }
    double room = Math.min(mean, 1 - mean);
    if (isInside || room >= Math.max(DARK, NO_EDGE * Math.sqrt(spread / (TILE * TILE - 1)))) {
      all.add(255 * (deviation + lost(deviation, mean) + lost(deviation, 1 - mean)));
    }
  }

  private static double lost(double deviation, double room) {
    return deviation == 0 ? 0 : deviation * CLIPPED * Math.exp(CLIPPED_FALL * room / deviation);
  }
}
