package dae.kernel.simd;

import static dae.kernel.simd.Lanes.F;
import static dae.kernel.simd.Lanes.I;
import static dae.kernel.simd.Lanes.L;

import dae.random.Normals;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/// [Normals] lane by lane: the same operations in the same order, so the same bits.
final class SimdNormals {
  private SimdNormals() {}

  /// Makes `words[w][b]` the normals `normals[w][b]`, for b from 0 to the next multiple of
  /// [Lanes#L].
  static void fill(int[][] words, int blocks, float[][] normals) {
    for (int b = 0; b < blocks; b += L) {
      radius(words[0], b, normals[0]);
      radius(words[2], b, normals[2]);
      pair(words[1], b, normals[0], normals[1]);
      pair(words[3], b, normals[2], normals[3]);
    }
  }

  /// Box–Muller: two words give two normals. The radii are in `cosTo` already: in one method with
  /// [#radius], C2 would reach its limit and leave vectors as objects on the heap.
  private static void pair(int[] turns, int b, float[] cosTo, float[] sinTo) {
    FloatVector radius = FloatVector.fromArray(F, cosTo, b);
    IntVector turn = IntVector.fromArray(I, turns, b).lanewise(VectorOperators.LSHR, 8);
    IntVector q = turn.add(1 << 21).lanewise(VectorOperators.LSHR, 22);
    FloatVector t = floats(turn.sub(q.lanewise(VectorOperators.LSHL, 22))).mul(Normals.STEP);
    FloatVector z = t.mul(t);
    FloatVector sin =
        FloatVector.broadcast(F, Normals.S3)
            .fma(z, FloatVector.broadcast(F, Normals.S2))
            .fma(z, FloatVector.broadcast(F, Normals.S1))
            .fma(z, FloatVector.broadcast(F, Normals.S0))
            .mul(t);
    FloatVector cos =
        FloatVector.broadcast(F, Normals.C4)
            .fma(z, FloatVector.broadcast(F, Normals.C3))
            .fma(z, FloatVector.broadcast(F, Normals.C2))
            .fma(z, FloatVector.broadcast(F, Normals.C1))
            .fma(z, FloatVector.broadcast(F, 1));
    VectorMask<Float> odd = q.and(1).compare(VectorOperators.NE, 0).cast(F);
    IntVector cosSign = q.add(1).and(2).lanewise(VectorOperators.LSHL, 30);
    IntVector sinSign = q.and(2).lanewise(VectorOperators.LSHL, 30);
    radius.mul(flip(cos.blend(sin, odd), cosSign)).intoArray(cosTo, b);
    radius.mul(flip(sin.blend(cos, odd), sinSign)).intoArray(sinTo, b);
  }

  private static void radius(int[] radii, int b, float[] to) {
    IntVector word = IntVector.fromArray(I, radii, b);
    FloatVector u = floats(word.lanewise(VectorOperators.LSHR, 8).add(1)).mul(Normals.STEP);
    log(u).mul(-2f).lanewise(VectorOperators.SQRT).intoArray(to, b);
  }

  static FloatVector log(FloatVector x) {
    IntVector bits = x.reinterpretAsInts();
    IntVector e = bits.sub(Normals.SQRT_HALF).lanewise(VectorOperators.ASHR, 23);
    FloatVector exponent = floats(e);
    FloatVector f = bits.sub(e.lanewise(VectorOperators.LSHL, 23)).reinterpretAsFloats().sub(1f);
    FloatVector p =
        FloatVector.broadcast(F, Normals.L7)
            .fma(f, FloatVector.broadcast(F, Normals.L6))
            .fma(f, FloatVector.broadcast(F, Normals.L5))
            .fma(f, FloatVector.broadcast(F, Normals.L4))
            .fma(f, FloatVector.broadcast(F, Normals.L3))
            .fma(f, FloatVector.broadcast(F, Normals.L2))
            .fma(f, FloatVector.broadcast(F, Normals.L1))
            .fma(f, FloatVector.broadcast(F, Normals.L0))
            .fma(f, FloatVector.broadcast(F, -0.5f));
    p = f.mul(f).fma(p, f);
    return exponent.fma(FloatVector.broadcast(F, Normals.LN_2), p);
  }

  private static FloatVector flip(FloatVector value, IntVector sign) {
    return value.reinterpretAsInts().lanewise(VectorOperators.XOR, sign).reinterpretAsFloats();
  }

  static FloatVector floats(IntVector whole) {
    return (FloatVector) whole.convert(VectorOperators.I2F, 0);
  }
}
