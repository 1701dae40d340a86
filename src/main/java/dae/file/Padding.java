package dae.file;

/// Makes a picture's sides multiples of what the network halves and doubles, by mirroring it over
/// its bottom and right edge. The edge itself is not repeated: a doubled pixel would carry its
/// noise twice.
public final class Padding {
  private static final int CHANNELS = 3;

  private Padding() {}

  /// The smallest multiple of `multiple` that is not below `side`.
  public static int extent(int side, int multiple) {
    return Math.multiplyExact(Math.ceilDiv(side, multiple), multiple);
  }

  /// Mirrors a picture of any size, down to one pixel, up to the next multiples.
  ///
  /// @param rgb height × width × 3
  /// @return extent(height) × extent(width) × 3, the picture in its top left corner
  public static float[] mirror(float[] rgb, int height, int width, int multiple) {
    int paddedHeight = extent(height, multiple);
    int paddedWidth = extent(width, multiple);
    float[] padded = new float[size(paddedHeight, paddedWidth)];
    for (int y = 0; y < paddedHeight; y++) {
      int row = y * paddedWidth * CHANNELS;
      int from = mirrored(y, height) * width;
      System.arraycopy(rgb, from * CHANNELS, padded, row, width * CHANNELS);
      for (int x = width; x < paddedWidth; x++) {
        int source = (from + mirrored(x, width)) * CHANNELS;
        System.arraycopy(rgb, source, padded, row + x * CHANNELS, CHANNELS);
      }
    }
    return padded;
  }

  /// Takes the picture back out of what [#mirror] made of it.
  ///
  /// @param padded extent(height) × extent(width) × 3
  /// @return height × width × 3
  public static float[] crop(float[] padded, int height, int width, int multiple) {
    int paddedWidth = extent(width, multiple);
    float[] rgb = new float[size(height, width)];
    for (int y = 0; y < height; y++) {
      System.arraycopy(
          padded, y * paddedWidth * CHANNELS, rgb, y * width * CHANNELS, width * CHANNELS);
    }
    return rgb;
  }

  private static int size(int height, int width) {
    return Math.multiplyExact(Math.multiplyExact(height, width), CHANNELS);
  }

  /// Position `i` of 0 1 … n-1 n-2 … 1 0 1 …, the path of a ball between two walls.
  private static int mirrored(int i, int n) {
    int period = Math.max(2 * (n - 1), 1);
    int phase = i % period;
    return Math.min(phase, period - phase) % n;
  }
}
