package dae.baseline;

/// Training images, without noise.
public interface Examples {
  /// How many.
  int count();

  /// Rows of each.
  int height();

  /// Columns of each.
  int width();

  /// Height × width × 3 values from 0 to 1.
  float[] image(int i);
}
