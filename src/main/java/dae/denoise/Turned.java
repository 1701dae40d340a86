package dae.denoise;

import dae.image.Orientation;
import dae.image.Picture;
import dae.kernel.Backend;
import java.util.Arrays;
import java.util.function.IntConsumer;

/// A picture in an orientation, to be cut into tiles. It is never turned as a whole, which would
/// take the memory of another picture: its pixels are, on their way into a tile and back.
///
/// @param seen the picture as it is Several threads may cut and put lines of one tile.
///
/// @param rows tiles of the turned picture's height
/// @param columns of its width
record Turned(Seen seen, Orientation orientation, Tiles rows, Tiles columns) {
  private static final int LINES = 32;

  /// Takes pixels of one row of a picture; rows come from several threads.
  interface Run {
    /// @param values hold them
    /// @param at where they start
    /// @param pixel the first of them
    /// @param count how many
    void take(float[] values, int at, int pixel, int count);
  }

  private int width() {
    return seen.picture().width();
  }

  /// Copies a tile out of the picture.
  ///
  /// @param tile where to, rows.tile() × columns.tile() × 3
  /// @param backend its threads copy
  void cut(Tiles.Span row, Tiles.Span column, float[] tile, Backend backend) {
    // Lines of the tile that lie in one row of the picture: its columns where sides are exchanged.
    boolean exchanged = orientation.exchangesSides();
    Tiles lines = exchanged ? columns : rows;
    Tiles along = exchanged ? rows : columns;
    int line = exchanged ? column.start() : row.start();
    int start = exchanged ? row.start() : column.start();
    int lineStep = exchanged ? 1 : columns.tile();
    int step = exchanged ? columns.tile() : 1;
    int[] places = new int[along.tile()];
    for (int i = 0; i < places.length; i++) {
      places[i] = pixel(0, along.mirrored(start + i), exchanged) % width();
    }
    int first = Arrays.stream(places).min().orElseThrow();
    int count = Arrays.stream(places).max().orElseThrow() + 1 - first;
    each(
        backend,
        0,
        lines.tile(),
        l -> {
          float[] pixels = new float[count * Picture.CHANNELS];
          int y = pixel(lines.mirrored(line + l), 0, exchanged) / width();
          seen.read(y * width() + first, count, pixels);
          for (int i = 0; i < places.length; i++) {
            int from = (places[i] - first) * Picture.CHANNELS;
            int to = (l * lineStep + i * step) * Picture.CHANNELS;
            for (int c = 0; c < Picture.CHANNELS; c++) {
              tile[to + c] = pixels[from + c];
            }
          }
        });
  }

  /// Every line of a tile, in pieces that are worth a thread's while.
  private static void each(Backend backend, int from, int until, IntConsumer line) {
    backend.each(
        Math.ceilDiv(until - from, LINES),
        piece -> {
          int start = from + piece * LINES;
          for (int i = start; i < Math.min(start + LINES, until); i++) {
            line.accept(i);
          }
        });
  }

  private int pixel(int line, int along, boolean exchanged) {
    return exchanged ? place(along, line) : place(line, along);
  }

  /// Adds what a tile is responsible for to a sum.
  ///
  /// @param sum the picture's own height × width × 3
  /// @param backend its threads add
  void add(float[] tile, Tiles.Span row, Tiles.Span column, float[] sum, Backend backend) {
    each(
        backend,
        row.from(),
        row.until(),
        y -> {
          int line = (y - row.start()) * columns.tile() - column.start();
          for (int x = column.from(); x < column.until(); x++) {
            int to = place(y, x) * Picture.CHANNELS;
            for (int c = 0; c < Picture.CHANNELS; c++) {
              sum[to + c] += tile[(line + x) * Picture.CHANNELS + c];
            }
          }
        });
  }

  /// Hands over what a tile of a picture that lies as it is is responsible for.
  ///
  /// @param backend its threads hand over
  void put(float[] tile, Tiles.Span row, Tiles.Span column, Run run, Backend backend) {
    each(
        backend,
        row.from(),
        row.until(),
        y -> {
          int at = (y - row.start()) * columns.tile() + column.from() - column.start();
          run.take(
              tile, at * Picture.CHANNELS, place(y, column.from()), column.until() - column.from());
        });
  }

  private int place(int y, int x) {
    return orientation.pixel(y, x, seen.picture().height(), width());
  }
}
