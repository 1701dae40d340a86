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
  /// Large first. A larger tile reads each element less often, a smaller one leaves more groups to
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
  /// factors, even where they are read one float at a time.
  boolean fits(Pass pass, Device device) {
    int a = pass == Pass.BACKWARD_FILTER ? m : k;
    int b = pass == Pass.BACKWARD_INPUT ? k : n;
    return items() % a == 0
        && items() % b == 0
        && items() <= device.groupSize()
        && localBytes() <= device.localBytes();
  }

  /// Work-groups of a product of M×N elements.
  long groups(long M, int N) {
    return Math.ceilDiv(M, m) * Math.ceilDiv(N, n);
  }

  /// Elements computed for a product of M×N elements, with those beyond its edges.
  private long area(long M, int N) {
    return groups(M, N) * m * n;
  }

  /// Of the tiles that compute few elements beyond the edges, the largest that leaves each compute
  /// unit two groups, or else the smallest. A device that is the CPU gets the smallest in any case:
  /// it has no local memory that a large one would spare.
  ///
  /// @param M rows of the product
  /// @param N its columns
  /// @param products how many such products run at once
  static Tile choose(Pass pass, long M, int N, int products, Device device) {
    List<Tile> fitting = ALL.stream().filter(tile -> tile.fits(pass, device)).toList();
    long least = fitting.stream().mapToLong(tile -> tile.area(M, N)).min().orElseThrow();
    List<Tile> thrifty =
        fitting.stream().filter(tile -> tile.area(M, N) <= least + least / 4).toList();
    return thrifty.stream()
        .filter(tile -> !device.processor())
        .filter(tile -> tile.groups(M, N) * products >= 2L * device.units())
        .findFirst()
        .orElse(thrifty.getLast());
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
