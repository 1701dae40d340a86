package dae.kernel.simd;

import static dae.kernel.simd.Lanes.F;
import static dae.kernel.simd.Lanes.L;

import dae.kernel.OptimiserKernels;
import dae.tensor.Tensor;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/// What makes new weights from old ones, L at a time over one long vector: Adam reads w, g, m, v
/// and writes w, m, v once. The same bits as the scalar definition, but for the rounding of a
/// gradient's norm.
final class SimdOptimiser implements OptimiserKernels {
  /// Elements of a piece.
  private static final int CHUNK = 16_384;

  private final Workers workers;
  private final Workers.Task check = this::check;
  private final Workers.Task square = this::square;
  private final Workers.Task scale = this::scale;
  private final Workers.Task step = this::step;
  private final Workers.Task mix = this::mix;

  private volatile boolean finite;
  private double[] squares = new double[0];
  private float factor;
  private Tensor w;
  private Tensor g;
  private Tensor m;
  private Tensor v;
  private float rate;
  private float beta1;
  private float beta2;
  private float epsilon;
  private Tensor average;
  private Tensor value;
  private float keep;

  SimdOptimiser(Workers workers) {
    this.workers = workers;
  }

  @Override
  public void guard(Tensor gradients, Tensor loss) {
    g = gradients;
    finite = true;
    workers.run(Math.ceilDiv(g.shape().size(), CHUNK), check);
    if (!finite) {
      loss.floats()[loss.offset()] = Float.NaN;
    }
  }

  /// x·0 is 0 for finite values and NaN for the others.
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

  @Override
  public void clip(Tensor gradients, float most) {
    g = gradients;
    int pieces = Math.ceilDiv(g.shape().size(), CHUNK);
    if (squares.length < pieces) {
      squares = new double[pieces];
    }
    workers.run(pieces, square);
    double sum = 0;
    for (int piece = 0; piece < pieces; piece++) {
      sum += squares[piece];
    }
    double norm = Math.sqrt(sum);
    if (norm > most) {
      factor = (float) (most / norm);
      workers.run(pieces, scale);
    }
  }

  /// Float lanes over a piece, the lanes added in double, first to last.
  private void square(int piece, int worker) {
    int to = Math.min(g.shape().size(), (piece + 1) * CHUNK);
    FloatVector sums = FloatVector.zero(F);
    for (int i = piece * CHUNK; i < to; i += L) {
      FloatVector gradient = load(g, i, F.indexInRange(i, to));
      sums = gradient.fma(gradient, sums);
    }
    double sum = 0;
    for (int lane = 0; lane < L; lane++) {
      sum += sums.lane(lane);
    }
    squares[piece] = sum;
  }

  private void scale(int piece, int worker) {
    int to = Math.min(g.shape().size(), (piece + 1) * CHUNK);
    for (int i = piece * CHUNK; i < to; i += L) {
      VectorMask<Float> inside = F.indexInRange(i, to);
      store(load(g, i, inside).mul(factor), g, i, inside);
    }
  }

  @Override
  public void adam(
      Tensor w,
      Tensor g,
      Tensor m,
      Tensor v,
      float rate,
      float beta1,
      float beta2,
      float epsilon,
      Tensor loss) {
    if (!Float.isFinite(loss.floats()[loss.offset()])) {
      return;
    }
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

  @Override
  public void average(Tensor average, Tensor value, float keep) {
    this.average = average;
    this.value = value;
    this.keep = keep;
    workers.run(Math.ceilDiv(average.shape().size(), CHUNK), mix);
  }

  private void mix(int piece, int worker) {
    int to = Math.min(average.shape().size(), (piece + 1) * CHUNK);
    for (int i = piece * CHUNK; i < to; i += L) {
      VectorMask<Float> inside = F.indexInRange(i, to);
      FloatVector fresh = load(value, i, inside);
      store(load(average, i, inside).sub(fresh).mul(keep).add(fresh), average, i, inside);
    }
  }

  private static FloatVector load(Tensor t, int i, VectorMask<Float> inside) {
    return FloatVector.fromArray(F, t.floats(), t.offset() + i, inside);
  }

  private static void store(FloatVector value, Tensor t, int i, VectorMask<Float> inside) {
    value.intoArray(t.floats(), t.offset() + i, inside);
  }
}
