package dae.image;

import java.util.List;
import java.util.stream.IntStream;

/// One of the eight ways in which a rectangle of pixels can lie: as it is or with left and right
/// exchanged, then turned to the left by so many quarter turns. Noise does not care which, and what
/// is learnt or found in one holds in all.
///
/// @param mirrored whether left and right are exchanged first
/// @param turns quarter turns to the left after that, 0 to 3
public record Orientation(boolean mirrored, int turns) {
  /// All eight, the picture as it is first.
  public static final List<Orientation> ALL =
      IntStream.range(0, 8).mapToObj(i -> new Orientation(i >= 4, i & 3)).toList();

  /// Whether height and width change places.
  public boolean exchangesSides() {
    return turns % 2 == 1;
  }

  /// Which pixel of a picture comes to lie where, as indices row by row.
  ///
  /// @param h height of the picture as it is
  /// @param w its width
  /// @return for each pixel of the picture in this orientation the one it was
  public int[] pixels(int h, int w) {
    int rows = exchangesSides() ? w : h;
    int columns = exchangesSides() ? h : w;
    int[] from = new int[h * w];
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < columns; c++) {
        int row =
            switch (turns) {
              case 0 -> r;
              case 1 -> c;
              case 2 -> h - 1 - r;
              default -> h - 1 - c;
            };
        int column =
            switch (turns) {
              case 0 -> c;
              case 1 -> w - 1 - r;
              case 2 -> w - 1 - c;
              default -> r;
            };
        from[r * columns + c] = row * w + (mirrored ? w - 1 - column : column);
      }
    }
    return from;
  }
}
