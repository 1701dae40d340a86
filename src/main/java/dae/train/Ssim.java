package dae.train;

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
public final class Ssim {
  /// The side of the window, and the smallest picture side.
  public static final int WINDOW = 11;

  static final int CHANNELS = 3;
  private static final double C1 = 0.01 * 0.01;
  private static final double C2 = 0.03 * 0.03;
  private static final int MOMENTS = 5;
  private static final double[] WEIGHTS = gaussian(1.5);

  private final int height;
  private final int width;
  private final int windowRows;
  private final int windowColumns;
  private final double[] moments;
  private final double[] columnSums;

  /// @throws IllegalArgumentException when a side is shorter than [#WINDOW]
  public Ssim(int height, int width) {
    if (height < WINDOW || width < WINDOW) {
      throw new IllegalArgumentException(
          "Ssim: expected sides of at least " + WINDOW + ", got " + height + " × " + width);
    }
    this.height = height;
    this.width = width;
    windowRows = height - WINDOW + 1;
    windowColumns = width - WINDOW + 1;
    moments = new double[MOMENTS * height * width];
    columnSums = new double[windowRows * width];
  }

  /// The SSIM of two pictures, height × width × 3, interleaved, in [0, 1].
  public double of(float[] x, int xOffset, float[] y, int yOffset) {
    double sum = 0;
    for (int c = 0; c < CHANNELS; c++) {
      sum += channel(x, xOffset + c, y, yOffset + c);
    }
    return sum / CHANNELS;
  }

  private double channel(float[] x, int xOffset, float[] y, int yOffset) {
    int pixels = height * width;
    for (int i = 0; i < pixels; i++) {
      double a = x[xOffset + i * CHANNELS];
      double b = y[yOffset + i * CHANNELS];
      moments[i] = a;
      moments[pixels + i] = b;
      moments[2 * pixels + i] = a * a;
      moments[3 * pixels + i] = b * b;
      moments[4 * pixels + i] = a * b;
    }
    for (int m = 0; m < MOMENTS; m++) {
      average(m * pixels);
    }
    double sum = 0;
    for (int row = 0; row < windowRows; row++) {
      for (int column = 0; column < windowColumns; column++) {
        sum += window(row * width + column, pixels);
      }
    }
    return sum / (windowRows * windowColumns);
  }

  /// Replaces a moment's picture by its weighted averages; the window's top left corner says where
  /// each is put.
  private void average(int offset) {
    for (int row = 0; row < windowRows; row++) {
      for (int column = 0; column < width; column++) {
        double sum = 0;
        for (int k = 0; k < WINDOW; k++) {
          sum += WEIGHTS[k] * moments[offset + (row + k) * width + column];
        }
        columnSums[row * width + column] = sum;
      }
    }
    for (int row = 0; row < windowRows; row++) {
      for (int column = 0; column < windowColumns; column++) {
        double sum = 0;
        for (int k = 0; k < WINDOW; k++) {
          sum += WEIGHTS[k] * columnSums[row * width + column + k];
        }
        moments[offset + row * width + column] = sum;
      }
    }
  }

  private double window(int i, int pixels) {
    double meanX = moments[i];
    double meanY = moments[pixels + i];
    double varianceX = moments[2 * pixels + i] - meanX * meanX;
    double varianceY = moments[3 * pixels + i] - meanY * meanY;
    double covariance = moments[4 * pixels + i] - meanX * meanY;
    double luminance = (2 * meanX * meanY + C1) / (meanX * meanX + meanY * meanY + C1);
    return luminance * (2 * covariance + C2) / (varianceX + varianceY + C2);
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
