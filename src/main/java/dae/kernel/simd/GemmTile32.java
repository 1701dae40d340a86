package dae.kernel.simd;

import static dae.kernel.simd.Lanes.AR;
import static dae.kernel.simd.Lanes.F;
import static dae.kernel.simd.Lanes.L;
import static dae.kernel.simd.Lanes.NR;

import jdk.incubator.vector.FloatVector;

/// The tile for 32 vector registers.
///
/// ```
///            b0   b1            12 rows × 2 vectors = 24 sums,
///   a0  →  c0v0 c0v1            4 for two panel rows, 1 for the value
///   a1  →  c1v0 c1v1            that is multiplied into a row: 29 registers
///    ⋮        ⋮    ⋮
///   a11 → c11v0 c11v1
/// ```
///
/// Indices are linear in the loop variable, so that the bounds checks leave the loop. Two steps per
/// round let the twelve row addresses, which do not all fit the general registers, be loaded half
/// as often (189 against 163 GFLOP/s). Panels have 11 rows: 3, 6, 9 and 12 of them cover 32, 64, 96
/// and 128 channels with 3 % to spare.
final class GemmTile32 extends GemmTile {
  GemmTile32() {
    super(12, 11);
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
    int a4 = rowAt[4];
    int a5 = rowAt[5];
    int a6 = rowAt[6];
    int a7 = rowAt[7];
    int a8 = rowAt[8];
    int a9 = rowAt[9];
    int a10 = rowAt[10];
    int a11 = rowAt[11];
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
    FloatVector c6v0 = FloatVector.zero(F);
    FloatVector c6v1 = FloatVector.zero(F);
    FloatVector c7v0 = FloatVector.zero(F);
    FloatVector c7v1 = FloatVector.zero(F);
    FloatVector c8v0 = FloatVector.zero(F);
    FloatVector c8v1 = FloatVector.zero(F);
    FloatVector c9v0 = FloatVector.zero(F);
    FloatVector c9v1 = FloatVector.zero(F);
    FloatVector c10v0 = FloatVector.zero(F);
    FloatVector c10v1 = FloatVector.zero(F);
    FloatVector c11v0 = FloatVector.zero(F);
    FloatVector c11v1 = FloatVector.zero(F);
    for (int run = 0; run < runs; run++) {
      int from = runAt[run];
      int length = runLength[run];
      int bAt = panel + runPanel[run];
      int x0 = a0 + from;
      int x1 = a1 + from;
      int x2 = a2 + from;
      int x3 = a3 + from;
      int x4 = a4 + from;
      int x5 = a5 + from;
      int x6 = a6 + from;
      int x7 = a7 + from;
      int x8 = a8 + from;
      int x9 = a9 + from;
      int x10 = a10 + from;
      int x11 = a11 + from;
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
        FloatVector s4 = FloatVector.broadcast(F, a[x4 + k]);
        c4v0 = s4.fma(b0, c4v0);
        c4v1 = s4.fma(b1, c4v1);
        FloatVector s5 = FloatVector.broadcast(F, a[x5 + k]);
        c5v0 = s5.fma(b0, c5v0);
        c5v1 = s5.fma(b1, c5v1);
        FloatVector s6 = FloatVector.broadcast(F, a[x6 + k]);
        c6v0 = s6.fma(b0, c6v0);
        c6v1 = s6.fma(b1, c6v1);
        FloatVector s7 = FloatVector.broadcast(F, a[x7 + k]);
        c7v0 = s7.fma(b0, c7v0);
        c7v1 = s7.fma(b1, c7v1);
        FloatVector s8 = FloatVector.broadcast(F, a[x8 + k]);
        c8v0 = s8.fma(b0, c8v0);
        c8v1 = s8.fma(b1, c8v1);
        FloatVector s9 = FloatVector.broadcast(F, a[x9 + k]);
        c9v0 = s9.fma(b0, c9v0);
        c9v1 = s9.fma(b1, c9v1);
        FloatVector s10 = FloatVector.broadcast(F, a[x10 + k]);
        c10v0 = s10.fma(b0, c10v0);
        c10v1 = s10.fma(b1, c10v1);
        FloatVector s11 = FloatVector.broadcast(F, a[x11 + k]);
        c11v0 = s11.fma(b0, c11v0);
        c11v1 = s11.fma(b1, c11v1);
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
        FloatVector t4 = FloatVector.broadcast(F, a[x4 + k + 1]);
        c4v0 = t4.fma(d0, c4v0);
        c4v1 = t4.fma(d1, c4v1);
        FloatVector t5 = FloatVector.broadcast(F, a[x5 + k + 1]);
        c5v0 = t5.fma(d0, c5v0);
        c5v1 = t5.fma(d1, c5v1);
        FloatVector t6 = FloatVector.broadcast(F, a[x6 + k + 1]);
        c6v0 = t6.fma(d0, c6v0);
        c6v1 = t6.fma(d1, c6v1);
        FloatVector t7 = FloatVector.broadcast(F, a[x7 + k + 1]);
        c7v0 = t7.fma(d0, c7v0);
        c7v1 = t7.fma(d1, c7v1);
        FloatVector t8 = FloatVector.broadcast(F, a[x8 + k + 1]);
        c8v0 = t8.fma(d0, c8v0);
        c8v1 = t8.fma(d1, c8v1);
        FloatVector t9 = FloatVector.broadcast(F, a[x9 + k + 1]);
        c9v0 = t9.fma(d0, c9v0);
        c9v1 = t9.fma(d1, c9v1);
        FloatVector t10 = FloatVector.broadcast(F, a[x10 + k + 1]);
        c10v0 = t10.fma(d0, c10v0);
        c10v1 = t10.fma(d1, c10v1);
        FloatVector t11 = FloatVector.broadcast(F, a[x11 + k + 1]);
        c11v0 = t11.fma(d0, c11v0);
        c11v1 = t11.fma(d1, c11v1);
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
        FloatVector s4 = FloatVector.broadcast(F, a[x4 + k]);
        c4v0 = s4.fma(b0, c4v0);
        c4v1 = s4.fma(b1, c4v1);
        FloatVector s5 = FloatVector.broadcast(F, a[x5 + k]);
        c5v0 = s5.fma(b0, c5v0);
        c5v1 = s5.fma(b1, c5v1);
        FloatVector s6 = FloatVector.broadcast(F, a[x6 + k]);
        c6v0 = s6.fma(b0, c6v0);
        c6v1 = s6.fma(b1, c6v1);
        FloatVector s7 = FloatVector.broadcast(F, a[x7 + k]);
        c7v0 = s7.fma(b0, c7v0);
        c7v1 = s7.fma(b1, c7v1);
        FloatVector s8 = FloatVector.broadcast(F, a[x8 + k]);
        c8v0 = s8.fma(b0, c8v0);
        c8v1 = s8.fma(b1, c8v1);
        FloatVector s9 = FloatVector.broadcast(F, a[x9 + k]);
        c9v0 = s9.fma(b0, c9v0);
        c9v1 = s9.fma(b1, c9v1);
        FloatVector s10 = FloatVector.broadcast(F, a[x10 + k]);
        c10v0 = s10.fma(b0, c10v0);
        c10v1 = s10.fma(b1, c10v1);
        FloatVector s11 = FloatVector.broadcast(F, a[x11 + k]);
        c11v0 = s11.fma(b0, c11v0);
        c11v1 = s11.fma(b1, c11v1);
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
    c4v0.intoArray(out, at + 4 * pitch);
    c4v1.intoArray(out, at + 4 * pitch + L);
    c5v0.intoArray(out, at + 5 * pitch);
    c5v1.intoArray(out, at + 5 * pitch + L);
    c6v0.intoArray(out, at + 6 * pitch);
    c6v1.intoArray(out, at + 6 * pitch + L);
    c7v0.intoArray(out, at + 7 * pitch);
    c7v1.intoArray(out, at + 7 * pitch + L);
    c8v0.intoArray(out, at + 8 * pitch);
    c8v1.intoArray(out, at + 8 * pitch + L);
    c9v0.intoArray(out, at + 9 * pitch);
    c9v1.intoArray(out, at + 9 * pitch + L);
    c10v0.intoArray(out, at + 10 * pitch);
    c10v1.intoArray(out, at + 10 * pitch + L);
    c11v0.intoArray(out, at + 11 * pitch);
    c11v1.intoArray(out, at + 11 * pitch + L);
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
    FloatVector c4v0 = start(add, out, at + 4 * pitch);
    FloatVector c4v1 = start(add, out, at + 4 * pitch + L);
    FloatVector c5v0 = start(add, out, at + 5 * pitch);
    FloatVector c5v1 = start(add, out, at + 5 * pitch + L);
    FloatVector c6v0 = start(add, out, at + 6 * pitch);
    FloatVector c6v1 = start(add, out, at + 6 * pitch + L);
    FloatVector c7v0 = start(add, out, at + 7 * pitch);
    FloatVector c7v1 = start(add, out, at + 7 * pitch + L);
    FloatVector c8v0 = start(add, out, at + 8 * pitch);
    FloatVector c8v1 = start(add, out, at + 8 * pitch + L);
    FloatVector c9v0 = start(add, out, at + 9 * pitch);
    FloatVector c9v1 = start(add, out, at + 9 * pitch + L);
    FloatVector c10v0 = start(add, out, at + 10 * pitch);
    FloatVector c10v1 = start(add, out, at + 10 * pitch + L);
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
      FloatVector s4 = FloatVector.broadcast(F, a[aAt + k * AR + 4]);
      c4v0 = s4.fma(b0, c4v0);
      c4v1 = s4.fma(b1, c4v1);
      FloatVector s5 = FloatVector.broadcast(F, a[aAt + k * AR + 5]);
      c5v0 = s5.fma(b0, c5v0);
      c5v1 = s5.fma(b1, c5v1);
      FloatVector s6 = FloatVector.broadcast(F, a[aAt + k * AR + 6]);
      c6v0 = s6.fma(b0, c6v0);
      c6v1 = s6.fma(b1, c6v1);
      FloatVector s7 = FloatVector.broadcast(F, a[aAt + k * AR + 7]);
      c7v0 = s7.fma(b0, c7v0);
      c7v1 = s7.fma(b1, c7v1);
      FloatVector s8 = FloatVector.broadcast(F, a[aAt + k * AR + 8]);
      c8v0 = s8.fma(b0, c8v0);
      c8v1 = s8.fma(b1, c8v1);
      FloatVector s9 = FloatVector.broadcast(F, a[aAt + k * AR + 9]);
      c9v0 = s9.fma(b0, c9v0);
      c9v1 = s9.fma(b1, c9v1);
      FloatVector s10 = FloatVector.broadcast(F, a[aAt + k * AR + 10]);
      c10v0 = s10.fma(b0, c10v0);
      c10v1 = s10.fma(b1, c10v1);
    }
    c0v0.intoArray(out, at);
    c0v1.intoArray(out, at + L);
    c1v0.intoArray(out, at + pitch);
    c1v1.intoArray(out, at + pitch + L);
    c2v0.intoArray(out, at + 2 * pitch);
    c2v1.intoArray(out, at + 2 * pitch + L);
    c3v0.intoArray(out, at + 3 * pitch);
    c3v1.intoArray(out, at + 3 * pitch + L);
    c4v0.intoArray(out, at + 4 * pitch);
    c4v1.intoArray(out, at + 4 * pitch + L);
    c5v0.intoArray(out, at + 5 * pitch);
    c5v1.intoArray(out, at + 5 * pitch + L);
    c6v0.intoArray(out, at + 6 * pitch);
    c6v1.intoArray(out, at + 6 * pitch + L);
    c7v0.intoArray(out, at + 7 * pitch);
    c7v1.intoArray(out, at + 7 * pitch + L);
    c8v0.intoArray(out, at + 8 * pitch);
    c8v1.intoArray(out, at + 8 * pitch + L);
    c9v0.intoArray(out, at + 9 * pitch);
    c9v1.intoArray(out, at + 9 * pitch + L);
    c10v0.intoArray(out, at + 10 * pitch);
    c10v1.intoArray(out, at + 10 * pitch + L);
  }
}
