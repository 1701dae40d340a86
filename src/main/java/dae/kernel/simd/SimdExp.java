package dae.kernel.simd;

import static dae.kernel.simd.Lanes.F;

import dae.kernel.Exp;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/// [Exp] lane by lane: the same operations in the same order, so the same bits.
final class SimdExp {
  private SimdExp() {}

  static FloatVector exp(FloatVector x) {
    FloatVector clamped = x.min(Exp.LIMIT).max(-Exp.LIMIT);
    FloatVector k = clamped.mul(Exp.LOG2_E).add(Exp.ROUND).sub(Exp.ROUND);
    FloatVector f = k.neg().fma(broadcast(Exp.LN2_HIGH), clamped);
    f = k.neg().fma(broadcast(Exp.LN2_LOW), f);
    FloatVector p = broadcast(Exp.C7).fma(f, broadcast(Exp.C6));
    p = p.fma(f, broadcast(Exp.C5));
    p = p.fma(f, broadcast(Exp.C4));
    p = p.fma(f, broadcast(Exp.C3));
    p = p.fma(f, broadcast(Exp.C2));
    p = p.fma(f, broadcast(1));
    p = p.fma(f, broadcast(1));
    IntVector power = (IntVector) k.convert(VectorOperators.F2I, 0);
    return p.mul(power.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats());
  }

  static FloatVector sigmoid(FloatVector x) {
    FloatVector one = broadcast(1);
    return one.div(one.add(exp(x.neg())));
  }

  private static FloatVector broadcast(float value) {
    return FloatVector.broadcast(F, value);
  }
}
