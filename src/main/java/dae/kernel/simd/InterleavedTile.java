package dae.kernel.simd;

import static dae.kernel.simd.Lanes.F;
import static dae.kernel.simd.Lanes.L;
import static dae.kernel.simd.Lanes.NR;

import jdk.incubator.vector.FloatVector;

/// The register tile for short sums whose rows were written down by a kernel of ours ([Winograd4]):
/// it lays them out vector by vector, the same vector of all rows side by side, then those of the
/// 35 other products.
///
/// ```
///   a:  row 0 k 0…L−1 │ row 1 k 0…L−1 │ … │ row 5 k 0…L−1 │ … │ row 0 k L…2L−1 │ …
/// ```
///
/// So one place in the array stands for all rows, where [GemmTile#rows] has a place for each, and
/// six rows of two vectors fit into 16 registers (bench/NOTES.md). More than one step of the sum in
/// the loop's body, or loops that are not nested this way, and C2 runs out of registers.
final class InterleavedTile {
  /// Rows of a tile.
  static final int ROWS = 6;

  /// From a vector of a row to its next.
  static final int STEP = Winograd4.PRODUCTS * ROWS * L;

  private InterleavedTile() {}

  /// `out[at + i·NR + j] = Σ_k a[aAt + k / L · STEP + i·L + k % L] · b[bAt + k·NR + j]`, each sum
  /// in the order of k.
  ///
  /// @param length of the sums, a multiple of L
  /// @param out receives ROWS rows of NR sums
  static void multiply(float[] a, int aAt, float[] b, int bAt, int length, float[] out, int at) {
    FloatVector c0v0 = FloatVector.zero(F);
    FloatVector c0v1 = FloatVector.zero(F);
    FloatVector c1v0 = FloatVector.zero(F);
    FloatVector c1v1 = FloatVector.zero(F);
    FloatVector c2v0 = FloatVector.zero(F);
    FloatVector c2v1 = FloatVector.zero(F);
    FloatVector c3v0 = FloatVector.zero(F);
    FloatVector c3v1 = FloatVector.zero(F);
    FloatVector c4v0 = FloatVector.zero(F);
    FloatVector c4v1 = FloatVector.zero(F);
    FloatVector c5v0 = FloatVector.zero(F);
    FloatVector c5v1 = FloatVector.zero(F);
    for (int vector = 0; vector < length; vector += L, aAt += STEP, bAt += L * NR) {
      for (int k = 0; k < L; k++) {
        FloatVector b0 = FloatVector.fromArray(F, b, bAt + k * NR);
        FloatVector b1 = FloatVector.fromArray(F, b, bAt + k * NR + L);
        FloatVector s0 = FloatVector.broadcast(F, a[aAt + k]);
        c0v0 = s0.fma(b0, c0v0);
        c0v1 = s0.fma(b1, c0v1);
        FloatVector s1 = FloatVector.broadcast(F, a[aAt + k + L]);
        c1v0 = s1.fma(b0, c1v0);
        c1v1 = s1.fma(b1, c1v1);
        FloatVector s2 = FloatVector.broadcast(F, a[aAt + k + 2 * L]);
        c2v0 = s2.fma(b0, c2v0);
        c2v1 = s2.fma(b1, c2v1);
        FloatVector s3 = FloatVector.broadcast(F, a[aAt + k + 3 * L]);
        c3v0 = s3.fma(b0, c3v0);
        c3v1 = s3.fma(b1, c3v1);
        FloatVector s4 = FloatVector.broadcast(F, a[aAt + k + 4 * L]);
        c4v0 = s4.fma(b0, c4v0);
        c4v1 = s4.fma(b1, c4v1);
        FloatVector s5 = FloatVector.broadcast(F, a[aAt + k + 5 * L]);
        c5v0 = s5.fma(b0, c5v0);
        c5v1 = s5.fma(b1, c5v1);
      }
    }
    c0v0.intoArray(out, at);
    c0v1.intoArray(out, at + L);
    c1v0.intoArray(out, at + NR);
    c1v1.intoArray(out, at + NR + L);
    c2v0.intoArray(out, at + 2 * NR);
    c2v1.intoArray(out, at + 2 * NR + L);
    c3v0.intoArray(out, at + 3 * NR);
    c3v1.intoArray(out, at + 3 * NR + L);
    c4v0.intoArray(out, at + 4 * NR);
    c4v1.intoArray(out, at + 4 * NR + L);
    c5v0.intoArray(out, at + 5 * NR);
    c5v1.intoArray(out, at + 5 * NR + L);
  }
}
