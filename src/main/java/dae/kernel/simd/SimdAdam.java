package dae.kernel.simd;

import static dae.kernel.simd.Lanes.F;
import static dae.kernel.simd.Lanes.L;

import dae.tensor.Tensor;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/// Adam over one long vector of weights: reads w, g, m, v and writes w, m, v once. The same bits as
/// the scalar definition.
final class SimdAdam {
  private static final int CHUNK = 16_384;

  private final Workers workers;
  private final Workers.Task step = this::step;
  private final Workers.Task check = this::check;

  private Tensor w;
  private Tensor g;
  private Tensor m;
  private Tensor v;
  private float rate;
  private float beta1;
  private float beta2;
  private float epsilon;
  private volatile boolean finite;

  SimdAdam(Workers workers) {
    this.workers = workers;
  }

  void step(
      Tensor w, Tensor g, Tensor m, Tensor v, float rate, float beta1, float beta2, float epsilon) {
    this.w = w;
    this.g = g;
    this.m = m;
    this.v = v;
    this.rate = rate;
    this.beta1 = beta1;
    this.beta2 = beta2;
    this.epsilon = epsilon;
    workers.run(Math.ceilDiv(w.shape().size(), CHUNK), step);
  }

  private void step(int piece, int worker) {
    int size = w.shape().size();
    int to = Math.min(size, (piece + 1) * CHUNK);
    for (int i = piece * CHUNK; i < to; i += L) {
      VectorMask<Float> inside = F.indexInRange(i, to);
      FloatVector gradient = load(g, i, inside);
      FloatVector mean = load(m, i, inside);
      FloatVector square = load(v, i, inside);
      mean = mean.add(gradient.sub(mean).mul(1 - beta1));
      square = square.add(gradient.mul(gradient).sub(square).mul(1 - beta2));
      FloatVector change = mean.mul(rate).div(square.lanewise(VectorOperators.SQRT).add(epsilon));
      store(mean, m, i, inside);
      store(square, v, i, inside);
      store(load(w, i, inside).sub(change), w, i, inside);
    }
  }

  /// Whether every number is finite: x·0 is 0 for those and NaN for the others.
  boolean finite(Tensor g) {
    this.g = g;
    finite = true;
    workers.run(Math.ceilDiv(g.shape().size(), CHUNK), check);
    return finite;
  }

  private void check(int piece, int worker) {
    int to = Math.min(g.shape().size(), (piece + 1) * CHUNK);
    FloatVector zeros = FloatVector.zero(F);
    for (int i = piece * CHUNK; i < to; i += L) {
      zeros = load(g, i, F.indexInRange(i, to)).fma(FloatVector.zero(F), zeros);
    }
    if (!zeros.compare(VectorOperators.EQ, 0).allTrue()) {
      finite = false;
    }
  }

  private static FloatVector load(Tensor t, int i, VectorMask<Float> inside) {
    return FloatVector.fromArray(F, t.floats(), t.offset() + i, inside);
  }

  private static void store(FloatVector value, Tensor t, int i, VectorMask<Float> inside) {
    value.intoArray(t.floats(), t.offset() + i, inside);
  }
}
