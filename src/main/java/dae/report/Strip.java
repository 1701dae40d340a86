package dae.report;

import dae.image.Png;
import java.awt.image.BufferedImage;

/// Small pictures in a grid as one, with transparent gaps, so that a page in any colour can show
/// it.
final class Strip {
  private Strip() {}

  /// Rows of pictures under each other.
  ///
  /// @param columns pictures in a row
  /// @param rows each columns × height × width × 3 values
  static BufferedImage of(int height, int width, int columns, float[]... rows) {
    int gap = gap(height);
    BufferedImage grid =
        new BufferedImage(
            columns * (width + gap) - gap,
            rows.length * (height + gap) - gap,
            BufferedImage.TYPE_INT_ARGB);
    for (int r = 0; r < rows.length; r++) {
      for (int i = 0; i < columns; i++) {
        draw(grid, i * (width + gap), r * (height + gap), rows[r], i, height, width);
      }
    }
    return grid;
  }

  private static int gap(int height) {
    return Math.max(1, height / 16);
  }

  private static void draw(
      BufferedImage into, int left, int top, float[] images, int image, int height, int width) {
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int pixel = (image * height + y) * width + x;
        into.setRGB(left + x, top + y, 0xFF << 24 | Png.packed(images, 3 * pixel));
      }
    }
  }
}
