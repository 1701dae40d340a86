package dae.kernel.simd;

import static dae.kernel.simd.Lanes.F;
import static dae.kernel.simd.Lanes.I;
import static dae.kernel.simd.Lanes.L;

import dae.random.Normals;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/// [Normals] lane by lane: the same operations in the same order, so the same bits. Each method is
/// a loop over arrays that stay in the first-level cache, and hands no vector to another of ours:
/// beyond its limit of nodes C2 inlines only what the JDK tells it to, and vectors would become
/// objects on the heap.
final class SimdNormals {
  private SimdNormals() {}

  /// Makes `words[w][b]` the normals `normals[w][b]`, for b from 0 to the next multiple of
  /// [Lanes#L].
  static void fill(int[][] words, int blocks, float[][] normals) {
    for (int w = 0; w < 4; w += 2) {
      uniforms(words[w], blocks, normals[w]);
      logarithms(normals[w], blocks);
      pairs(words[w + 1], blocks, normals[w], normals[w + 1]);
    }
  }

  private static void uniforms(int[] words, int count, float[] to) {
    for (int i = 0; i < count; i += L) {
      IntVector word = IntVector.fromArray(I, words, i).lanewise(VectorOperators.LSHR, 8);
      FloatVector whole = (FloatVector) word.add(1).convert(VectorOperators.I2F, 0);
      whole.mul(Normals.STEP).intoArray(to, i);
    }
  }

  /// Box–Muller: the logarithm of a uniform number and an angle give two normals.
  private static void pairs(int[] turns, int count, float[] logs, float[] sines) {
    for (int b = 0; b < count; b += L) {
      FloatVector log = FloatVector.fromArray(F, logs, b);
      FloatVector radius = log.mul(-2f).lanewise(VectorOperators.SQRT);
      IntVector turn = IntVector.fromArray(I, turns, b).lanewise(VectorOperators.LSHR, 8);
      IntVector q = turn.add(1 << 21).lanewise(VectorOperators.LSHR, 22);
      IntVector rest = turn.sub(q.lanewise(VectorOperators.LSHL, 22));
      FloatVector t = ((FloatVector) rest.convert(VectorOperators.I2F, 0)).mul(Normals.STEP);
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
      IntVector cosBits = cos.blend(sin, odd).reinterpretAsInts();
      IntVector sinBits = sin.blend(cos, odd).reinterpretAsInts();
      cos = cosBits.lanewise(VectorOperators.XOR, cosSign).reinterpretAsFloats();
      sin = sinBits.lanewise(VectorOperators.XOR, sinSign).reinterpretAsFloats();
      radius.mul(cos).intoArray(logs, b);
      radius.mul(sin).intoArray(sines, b);
    }
  }

  /// The logarithms of the first `count` numbers, and of those up to the next multiple of
  /// [Lanes#L].
  static void logarithms(float[] numbers, int count) {
    for (int i = 0; i < count; i += L) {
      IntVector bits = FloatVector.fromArray(F, numbers, i).reinterpretAsInts();
      IntVector e = bits.sub(Normals.SQRT_HALF).lanewise(VectorOperators.ASHR, 23);
      FloatVector exponent = (FloatVector) e.convert(VectorOperators.I2F, 0);
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
      exponent.fma(FloatVector.broadcast(F, Normals.LN_2), p).intoArray(numbers, i);
    }
  }
}
