package dae.denoise;

/// Hears how far a picture is, in the thread that cleans it. What it throws ends the cleaning and
/// reaches the caller; nothing is written then. It must not use the denoiser.
///
/// @since 0.1.0
@FunctionalInterface
public interface Progress {
  /// Another tile is done.
  ///
  /// @param tiles that are done, from 1 on
  /// @param all tiles of this picture
  void done(int tiles, int all);
}
