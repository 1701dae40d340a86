package dae.train;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// Structural similarity (Wang, Bovik, Sheikh & Simoncelli: *Image quality assessment: from error
/// visibility to structural similarity*, IEEE Transactions on Image Processing 13, 2004). In an 11
/// × 11 window with Gaussian weights (σ = 1.5, sum 1):
///
/// ```
/// μx = Σ w·x      σx² = Σ w·x² − μx²      σxy = Σ w·x·y − μx·μy
/// SSIM = (2·μx·μy + C1)·(2·σxy + C2) / ((μx² + μy² + C1)·(σx² + σy² + C2))
/// C1 = 0.01²      C2 = 0.03²
/// ```
///
/// averaged over all windows that lie wholly inside the picture, then over the three channels. The
/// Gaussian is a product of a row and a column, so the five weighted sums run over columns first
/// and then over rows.
///
/// Windows are taken row by row and in a row some hundred at a time, whose sums stay in the
/// first-level cache: what a picture takes besides itself does not grow with it. Channels lie side
/// by side in all sums, as they do in the picture, so that each loop runs over neighbours. Bands of
/// rows are taken in parallel; they follow from the picture's size, so threads change no bit.
public final class Ssim {
  /// The side of the window, and the smallest picture side.
  public static final int WINDOW = 11;

  static final int CHANNELS = 3;
  private static final double C1 = 0.01 * 0.01;
  private static final double C2 = 0.03 * 0.03;
  private static final double[] WEIGHTS = gaussian(1.5);

  /// Rows of windows that are taken together.
  private static final int BAND = 64;

  /// Windows side by side.
  private static final int BLOCK = 128;

  /// From the first to the last column of a window.
  private static final int OVERLAP = (WINDOW - 1) * CHANNELS;

  private final int height;
  private final int width;

  /// Weighted sums of x, y, x², y² and x·y.
  private record Moments(double[] x, double[] y, double[] xx, double[] yy, double[] xy) {
    Moments(int values) {
      this(
          new double[values],
          new double[values],
          new double[values],
          new double[values],
          new double[values]);
    }

    void clear(int values) {
      for (double[] sums : List.of(x, y, xx, yy, xy)) {
        Arrays.fill(sums, 0, values, 0);
      }
    }
  }

  /// @throws IllegalArgumentException when a side is shorter than [#WINDOW]
  public Ssim(int height, int width) {
    if (height < WINDOW || width < WINDOW) {
      throw new IllegalArgumentException(
          "Ssim: expected sides of at least " + WINDOW + ", got " + height + " × " + width);
    }
    this.height = height;
    this.width = width;
  }

  /// Hands out a picture's values.
  @FunctionalInterface
  private interface Values {
    /// Copies `count` of them from `at` on.
    void copy(int at, float[] to, int count);
  }

  /// The SSIM of two pictures, height × width × 3, interleaved, in [0, 1].
  public double of(float[] x, int xOffset, float[] y, int yOffset) {
    return of(
        (at, to, count) -> System.arraycopy(x, xOffset + at, to, 0, count),
        (at, to, count) -> System.arraycopy(y, yOffset + at, to, 0, count));
  }

  /// The SSIM of two pictures in 8 bits, height × width × 3, interleaved.
  public double of(byte[] x, byte[] y) {
    return of(scaled(x), scaled(y));
  }

  private static Values scaled(byte[] bytes) {
    return (at, to, count) -> {
      for (int i = 0; i < count; i++) {
        to[i] = (bytes[at + i] & 0xFF) / 255f;
      }
    };
  }

  private double of(Values x, Values y) {
    int rows = height - WINDOW + 1;
    List<double[]> bands =
        IntStream.range(0, Math.ceilDiv(rows, BAND))
            .parallel()
            .mapToObj(band -> {
              int first = band * BAND;
              return new Band(x, y).sums(first, Math.min(first + BAND, rows));
            })
            .toList();
    double sum = 0;
    for (int c = 0; c < CHANNELS; c++) {
      double channel = 0;
      for (double[] band : bands) {
        channel += band[c];
      }
      sum += channel / (rows * (width - WINDOW + 1));
    }
    return sum / CHANNELS;
  }

  /// Some rows of windows.
  private final class Band {
    private final Values x;
    private final Values y;
    private final float[] rowX = new float[BLOCK * CHANNELS + OVERLAP];
    private final float[] rowY = new float[rowX.length];
    private final Moments columns = new Moments(rowX.length);
    private final Moments windows = new Moments(BLOCK * CHANNELS);

    Band(Values x, Values y) {
      this.x = x;
      this.y = y;
    }

    /// The sum over the windows of the rows from `first` up to `end`, for each channel.
    double[] sums(int first, int end) {
      int windowColumns = width - WINDOW + 1;
      double[] sums = new double[CHANNELS];
      for (int row = first; row < end; row++) {
        for (int column = 0; column < windowColumns; column += BLOCK) {
          int values = Math.min(BLOCK, windowColumns - column) * CHANNELS;
          sumColumns((row * width + column) * CHANNELS, values + OVERLAP);
          sumRows(columns.x, windows.x, values);
          sumRows(columns.y, windows.y, values);
          sumRows(columns.xx, windows.xx, values);
          sumRows(columns.yy, windows.yy, values);
          sumRows(columns.xy, windows.xy, values);
          for (int i = 0; i < values; i++) {
            sums[i % CHANNELS] += window(i);
          }
        }
      }
      return sums;
    }

    private void sumColumns(int at, int values) {
      columns.clear(values);
      for (int k = 0; k < WINDOW; k++) {
        double weight = WEIGHTS[k];
        x.copy(at + k * width * CHANNELS, rowX, values);
        y.copy(at + k * width * CHANNELS, rowY, values);
        for (int i = 0; i < values; i++) {
          double a = rowX[i];
          double b = rowY[i];
          columns.x[i] += weight * a;
          columns.y[i] += weight * b;
          columns.xx[i] += weight * (a * a);
          columns.yy[i] += weight * (b * b);
          columns.xy[i] += weight * (a * b);
        }
      }
    }

    private double window(int i) {
      double meanX = windows.x[i];
      double meanY = windows.y[i];
      double varianceX = windows.xx[i] - meanX * meanX;
      double varianceY = windows.yy[i] - meanY * meanY;
      double covariance = windows.xy[i] - meanX * meanY;
      double luminance = (2 * meanX * meanY + C1) / (meanX * meanX + meanY * meanY + C1);
      return luminance * (2 * covariance + C2) / (varianceX + varianceY + C2);
    }
  }

  private static void sumRows(double[] from, double[] to, int values) {
    Arrays.fill(to, 0, values, 0);
    for (int k = 0; k < WINDOW; k++) {
      double weight = WEIGHTS[k];
      int right = k * CHANNELS;
      for (int i = 0; i < values; i++) {
        to[i] += weight * from[right + i];
      }
    }
  }

  private static double[] gaussian(double sigma) {
    double[] weights = new double[WINDOW];
    double sum = 0;
    for (int k = 0; k < WINDOW; k++) {
      double distance = k - WINDOW / 2;
      weights[k] = Math.exp(-distance * distance / (2 * sigma * sigma));
      sum += weights[k];
    }
    for (int k = 0; k < WINDOW; k++) {
      weights[k] /= sum;
    }
    return weights;
  }
}
