package dae.kernel.simd;

/// The register tile: a few rows times one panel of two vectors, summed over a long index and
/// written to a small buffer once at the end. All products end here; there is one source per
/// register file.
///
/// Every sum is one chain of fused multiply-adds in the order of its index, whatever the tile's
/// height, so that a number does not depend on which row of which tile computed it.
abstract class GemmTile {
  /// Rows of [#rows].
  final int rows;

  /// Rows of [#panels].
  final int panelRows;

  GemmTile(int rows, int panelRows) {
    this.rows = rows;
    this.panelRows = panelRows;
  }

  /// Rows that are read where they lie. With K the runs one after another, `tile[i·NR + j] = Σ_k
  /// a[rowAt[i] + runAt[r] + k] · b[panel + runPanel[r] + k·NR + j]`.
  ///
  /// @param a holds the rows
  /// @param rowAt where each row starts
  /// @param runAt where each run starts, counted from the row
  /// @param runLength length of each run
  /// @param runPanel where each run starts in the panel
  /// @param runs how many
  /// @param b holds the packed panel
  /// @param panel where it starts
  /// @param tile [#rows] × NR numbers
  abstract void rows(
      float[] a,
      int[] rowAt,
      int[] runAt,
      int[] runLength,
      int[] runPanel,
      int runs,
      float[] b,
      int panel,
      float[] tile);

  /// Both factors packed: `tile[i·NR + j] = Σ_k p[aAt + k·panelRows + i] · p[bAt + k·NR + j]`.
  abstract void panels(float[] p, int aAt, int bAt, int length, float[] tile);
}
