package dae.noise;

/// Between which standard deviations noise lies, in units of the full range.
///
/// @param low the smallest
/// @param high the largest, or the same
public record Levels(double low, double high) {
  /// Estimates count fine texture as noise, and miss what was cut off at black and white.
  private static final double ESTIMATED = 1.6;

  /// Whether noise that was estimated may be among it.
  ///
  /// @param sigma the estimate, in units of the full range
  public boolean mayHold(double sigma) {
    return sigma >= low / ESTIMATED && sigma <= high * ESTIMATED;
  }
}
