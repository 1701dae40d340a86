package dae.kernel.simd;

import static dae.kernel.simd.Lanes.F;

import jdk.incubator.vector.FloatVector;

/// The register tile: a few rows times one panel of two vectors, summed over a long index and
/// written once at the end. All products end here. It comes in two heights, for 32 registers and
/// for 16; where there are 32, a tile of few rows takes the low one.
///
/// Every sum is one chain of fused multiply-adds in the order of its index, whatever the tile's
/// height, so that a result does not depend on which row of which tile computed it.
abstract class GemmTile {
  /// Rows of [#rows].
  final int rows;

  /// Rows of [#panels].
  final int panelRows;

  GemmTile(int rows, int panelRows) {
    this.rows = rows;
    this.panelRows = panelRows;
  }

  /// Rows that are read where they lie. With K the runs one after another, `out[at + i·pitch + j] =
  /// Σ_k a[rowAt[i] + runAt[r] + k] · b[panel + runPanel[r] + k·NR + j]`.
  ///
  /// @param a holds the rows
  /// @param rowAt where each row starts
  /// @param runAt where each run starts, counted from the row
  /// @param runLength length of each run
  /// @param runPanel where each run starts in the panel
  /// @param runs how many
  /// @param b holds the packed panel
  /// @param panel where it starts
  /// @param out receives [#rows] rows of NR sums
  /// @param at where the first row goes
  /// @param pitch distance of its rows
  abstract void rows(
      float[] a,
      int[] rowAt,
      int[] runAt,
      int[] runLength,
      int[] runPanel,
      int runs,
      float[] b,
      int panel,
      float[] out,
      int at,
      int pitch);

  /// Both factors packed: `out[at + i·pitch + j] (+)= Σ_k a[aAt + k·AR + i] · b[bAt + k·NR + j]`.
  ///
  /// @param a holds the panel of rows
  /// @param aAt where these rows start in their panel
  /// @param b holds the panel of columns
  /// @param bAt where it starts
  /// @param length of the sums
  /// @param add whether they start from what is there
  /// @param out receives [#panelRows] rows of NR sums
  /// @param at where the first row goes
  /// @param pitch distance of its rows
  abstract void panels(
      float[] a,
      int aAt,
      float[] b,
      int bAt,
      int length,
      boolean add,
      float[] out,
      int at,
      int pitch);

  /// What a sum starts from.
  static FloatVector start(boolean add, float[] out, int at) {
    return add ? FloatVector.fromArray(F, out, at) : FloatVector.zero(F);
  }
}
