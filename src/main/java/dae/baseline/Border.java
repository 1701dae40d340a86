package dae.baseline;

/// An image with mirrored borders.
final class Border {
  static final int CHANNELS = 3;

  private Border() {}

  /// The image with some more pixels on every side, mirrored, the edge itself repeated: 1 0 | 0 1
  /// 2.
  static float[] mirrored(float[] image, int height, int width, int border) {
    int wide = width + 2 * border;
    float[] padded = new float[(height + 2 * border) * wide * CHANNELS];
    for (int y = 0; y < height + 2 * border; y++) {
      int from = inside(y - border, height) * width;
      for (int x = 0; x < wide; x++) {
        int source = (from + inside(x - border, width)) * CHANNELS;
        System.arraycopy(image, source, padded, (y * wide + x) * CHANNELS, CHANNELS);
      }
    }
    return padded;
  }

  private static int inside(int i, int side) {
    int phase = Math.floorMod(i, 2 * side);
    return Math.min(phase, 2 * side - 1 - phase);
  }
}
