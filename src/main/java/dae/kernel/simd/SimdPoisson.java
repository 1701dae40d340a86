package dae.kernel.simd;

import static dae.kernel.simd.Lanes.F;
import static dae.kernel.simd.Lanes.I;
import static dae.kernel.simd.Lanes.L;

import dae.kernel.Poisson;
import dae.random.Normals;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/// [Poisson] lane by lane: the same operations in the same order, so the same bits. A vector goes
/// the ways that its means need, and sums until its last lane is done.
final class SimdPoisson {
  private SimdPoisson() {}

  /// Writes the counts of the first means and words, and of those up to the next multiple of
  /// [Lanes#L].
  static void fill(float[] means, int[] words, int count, float[] counts) {
    if (anyLarge(means, count)) {
      SimdQuantile.fill(words, count, counts);
    }
    for (int i = 0; i < count; i += L) {
      VectorMask<Float> small =
          FloatVector.fromArray(F, means, i).compare(VectorOperators.LT, Poisson.LARGE);
      if (!small.allTrue()) {
        expand(means, i, counts);
      }
      if (small.anyTrue()) {
        sum(means, words, i, counts);
      }
    }
  }

  private static boolean anyLarge(float[] means, int count) {
    for (int i = 0; i < count; i++) {
      if (means[i] >= Poisson.LARGE) {
        return true;
      }
    }
    return false;
  }

  /// Counts of small means; the other lanes stay.
  private static void sum(float[] means, int[] words, int i, float[] counts) {
    FloatVector mean = FloatVector.fromArray(F, means, i);
    IntVector word = IntVector.fromArray(I, words, i).lanewise(VectorOperators.LSHR, 8);
    VectorMask<Float> large = mean.compare(VectorOperators.GE, Poisson.LARGE);
    FloatVector u = SimdNormals.floats(word).mul(Normals.STEP).blend(-1f, large);
    FloatVector p = SimdExp.exp(mean.neg());
    FloatVector sum = p;
    FloatVector count = FloatVector.zero(F);
    int k = 0;
    while (true) {
      VectorMask<Float> open =
          u.compare(VectorOperators.GE, sum).and(p.compare(VectorOperators.GT, Poisson.NEGLIGIBLE));
      if (!open.anyTrue()) {
        break;
      }
      k++;
      count = count.blend(k, open);
      p = p.mul(mean.mul(1f / k));
      sum = sum.add(p);
    }
    count.blend(FloatVector.fromArray(F, counts, i), large).intoArray(counts, i);
  }

  /// Makes normals the counts of large means; nothing of use for others.
  private static void expand(float[] means, int i, float[] normals) {
    FloatVector mean = FloatVector.fromArray(F, means, i);
    FloatVector z = FloatVector.fromArray(F, normals, i);
    FloatVector root = mean.lanewise(VectorOperators.SQRT);
    FloatVector inverse = FloatVector.broadcast(F, 1f).div(root);
    FloatVector square = z.mul(z);
    FloatVector third =
        square
            .fma(broadcast(Poisson.C_1_270), broadcast(Poisson.C_7_810))
            .fma(square, broadcast(-Poisson.C_8_405));
    FloatVector second = square.fma(broadcast(-Poisson.C_1_72), broadcast(-Poisson.C_1_36)).mul(z);
    FloatVector first = square.fma(broadcast(Poisson.C_1_6), broadcast(Poisson.C_1_3));
    FloatVector c = third.fma(inverse, second).fma(inverse, first);
    FloatVector count = mean.add(root.fma(z, c)).max(0f);
    SimdNormals.floats((IntVector) count.convert(VectorOperators.F2I, 0)).intoArray(normals, i);
  }

  private static FloatVector broadcast(float value) {
    return FloatVector.broadcast(F, value);
  }
}
