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
    for (int i = 0; i < count; i += L) {
      argument(words, i, normals);
      normal(words, i, normals);
    }
  }

  /// w = −ln((1 − |x|)(1 + |x|)), by itself for C2's sake, as in [SimdNormals].
  private static void argument(int[] words, int i, float[] to) {
    FloatVector size = x(words, i).abs();
    FloatVector one = FloatVector.broadcast(F, 1f);
    SimdNormals.log(one.sub(size).mul(size.add(one))).neg().intoArray(to, i);
  }

  private static void normal(int[] words, int i, float[] to) {
    FloatVector w = FloatVector.fromArray(F, to, i);
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
    x(words, i).mul(NormalQuantile.SQRT_2).mul(p).intoArray(to, i);
  }

  private static FloatVector x(int[] words, int i) {
    IntVector word = IntVector.fromArray(I, words, i).lanewise(VectorOperators.LSHR, 8);
    return SimdNormals.floats(word.add(word).add(1 - (1 << 24))).mul(Normals.STEP);
  }
}
