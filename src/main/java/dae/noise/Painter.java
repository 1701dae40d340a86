package dae.noise;

import dae.image.Canvas;
import dae.random.Draws;

/// A kind of damage that looks at more than one pixel at a time, and so is painted before an image
/// comes to the engine.
non-sealed interface Painter extends Kind {
  /// Damages a picture.
  ///
  /// @param canvas changed in place
  /// @param draws random numbers of this picture, epoch and step: all that may decide
  void paint(Canvas canvas, Draws draws);
}
