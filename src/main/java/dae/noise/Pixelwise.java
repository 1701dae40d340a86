package dae.noise;

import dae.UserError;
import dae.graph.Value;
import dae.random.Key;

/// A kind of damage that looks at one pixel at a time, and so is drawn by the engine's kernels.
/// Where a [Painter] follows, it is painted instead, with the same draws.
non-sealed interface Pixelwise extends Kind {
  /// Records the damage.
  ///
  /// @param clean N×H×W×C from 0 to 1
  /// @param step its number among the kinds of a [Noise], part of the key of its draws
  /// @return the same shape and range
  Value on(Value clean, int step);

  /// Damages one image outside of the engine, with the bits of [#on].
  ///
  /// @param rgb the image's values from 0 to 1, interleaved
  /// @param key of this image alone
  void paint(float[] rgb, Key key);

  /// Records how strong the damage is.
  ///
  /// @param clean as for [#on]
  /// @param step likewise
  /// @return N×H×W×1 in units of the full range
  /// @throws UserError where that cannot be said in numbers
  default Value level(Value clean, int step) {
    throw new UserError(
        "noise: expected one that knows its level at each pixel, got "
            + word()
            + " — take another, or a network that does not ask for it");
  }
}
