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
  /// All eight: the picture as it is first, and the four that keep its sides before the four that
  /// exchange them.
  public static final List<Orientation> ALL =
      IntStream.range(0, 8)
          .mapToObj(i -> new Orientation((i & 1) == 1, (i & 2) + (i >> 2)))
          .toList();

  /// Whether height and width change places.
  public boolean exchangesSides() {
    return turns % 2 == 1;
  }

  /// The pixel that comes to lie at a place, as an index row by row.
  ///
  /// @param row of the picture in this orientation
  /// @param column likewise
  /// @param h height of the picture as it is
  /// @param w its width
  public int pixel(int row, int column, int h, int w) {
    int y =
        switch (turns) {
          case 0 -> row;
          case 1 -> column;
          case 2 -> h - 1 - row;
          default -> h - 1 - column;
        };
    int x =
        switch (turns) {
          case 0 -> column;
          case 1 -> w - 1 - row;
          case 2 -> w - 1 - column;
          default -> row;
        };
    return y * w + (mirrored ? w - 1 - x : x);
  }

  /// Which pixel of a picture comes to lie where, as indices row by row.
  ///
  /// @param h height of the picture as it is
  /// @param w its width
  /// @return for each pixel of the picture in this orientation the one it was
  public int[] pixels(int h, int w) {
    int columns = exchangesSides() ? h : w;
    return IntStream.range(0, h * w).map(i -> pixel(i / columns, i % columns, h, w)).toArray();
  }
}
