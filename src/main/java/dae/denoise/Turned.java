package dae.denoise;

import dae.image.Orientation;
import dae.image.Picture;

/// A picture in an orientation, to be cut into tiles. It is never turned as a whole, which would
/// take the memory of another picture: its pixels are, on their way into a tile and back.
///
/// @param picture as it is
/// @param rows tiles of the turned picture's height
/// @param columns of its width
record Turned(Picture picture, Orientation orientation, Tiles rows, Tiles columns) {

  /// Copies a tile out of the picture.
  ///
  /// @param tile where to, rows.tile() × columns.tile() × 3
  void cut(Tiles.Span row, Tiles.Span column, float[] tile) {
    float[] rgb = picture.rgb();
    int at = 0;
    for (int y = 0; y < rows.tile(); y++) {
      int line = rows.mirrored(row.start() + y);
      for (int x = 0; x < columns.tile(); x++) {
        int from = place(line, columns.mirrored(column.start() + x));
        for (int c = 0; c < Picture.CHANNELS; c++) {
          tile[at++] = rgb[from + c];
        }
      }
    }
  }

  /// Adds what a tile is responsible for to a sum.
  ///
  /// @param sum the picture's own height × width × 3
  void add(float[] tile, Tiles.Span row, Tiles.Span column, float[] sum) {
    for (int y = row.from(); y < row.until(); y++) {
      int line = (y - row.start()) * columns.tile() - column.start();
      for (int x = column.from(); x < column.until(); x++) {
        int to = place(y, x);
        for (int c = 0; c < Picture.CHANNELS; c++) {
          sum[to + c] += tile[(line + x) * Picture.CHANNELS + c];
        }
      }
    }
  }

  private int place(int y, int x) {
    return orientation.pixel(y, x, picture.height(), picture.width()) * Picture.CHANNELS;
  }
}
