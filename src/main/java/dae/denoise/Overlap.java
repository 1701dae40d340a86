package dae.denoise;

import dae.model.Network;

/// What all tiles of a network keep to. Made once for a model: to follow a network's tape takes
/// time.
///
/// @param multiple of what a side must be
/// @param step tiles start at multiples of it
/// @param margin pixels at a tile's inner ends that lack something they depend on
record Overlap(int multiple, int step, int margin) {
  /// @param block pixels that a kernel computes together in one direction of a map
  static Overlap of(Network network, int block) {
    int multiple = network.multiple();
    return new Overlap(multiple, multiple * block, up(network.reach(block), multiple));
  }

  /// The fewest pixels that a tile between two others must be allowed to have: both margins, and
  /// enough between them to go on by a step, whatever the extent.
  int least() {
    return 2 * (margin + step);
  }

  /// The next multiple of what the network halves and doubles.
  int extent(int side) {
    return up(side, multiple);
  }

  private static int up(int side, int multiple) {
    return Math.multiplyExact(Math.ceilDiv(side, multiple), multiple);
  }
}
