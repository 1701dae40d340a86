package dae.image;

/// A picture in memory.
///
/// @param height rows
/// @param width columns
/// @param rgb height × width × 3 values in [0, 1], interleaved, as stored in the file (no colour
///   management)
/// @param alpha height × width opacities, 255 opaque; null where the picture has none
public record Picture(int height, int width, float[] rgb, byte[] alpha) {
  /// The most pixels that any reader accepts, judged before they are decoded: a few kilobytes of
  /// PNG can expand to hundreds of millions.
  public static final int MAX_PIXELS = 64_000_000;

  /// The longest side that [Png#read] accepts.
  public static final int MAX_SIDE = 65_535;

  /// Red, green, blue.
  public static final int CHANNELS = 3;

  /// @throws IllegalArgumentException when an array does not fit the size
  public Picture {
    int pixels = Math.multiplyExact(height, width);
    if (rgb.length != Math.multiplyExact(pixels, CHANNELS)
        || (alpha != null && alpha.length != pixels)) {
      throw new IllegalArgumentException(
          "Picture: expected arrays for %d × %d pixels, got %d colour values and %s opacities"
              .formatted(width, height, rgb.length, alpha == null ? "no" : alpha.length));
    }
  }

  /// A part of it.
  ///
  /// @param left first column
  /// @param top first row
  /// @param width columns
  /// @param height rows; all within the picture
  public Picture crop(int left, int top, int width, int height) {
    Picture part =
        new Picture(
            height,
            width,
            new float[height * width * CHANNELS],
            alpha == null ? null : new byte[height * width]);
    for (int y = 0; y < height; y++) {
      part.copyRow(this, (top + y) * this.width + left, y * width, width);
    }
    return part;
  }

  /// This one and at its right another of the same size, both with opacities or neither.
  public Picture beside(Picture other) {
    Picture both =
        new Picture(
            height,
            2 * width,
            new float[2 * rgb.length],
            alpha == null ? null : new byte[2 * alpha.length]);
    for (int y = 0; y < height; y++) {
      both.copyRow(this, y * width, 2 * y * width, width);
      both.copyRow(other, y * width, (2 * y + 1) * width, width);
    }
    return both;
  }

  private void copyRow(Picture from, int source, int target, int pixels) {
    System.arraycopy(from.rgb, source * CHANNELS, rgb, target * CHANNELS, pixels * CHANNELS);
    if (alpha != null) {
      System.arraycopy(from.alpha, source, alpha, target, pixels);
    }
  }
}
