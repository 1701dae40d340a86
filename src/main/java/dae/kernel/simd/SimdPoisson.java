package dae.kernel.simd;

import static dae.kernel.simd.Lanes.F;
import static dae.kernel.simd.Lanes.I;
import static dae.kernel.simd.Lanes.L;

import dae.kernel.Exp;
import dae.kernel.Poisson;
import dae.random.Normals;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/// [Poisson] lane by lane: the same operations in the same order, so the same bits. All means go
/// the ways that some of them need; a vector sums until its last lane is done.
final class SimdPoisson {
  private SimdPoisson() {}

  /// Writes the counts of the first means and words, and of those up to the next multiple of
  /// [Lanes#L].
  ///
  /// @param scratch as long as the others
  static void fill(float[] means, int[] words, int count, float[] scratch, float[] counts) {
    boolean small = false;
    boolean large = false;
    for (int i = 0; i < count; i++) {
      small |= means[i] < Poisson.LARGE;
      large |= means[i] >= Poisson.LARGE;
    }
    if (large) {
      SimdQuantile.fill(words, count, counts);
      expand(means, count, counts);
    }
    if (small) {
      exponentials(means, count, scratch);
      for (int i = 0; i < count; i += L) {
        sum(means, words, scratch, i, counts);
      }
    }
  }

  /// [dae.kernel.Exp] of −m where m is small: the clamp has nothing to do. In a loop of its own,
  /// not as [SimdExp]'s method, for the reason that [SimdNormals] gives.
  private static void exponentials(float[] means, int count, float[] to) {
    for (int i = 0; i < count; i += L) {
      FloatVector x = FloatVector.fromArray(F, means, i).neg();
      FloatVector k = x.mul(Exp.LOG2_E).add(Exp.ROUND).sub(Exp.ROUND);
      FloatVector minus = k.neg();
      FloatVector f = minus.fma(FloatVector.broadcast(F, Exp.LN2_HIGH), x);
      f = minus.fma(FloatVector.broadcast(F, Exp.LN2_LOW), f);
      FloatVector p = FloatVector.broadcast(F, Exp.C7).fma(f, FloatVector.broadcast(F, Exp.C6));
      p = p.fma(f, FloatVector.broadcast(F, Exp.C5));
      p = p.fma(f, FloatVector.broadcast(F, Exp.C4));
      p = p.fma(f, FloatVector.broadcast(F, Exp.C3));
      p = p.fma(f, FloatVector.broadcast(F, Exp.C2));
      p = p.fma(f, FloatVector.broadcast(F, 1));
      p = p.fma(f, FloatVector.broadcast(F, 1));
      IntVector power = (IntVector) k.convert(VectorOperators.F2I, 0);
      p.mul(power.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats())
          .intoArray(to, i);
    }
  }

  /// Counts of small means; the other lanes stay.
  private static void sum(float[] means, int[] words, float[] exponentials, int i, float[] counts) {
    FloatVector mean = FloatVector.fromArray(F, means, i);
    IntVector word = IntVector.fromArray(I, words, i).lanewise(VectorOperators.LSHR, 8);
    VectorMask<Float> large = mean.compare(VectorOperators.GE, Poisson.LARGE);
    FloatVector u = ((FloatVector) word.convert(VectorOperators.I2F, 0)).mul(Normals.STEP);
    u = u.blend(-1f, large);
    FloatVector p = FloatVector.fromArray(F, exponentials, i);
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
  private static void expand(float[] means, int count, float[] normals) {
    for (int i = 0; i < count; i += L) {
      FloatVector mean = FloatVector.fromArray(F, means, i);
      FloatVector z = FloatVector.fromArray(F, normals, i);
      FloatVector root = mean.lanewise(VectorOperators.SQRT);
      FloatVector inverse = FloatVector.broadcast(F, 1f).div(root);
      FloatVector square = z.mul(z);
      FloatVector third =
          square
              .fma(
                  FloatVector.broadcast(F, Poisson.C_1_270),
                  FloatVector.broadcast(F, Poisson.C_7_810))
              .fma(square, FloatVector.broadcast(F, -Poisson.C_8_405));
      FloatVector second =
          square
              .fma(
                  FloatVector.broadcast(F, -Poisson.C_1_72),
                  FloatVector.broadcast(F, -Poisson.C_1_36))
              .mul(z);
      FloatVector first =
          square.fma(
              FloatVector.broadcast(F, Poisson.C_1_6), FloatVector.broadcast(F, Poisson.C_1_3));
      FloatVector c = third.fma(inverse, second).fma(inverse, first);
      FloatVector value = mean.add(root.fma(z, c)).max(0f);
      FloatVector whole =
          (FloatVector) value.convert(VectorOperators.F2I, 0).convert(VectorOperators.I2F, 0);
      whole.intoArray(normals, i);
    }
  }
}
