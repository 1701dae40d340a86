package dae.kernel.simd;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/// The vector width, a constant for the compiler. `-Ddae.lanes=256` forces 256-bit vectors, which
/// tests use.
final class Lanes {
  static final VectorSpecies<Float> F = species();

  /// As many whole numbers.
  static final VectorSpecies<Integer> I = F.withLanes(int.class);

  /// Floats in a vector.
  static final int L = F.length();

  /// The tile for this machine's register file: 32 vector registers come with AVX-512 and with Arm,
  /// 16 with AVX2.
  static final GemmTile TILE =
      VectorShape.preferredShape().vectorBitSize() >= 512
              || System.getProperty("os.arch").equals("aarch64")
          ? new GemmTile32()
          : new GemmTile16();

  /// For at most its number of rows, as a single image's deep layers have: the other rows of
  /// [#TILE] would be wasted.
  static final GemmTile LOW_TILE = new GemmTile16();

  /// Rows of the tile over packed panels.
  static final int MR = TILE.panelRows;

  /// Rows of a packed panel; the tile takes [#MR] of them at a time.
  static final int AR = 32;

  /// Rows of the sums for a packed panel's rows: the tile's last ones may be in excess.
  static final int SUM_ROWS = Math.ceilDiv(AR, MR) * MR;

  /// Columns of a packed panel: two vectors.
  static final int NR = 2 * L;

  private Lanes() {}

  private static VectorSpecies<Float> species() {
    int widest = FloatVector.SPECIES_PREFERRED.vectorBitSize();
    return switch (Integer.getInteger("dae.lanes", Math.min(widest, 512))) {
      case 128 -> FloatVector.SPECIES_128;
      case 256 -> FloatVector.SPECIES_256;
      case 512 -> FloatVector.SPECIES_512;
      default ->
          throw new IllegalArgumentException(
              "dae.lanes: expected 128, 256 or 512, got " + System.getProperty("dae.lanes"));
    };
  }
}
