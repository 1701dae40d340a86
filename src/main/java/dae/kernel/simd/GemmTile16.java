package dae.kernel.simd;

import static dae.kernel.simd.Lanes.AR;
import static dae.kernel.simd.Lanes.F;
import static dae.kernel.simd.Lanes.L;
import static dae.kernel.simd.Lanes.NR;

import jdk.incubator.vector.FloatVector;

/// The tile for 16 vector registers, and for few rows.
///
/// ```
///          b0   b1            4 rows × 2 vectors = 8 sums,
///   a0 → c0v0 c0v1            2 for the panel, 1 for the value that is
///   a1 → c1v0 c1v1            multiplied into a row: 11 registers;
///   a2 → c2v0 c2v1            anything larger spills
///   a3 → c3v0 c3v1
/// ```
final class GemmTile16 extends GemmTile {
  GemmTile16() {
    super(4, 4);
  }

  @Override
  void rows(
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
      int pitch) {
    int a0 = rowAt[0];
    int a1 = rowAt[1];
    int a2 = rowAt[2];
    int a3 = rowAt[3];
    FloatVector c0v0 = FloatVector.zero(F);
    FloatVector c0v1 = FloatVector.zero(F);
    FloatVector c1v0 = FloatVector.zero(F);
    FloatVector c1v1 = FloatVector.zero(F);
    FloatVector c2v0 = FloatVector.zero(F);
    FloatVector c2v1 = FloatVector.zero(F);
    FloatVector c3v0 = FloatVector.zero(F);
    FloatVector c3v1 = FloatVector.zero(F);
    for (int run = 0; run < runs; run++) {
      int from = runAt[run];
      int length = runLength[run];
      int bAt = panel + runPanel[run];
      int x0 = a0 + from;
      int x1 = a1 + from;
      int x2 = a2 + from;
      int x3 = a3 + from;
      int k = 0;
      for (; k <= length - 2; k += 2) {
        FloatVector b0 = FloatVector.fromArray(F, b, bAt + k * NR);
        FloatVector b1 = FloatVector.fromArray(F, b, bAt + k * NR + L);
        FloatVector s0 = FloatVector.broadcast(F, a[x0 + k]);
        c0v0 = s0.fma(b0, c0v0);
        c0v1 = s0.fma(b1, c0v1);
        FloatVector s1 = FloatVector.broadcast(F, a[x1 + k]);
        c1v0 = s1.fma(b0, c1v0);
        c1v1 = s1.fma(b1, c1v1);
        FloatVector s2 = FloatVector.broadcast(F, a[x2 + k]);
        c2v0 = s2.fma(b0, c2v0);
        c2v1 = s2.fma(b1, c2v1);
        FloatVector s3 = FloatVector.broadcast(F, a[x3 + k]);
        c3v0 = s3.fma(b0, c3v0);
        c3v1 = s3.fma(b1, c3v1);
        FloatVector d0 = FloatVector.fromArray(F, b, bAt + k * NR + NR);
        FloatVector d1 = FloatVector.fromArray(F, b, bAt + k * NR + NR + L);
        FloatVector t0 = FloatVector.broadcast(F, a[x0 + k + 1]);
        c0v0 = t0.fma(d0, c0v0);
        c0v1 = t0.fma(d1, c0v1);
        FloatVector t1 = FloatVector.broadcast(F, a[x1 + k + 1]);
        c1v0 = t1.fma(d0, c1v0);
        c1v1 = t1.fma(d1, c1v1);
        FloatVector t2 = FloatVector.broadcast(F, a[x2 + k + 1]);
        c2v0 = t2.fma(d0, c2v0);
        c2v1 = t2.fma(d1, c2v1);
        FloatVector t3 = FloatVector.broadcast(F, a[x3 + k + 1]);
        c3v0 = t3.fma(d0, c3v0);
        c3v1 = t3.fma(d1, c3v1);
      }
      if (k < length) {
        FloatVector b0 = FloatVector.fromArray(F, b, bAt + k * NR);
        FloatVector b1 = FloatVector.fromArray(F, b, bAt + k * NR + L);
        FloatVector s0 = FloatVector.broadcast(F, a[x0 + k]);
        c0v0 = s0.fma(b0, c0v0);
        c0v1 = s0.fma(b1, c0v1);
        FloatVector s1 = FloatVector.broadcast(F, a[x1 + k]);
        c1v0 = s1.fma(b0, c1v0);
        c1v1 = s1.fma(b1, c1v1);
        FloatVector s2 = FloatVector.broadcast(F, a[x2 + k]);
        c2v0 = s2.fma(b0, c2v0);
        c2v1 = s2.fma(b1, c2v1);
        FloatVector s3 = FloatVector.broadcast(F, a[x3 + k]);
        c3v0 = s3.fma(b0, c3v0);
        c3v1 = s3.fma(b1, c3v1);
      }
    }
    c0v0.intoArray(out, at);
    c0v1.intoArray(out, at + L);
    c1v0.intoArray(out, at + pitch);
    c1v1.intoArray(out, at + pitch + L);
    c2v0.intoArray(out, at + 2 * pitch);
    c2v1.intoArray(out, at + 2 * pitch + L);
    c3v0.intoArray(out, at + 3 * pitch);
    c3v1.intoArray(out, at + 3 * pitch + L);
  }

  @Override
  void panels(
      float[] a,
      int aAt,
      float[] b,
      int bAt,
      int length,
      boolean add,
      float[] out,
      int at,
      int pitch) {
    FloatVector c0v0 = start(add, out, at);
    FloatVector c0v1 = start(add, out, at + L);
    FloatVector c1v0 = start(add, out, at + pitch);
    FloatVector c1v1 = start(add, out, at + pitch + L);
    FloatVector c2v0 = start(add, out, at + 2 * pitch);
    FloatVector c2v1 = start(add, out, at + 2 * pitch + L);
    FloatVector c3v0 = start(add, out, at + 3 * pitch);
    FloatVector c3v1 = start(add, out, at + 3 * pitch + L);
    for (int k = 0; k < length; k++) {
      FloatVector b0 = FloatVector.fromArray(F, b, bAt + k * NR);
      FloatVector b1 = FloatVector.fromArray(F, b, bAt + k * NR + L);
      FloatVector s0 = FloatVector.broadcast(F, a[aAt + k * AR + 0]);
      c0v0 = s0.fma(b0, c0v0);
      c0v1 = s0.fma(b1, c0v1);
      FloatVector s1 = FloatVector.broadcast(F, a[aAt + k * AR + 1]);
      c1v0 = s1.fma(b0, c1v0);
      c1v1 = s1.fma(b1, c1v1);
      FloatVector s2 = FloatVector.broadcast(F, a[aAt + k * AR + 2]);
      c2v0 = s2.fma(b0, c2v0);
      c2v1 = s2.fma(b1, c2v1);
      FloatVector s3 = FloatVector.broadcast(F, a[aAt + k * AR + 3]);
      c3v0 = s3.fma(b0, c3v0);
      c3v1 = s3.fma(b1, c3v1);
    }
    c0v0.intoArray(out, at);
    c0v1.intoArray(out, at + L);
    c1v0.intoArray(out, at + pitch);
    c1v1.intoArray(out, at + pitch + L);
    c2v0.intoArray(out, at + 2 * pitch);
    c2v1.intoArray(out, at + 2 * pitch + L);
    c3v0.intoArray(out, at + 3 * pitch);
    c3v1.intoArray(out, at + 3 * pitch + L);
  }
}
