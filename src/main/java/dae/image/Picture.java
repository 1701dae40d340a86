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
}
