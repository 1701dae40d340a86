package dae.kernel.simd;

import static dae.kernel.simd.Lanes.F;
import static dae.kernel.simd.Lanes.I;
import static dae.kernel.simd.Lanes.L;

import dae.random.NormalQuantile;
import dae.random.Normals;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/// [NormalQuantile] lane by lane: the same operations in the same order, so the same bits.
final class SimdQuantile {
  private SimdQuantile() {}

  /// Makes the first `count` words normals, and those up to the next multiple of [Lanes#L].
  static void fill(int[] words, int count, float[] normals) {
    products(words, count, normals);
    SimdNormals.logarithms(normals, count);
    normals(words, count, normals);
  }

  /// (1 − |x|)(1 + |x|).
  private static void products(int[] words, int count, float[] to) {
    FloatVector one = FloatVector.broadcast(F, 1f);
    for (int i = 0; i < count; i += L) {
      IntVector upper = IntVector.fromArray(I, words, i).lanewise(VectorOperators.LSHR, 8);
      IntVector twice = upper.add(upper).add(1 - (1 << 24));
      FloatVector x = ((FloatVector) twice.convert(VectorOperators.I2F, 0)).mul(Normals.STEP);
      FloatVector size = x.abs();
      one.sub(size).mul(size.add(one)).intoArray(to, i);
    }
  }

  private static void normals(int[] words, int count, float[] logs) {
    for (int i = 0; i < count; i += L) {
      FloatVector w = FloatVector.fromArray(F, logs, i).neg();
      FloatVector t = w.sub(2.5f);
      FloatVector middle =
          FloatVector.broadcast(F, NormalQuantile.C8)
              .fma(t, FloatVector.broadcast(F, NormalQuantile.C7))
              .fma(t, FloatVector.broadcast(F, NormalQuantile.C6))
              .fma(t, FloatVector.broadcast(F, NormalQuantile.C5))
              .fma(t, FloatVector.broadcast(F, NormalQuantile.C4))
              .fma(t, FloatVector.broadcast(F, NormalQuantile.C3))
              .fma(t, FloatVector.broadcast(F, NormalQuantile.C2))
              .fma(t, FloatVector.broadcast(F, NormalQuantile.C1))
              .fma(t, FloatVector.broadcast(F, NormalQuantile.C0));
      FloatVector s = w.lanewise(VectorOperators.SQRT).sub(3f);
      FloatVector tail =
          FloatVector.broadcast(F, NormalQuantile.T8)
              .fma(s, FloatVector.broadcast(F, NormalQuantile.T7))
              .fma(s, FloatVector.broadcast(F, NormalQuantile.T6))
              .fma(s, FloatVector.broadcast(F, NormalQuantile.T5))
              .fma(s, FloatVector.broadcast(F, NormalQuantile.T4))
              .fma(s, FloatVector.broadcast(F, NormalQuantile.T3))
              .fma(s, FloatVector.broadcast(F, NormalQuantile.T2))
              .fma(s, FloatVector.broadcast(F, NormalQuantile.T1))
              .fma(s, FloatVector.broadcast(F, NormalQuantile.T0));
      FloatVector p = tail.blend(middle, w.compare(VectorOperators.LT, NormalQuantile.TAIL));
      IntVector upper = IntVector.fromArray(I, words, i).lanewise(VectorOperators.LSHR, 8);
      IntVector twice = upper.add(upper).add(1 - (1 << 24));
      FloatVector x = ((FloatVector) twice.convert(VectorOperators.I2F, 0)).mul(Normals.STEP);
      x.mul(NormalQuantile.SQRT_2).mul(p).intoArray(logs, i);
    }
  }
}
