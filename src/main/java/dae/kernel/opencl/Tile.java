package dae.kernel.opencl;

import dae.kernel.Pass;
import java.util.List;

/// How a product is cut: the tunables of `conv.cl`, where each is explained.
///
/// @param m rows of a work-group's tile (TM)
/// @param n its columns (TN)
/// @param k how much of the sum lies in local memory at a time (TK)
/// @param rm rows of a work-item's tile (RM)
/// @param rn its columns (RN)
record Tile(int m, int n, int k, int rm, int rn) {
  /// Large first. A larger tile reads each number less often, a smaller one leaves more groups to
  /// go round.
  static final List<Tile> ALL =
      List.of(
          new Tile(128, 128, 8, 8, 8),
          new Tile(128, 64, 16, 8, 8),
          new Tile(64, 64, 16, 4, 8),
          new Tile(64, 64, 16, 4, 4),
          new Tile(128, 32, 16, 8, 4),
          new Tile(64, 32, 16, 4, 4),
          new Tile(32, 32, 16, 4, 4),
          new Tile(64, 16, 16, 4, 4),
          new Tile(256, 4, 16, 4, 4));

  /// Work-items of a group.
  int items() {
    return m / rm * (n / rn);
  }

  private long localBytes() {
    return 2L * Float.BYTES * k * (m + 4 + n + 4);
  }

  /// Whether a device can run it for this pass: all items together must fetch whole rows of both
  /// factors, also where they are read number by number.
  boolean fits(Pass pass, Device device) {
    int a = pass == Pass.BACKWARD_FILTER ? m : k;
    int b = pass == Pass.BACKWARD_INPUT ? k : n;
    return items() % a == 0
        && items() % b == 0
        && items() <= device.groupSize()
        && localBytes() <= device.localBytes();
  }

  /// Work-groups of a product of M×N numbers.
  long groups(long M, int N) {
    return Math.ceilDiv(M, m) * Math.ceilDiv(N, n);
  }

  /// The largest tile that wastes no more than a small one would and leaves each compute unit two
  /// groups; where there are too few for that, the smallest. A device that is the main processor
  /// gets the smallest in any case: its compilers unroll for seconds, and it has no local memory
  /// that a large one would spare.
  ///
  /// @param M rows of the product
  /// @param N its columns
  /// @param products how many such products run at once
  static Tile choose(Pass pass, long M, int N, int products, Device device) {
    Tile smallest = null;
    for (Tile tile : ALL) {
      boolean wide = tile.n > 4 && tile.n >= 2 * Math.max(N, 16);
      boolean narrow = tile.n < 16 && N > tile.n || tile.n == 16 && N > 16;
      boolean tall = tile.m >= 2 * Math.max(M, 64);
      if (wide || narrow || tall || !tile.fits(pass, device)) {
        continue;
      }
      smallest = tile;
      if (!device.processor() && tile.groups(M, N) * products >= 2L * device.units()) {
        return tile;
      }
    }
    return smallest;
  }

  String options() {
    return "-DTM=%d -DTN=%d -DTK=%d -DRM=%d -DRN=%d".formatted(m, n, k, rm, rn);
  }

  /// The reverse of [#toString].
  static Tile parse(String text) {
    for (Tile tile : ALL) {
      if (tile.toString().equals(text)) {
        return tile;
      }
    }
    return null;
  }

  @Override
  public String toString() {
    return m + "x" + n + "x" + k + "/" + rm + "x" + rn;
  }
}
