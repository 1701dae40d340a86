package dae.data;

import dae.image.Canvas;

/// What the reader paints on every image before it hands it over.
@FunctionalInterface
public interface Damage {
  /// Damages an image; a function of its arguments alone.
  ///
  /// @param canvas shows the image as its epoch sees it; changed in place
  /// @param epoch the epoch's number
  /// @param image its index in its split
  void paint(Canvas canvas, int epoch, int image);
}
