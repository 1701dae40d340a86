package dae.denoise;

import java.util.ArrayList;
import java.util.List;

/// One direction of a picture, rows or columns, cut into tiles of one size that overlap as far as
/// the network looks, so that each pixel has the very bits that the whole picture would have given
/// it. The last tile is shifted inwards, so that it ends where the picture does.
///
/// @param side of the picture
/// @param extent the next multiple of what the network halves and doubles; the picture is mirrored
///   over its end up to there
/// @param tile pixels that are computed together; all, where the extent is no larger than a tile
///   may be
/// @param overlap of its neighbours
record Tiles(int side, int extent, int tile, Overlap overlap) {
  /// One tile.
  ///
  /// @param start of what is computed
  /// @param from where its pixels are taken from
  /// @param until where the next tile's begin
  record Span(int start, int from, int until) {}

  /// @param most that a tile may have, a multiple of the network's and at least [Overlap#least]
  static Tiles of(int side, Overlap overlap, int most) {
    int step = overlap.step();
    int extent = overlap.extent(side);
    int tile = extent <= most ? extent : most - Math.floorMod(most - extent, step);
    Tiles tiles = new Tiles(side, extent, tile, overlap);
    // As small as their number allows: the smaller they are, the less is computed twice.
    int count = tiles.spans().size();
    Tiles smaller = tiles;
    while (count > 1 && smaller.tile >= overlap.least() && smaller.spans().size() == count) {
      tiles = smaller;
      smaller = new Tiles(side, extent, tiles.tile - step, overlap);
    }
    return tiles;
  }

  /// All tiles, each pixel of the picture in just one of them.
  List<Span> spans() {
    List<Span> spans = new ArrayList<>();
    int done = 0;
    while (done < side) {
      int start =
          Math.clamp((done - overlap.margin()) / overlap.step() * overlap.step(), 0, extent - tile);
      int until = start + tile == extent ? side : start + tile - overlap.margin();
      spans.add(new Span(start, done, Math.min(until, side)));
      done = until;
    }
    return spans;
  }

  /// The pixel that lies at position i: beyond the side the picture is mirrored, 0 1 … n-1 n-2 … 1
  /// 0 1 …, the path of a ball between two walls. The edge itself is not repeated: a doubled pixel
  /// would carry its noise twice.
  int mirrored(int i) {
    if (i < side) {
      return i;
    }
    int period = Math.max(2 * (side - 1), 1);
    int phase = i % period;
    return Math.min(phase, period - phase) % side;
  }
}
