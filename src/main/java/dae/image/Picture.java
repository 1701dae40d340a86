package dae.image;

/// A picture in memory.
///
/// @param height rows
/// @param width columns
/// @param colors height × width × 3 values, interleaved, in the depth of the picture's source and
///   as stored there (no colour management)
/// @param alpha height × width opacities, 255 opaque; null where the picture has none
/// @since 0.1.0
public record Picture(int height, int width, Colors colors, byte[] alpha) {
  /// The most pixels that any reader accepts, judged before they are decoded: a few kilobytes of
  /// PNG can expand to hundreds of millions.
  public static final int MAX_PIXELS = 120_000_000;

  /// The longest side that [Png#read] accepts.
  public static final int MAX_SIDE = 65_535;

  /// Red, green, blue.
  public static final int CHANNELS = 3;

  /// @throws IllegalArgumentException when an array does not fit the size
  public Picture {
    int pixels = Math.multiplyExact(height, width);
    if (colors.length() != Math.multiplyExact(pixels, CHANNELS)
        || (alpha != null && alpha.length != pixels)) {
      throw new IllegalArgumentException(
          "Picture: expected arrays for %d × %d pixels, got %d colour values and %s opacities"
              .formatted(width, height, colors.length(), alpha == null ? "no" : alpha.length));
    }
  }

  /// A picture of values that were computed.
  ///
  /// @param rgb height × width × 3 in [0, 1], interleaved; not copied
  /// @throws IllegalArgumentException when an array does not fit the size
  public Picture(int height, int width, float[] rgb, byte[] alpha) {
    this(height, width, new Colors.Floats(rgb), alpha);
  }

  /// The colours as floats.
  ///
  /// @return height × width × 3 values in [0, 1], interleaved: the picture's own where it holds
  ///   floats, else a copy
  public float[] rgb() {
    return colors.floats();
  }

  /// A part of it.
  ///
  /// @param left first column
  /// @param top first row
  /// @param width columns
  /// @param height rows; all within the picture
  public Picture crop(int left, int top, int width, int height) {
    Picture part = blank(height, width);
    for (int y = 0; y < height; y++) {
      copy((top + y) * this.width + left, width, part, y * width);
    }
    return part;
  }

  /// This one and at its right another of the same size and depth, both with opacities or neither.
  public Picture beside(Picture other) {
    Picture both = blank(height, 2 * width);
    for (int y = 0; y < height; y++) {
      copy(y * width, width, both, 2 * y * width);
      other.copy(y * width, width, both, (2 * y + 1) * width);
    }
    return both;
  }

  /// Another of the same depth, black, and clear where this one has opacities.
  Picture blank(int height, int width) {
    int pixels = Math.multiplyExact(height, width);
    return new Picture(
        height,
        width,
        colors.blank(Math.multiplyExact(pixels, CHANNELS)),
        alpha == null ? null : new byte[pixels]);
  }

  /// Copies pixels to another picture of the same depth.
  ///
  /// @param from the first
  /// @param pixels how many
  /// @param to the first that is replaced
  void copy(int from, int pixels, Picture other, int to) {
    colors.copy(from * CHANNELS, pixels * CHANNELS, other.colors, to * CHANNELS);
    if (alpha != null) {
      System.arraycopy(alpha, from, other.alpha, to, pixels);
    }
  }
}
