package dae.baseline;

/// A denoiser with its parameters. Any number of threads may share it.
public interface Baseline {
  /// Name and parameters, such as `median 3×3`.
  String word();

  /// Cleans one image.
  ///
  /// @param noisy height × width × 3 values
  /// @param clean receives as many; another array
  void clean(float[] noisy, int height, int width, float[] clean);
}
