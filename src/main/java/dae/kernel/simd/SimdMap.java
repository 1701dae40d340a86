package dae.kernel.simd;

import static dae.kernel.simd.Lanes.F;
import static dae.kernel.simd.Lanes.L;

import dae.kernel.Activation;
import dae.kernel.Exp;
import dae.kernel.MapKernels;
import dae.kernel.Write;
import dae.tensor.Shape;
import dae.tensor.Tensor;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/// Maps, element by element, memory-bound: one pass, L elements at a time, in chunks of [#CHUNK].
/// Dense tensors are one long row, others a row per pixel.
final class SimdMap implements MapKernels {
  /// Floats of a piece, 64 KB.
  private static final int CHUNK = 16_384;

  private enum Kind {
    RELU,
    RELU_BACKWARD,
    LEAKY_RELU,
    LEAKY_RELU_BACKWARD,
    ADD,
    CLIP,
    SIGMOID,
    SIGMOID_BACKWARD,
    COPY,
    SQUARED_ERROR,
    SQUARED_ERROR_BACKWARD,
    CROSS_ENTROPY,
    CROSS_ENTROPY_BACKWARD
  }

  private final Workers workers;
  private final Workers.Task task = this::run;
  private double[] partial = new double[0];

  private Kind kind;
  private Tensor a;
  private Tensor b;
  private Tensor to;
  private Write write;
  private float factor;
  private int rows;
  private int rowLength;
  private int rowsPerPiece;

  SimdMap(Workers workers) {
    this.workers = workers;
  }

  @Override
  public void relu(int n, Tensor x, Tensor y) {
    map(Kind.RELU, n, x, x, y, Write.SET);
  }

  @Override
  public void reluBackward(int n, Tensor y, Tensor dy, Tensor dx, Write write) {
    map(Kind.RELU_BACKWARD, n, y, dy, dx, write);
  }

  @Override
  public void leakyRelu(int n, Tensor x, Tensor y) {
    map(Kind.LEAKY_RELU, n, x, x, y, Write.SET);
  }

  @Override
  public void leakyReluBackward(int n, Tensor y, Tensor dy, Tensor dx, Write write) {
    map(Kind.LEAKY_RELU_BACKWARD, n, y, dy, dx, write);
  }

  @Override
  public void add(int n, Tensor a, Tensor b, Tensor y) {
    map(Kind.ADD, n, a, b, y, Write.SET);
  }

  @Override
  public void clip(int n, Tensor x, Tensor y) {
    map(Kind.CLIP, n, x, x, y, Write.SET);
  }

  @Override
  public void sigmoid(int n, Tensor x, Tensor y) {
    map(Kind.SIGMOID, n, x, x, y, Write.SET);
  }

  @Override
  public void sigmoidBackward(int n, Tensor y, Tensor dy, Tensor dx, Write write) {
    map(Kind.SIGMOID_BACKWARD, n, y, dy, dx, write);
  }

  @Override
  public void copy(int n, Tensor x, Tensor y, Write write) {
    map(Kind.COPY, n, x, x, y, write);
  }

  @Override
  public void meanSquaredError(int n, Tensor prediction, Tensor target, Tensor loss) {
    double mean = mean(Kind.SQUARED_ERROR, n, prediction, target);
    loss.floats()[loss.offset()] = (float) mean;
  }

  private double mean(Kind kind, int n, Tensor prediction, Tensor target) {
    int pieces = cut(n, prediction, target, prediction);
    if (partial.length < pieces) {
      partial = new double[pieces];
    }
    map(kind, n, prediction, target, prediction, Write.SET);
    double sum = 0;
    for (int piece = 0; piece < pieces; piece++) {
      sum += partial[piece];
    }
    return sum / ((double) n * prediction.shape().size());
  }

  @Override
  public void meanSquaredErrorBackward(
      int n, Tensor prediction, Tensor target, Tensor dPrediction, Write write) {
    factor = (float) (2 / ((double) n * prediction.shape().size()));
    map(Kind.SQUARED_ERROR_BACKWARD, n, prediction, target, dPrediction, write);
  }

  @Override
  public void crossEntropy(int n, Tensor logits, Tensor target, Tensor loss, Write write) {
    float value = (float) mean(Kind.CROSS_ENTROPY, n, logits, target);
    float[] to = loss.floats();
    to[loss.offset()] = write == Write.SET ? value : to[loss.offset()] + value;
  }

  @Override
  public void crossEntropyBackward(
      int n, Tensor logits, Tensor target, Tensor dLogits, Write write) {
    factor = (float) (1 / ((double) n * logits.shape().size()));
    map(Kind.CROSS_ENTROPY_BACKWARD, n, logits, target, dLogits, write);
  }

  private void map(Kind kind, int n, Tensor a, Tensor b, Tensor to, Write write) {
    this.kind = kind;
    this.a = a;
    this.b = b;
    this.to = to;
    this.write = write;
    workers.run(cut(n, a, b, to), task);
  }

  /// Decides rows and pieces: how many pieces there are.
  private int cut(int n, Tensor a, Tensor b, Tensor to) {
    Shape shape = a.shape();
    if (a.isDense() && b.isDense() && to.isDense()) {
      rowLength = CHUNK;
      rows = n * shape.size();
      rowsPerPiece = CHUNK;
      return Math.ceilDiv(rows, CHUNK);
    }
    rowLength = shape.c();
    rows = n * shape.pixels();
    rowsPerPiece = Math.max(1, CHUNK / shape.c());
    return Math.ceilDiv(rows, rowsPerPiece);
  }

  private boolean flat() {
    return rowLength == CHUNK && rowsPerPiece == CHUNK;
  }

  private void run(int piece, int worker) {
    int from = piece * rowsPerPiece;
    int until = Math.min(rows, from + rowsPerPiece);
    double sum = 0;
    if (flat()) {
      sum = row(a.offset() + from, b.offset() + from, to.offset() + from, until - from);
    } else if (kind == Kind.COPY && rowLength < L) {
      copyNarrow(from, until);
    } else {
      for (int m = from; m < until; m++) {
        sum +=
            row(
                a.offset() + m * a.pitch(),
                b.offset() + m * b.pitch(),
                to.offset() + m * to.pitch(),
                rowLength);
      }
    }
    if (kind == Kind.SQUARED_ERROR || kind == Kind.CROSS_ENTROPY) {
      partial[piece] = sum;
    }
  }

  /// Pixels of fewer channels than a vector has lanes, as a slice's may be.
  private void copyNarrow(int from, int until) {
    float[] A = a.floats(), TO = to.floats();
    boolean adds = write == Write.ADD;
    for (int m = from; m < until; m++) {
      int aAt = a.offset() + m * a.pitch();
      int toAt = to.offset() + m * to.pitch();
      for (int c = 0; c < rowLength; c++) {
        TO[toAt + c] = adds ? TO[toAt + c] + A[aAt + c] : A[aAt + c];
      }
    }
  }

  /// One stretch of contiguous floats; returns its part of a loss where one is asked for.
  private double row(int aAt, int bAt, int toAt, int length) {
    if (kind == Kind.SQUARED_ERROR) {
      return squaredError(aAt, bAt, length);
    }
    if (kind == Kind.CROSS_ENTROPY) {
      return crossEntropy(aAt, bAt, length);
    }
    if (isPlain()) {
      plain(aAt, bAt, toAt, length);
    } else {
      vectors(aAt, bAt, toAt, length);
    }
    return 0;
  }

  private void vectors(int aAt, int bAt, int toAt, int length) {
    float[] A = a.floats(), B = b.floats(), TO = to.floats();
    for (int i = 0; i < length; i += L) {
      VectorMask<Float> inside = F.indexInRange(i, length);
      FloatVector u = FloatVector.fromArray(F, A, aAt + i, inside);
      FloatVector v = FloatVector.fromArray(F, B, bAt + i, inside);
      // Not through a method: once that is compiled for itself, C2 finds it too big to inline.
      FloatVector y =
          switch (kind) {
            case RELU -> u.blend(0, u.compare(VectorOperators.LE, 0));
            case RELU_BACKWARD -> FloatVector.zero(F).blend(v, u.compare(VectorOperators.GT, 0));
            case LEAKY_RELU -> u.mul(Activation.SLOPE).blend(u, u.compare(VectorOperators.GT, 0));
            case LEAKY_RELU_BACKWARD ->
                v.mul(Activation.SLOPE).blend(v, u.compare(VectorOperators.GT, 0));
            case SIGMOID, CROSS_ENTROPY_BACKWARD -> SimdExp.sigmoid(u);
            case SIGMOID_BACKWARD -> v.mul(u).mul(FloatVector.broadcast(F, 1).sub(u));
            case SQUARED_ERROR_BACKWARD -> u.sub(v).mul(factor);
            default -> u;
          };
      if (kind == Kind.CROSS_ENTROPY_BACKWARD) {
        y = y.sub(v).mul(factor);
      }
      if (write == Write.ADD) {
        y = y.add(FloatVector.fromArray(F, TO, toAt + i, inside));
      }
      y.intoArray(TO, toAt + i, inside);
    }
  }

  /// What every picture needs once or twice, and what hardly costs more than its memory. Without
  /// vectors it is ready at once; compiling the masked ones took a seventh of the time in which
  /// `denoise` cleans a small picture (bench/NOTES.md).
  private boolean isPlain() {
    return kind == Kind.ADD || kind == Kind.CLIP || kind == Kind.COPY && write == Write.SET;
  }

  private void plain(int aAt, int bAt, int toAt, int length) {
    float[] A = a.floats(), B = b.floats(), TO = to.floats();
    if (kind == Kind.ADD) {
      for (int i = 0; i < length; i++) {
        TO[toAt + i] = A[aAt + i] + B[bAt + i];
      }
      return;
    }
    System.arraycopy(A, aAt, TO, toAt, length);
    if (kind == Kind.CLIP) {
      // In place, where C2 sees that no element depends on another.
      for (int i = toAt; i < toAt + length; i++) {
        TO[i] = Math.max(0, Math.min(1, TO[i]));
      }
    }
  }

  /// Float lanes over at most [#CHUNK] elements, the lanes added in double, first to last.
  private double squaredError(int aAt, int bAt, int length) {
    float[] A = a.floats(), B = b.floats();
    FloatVector squares = FloatVector.zero(F);
    int whole = F.loopBound(length);
    for (int i = 0; i < whole; i += L) {
      FloatVector d =
          FloatVector.fromArray(F, A, aAt + i).sub(FloatVector.fromArray(F, B, bAt + i));
      squares = d.fma(d, squares);
    }
    double sum = 0;
    for (int i = whole; i < length; i++) {
      double d = (double) A[aAt + i] - B[bAt + i];
      sum += d * d;
    }
    for (int lane = 0; lane < L; lane++) {
      sum += squares.lane(lane);
    }
    return sum;
  }

  /// The same for a cross-entropy, with [SimdExp]'s steps for e and no vector handed to a method.
  /// With e = exp(−|z|), which is at most 1, and s = e/(2 + e), at most 1/3, log(1 + e) =
  /// 2·artanh(s) = 2·(s + s³/3 + s⁵/5 + …); what comes behind s¹³ is below 10⁻⁸.
  private double crossEntropy(int aAt, int bAt, int length) {
    float[] A = a.floats(), B = b.floats();
    FloatVector entropies = FloatVector.zero(F);
    int whole = F.loopBound(length);
    for (int i = 0; i < whole; i += L) {
      FloatVector z = FloatVector.fromArray(F, A, aAt + i);
      FloatVector t = FloatVector.fromArray(F, B, bAt + i);
      FloatVector x = z.abs().neg().max(-Exp.LIMIT);
      FloatVector k = x.mul(Exp.LOG2_E).add(Exp.ROUND).sub(Exp.ROUND);
      FloatVector f = k.neg().fma(FloatVector.broadcast(F, Exp.LN2_HIGH), x);
      f = k.neg().fma(FloatVector.broadcast(F, Exp.LN2_LOW), f);
      FloatVector e = FloatVector.broadcast(F, Exp.C7).fma(f, FloatVector.broadcast(F, Exp.C6));
      e = e.fma(f, FloatVector.broadcast(F, Exp.C5));
      e = e.fma(f, FloatVector.broadcast(F, Exp.C4));
      e = e.fma(f, FloatVector.broadcast(F, Exp.C3));
      e = e.fma(f, FloatVector.broadcast(F, Exp.C2));
      e = e.fma(f, FloatVector.broadcast(F, 1)).fma(f, FloatVector.broadcast(F, 1));
      IntVector power = (IntVector) k.convert(VectorOperators.F2I, 0);
      e = e.mul(power.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats());
      FloatVector s = e.div(e.add(2));
      FloatVector ss = s.mul(s);
      FloatVector p = ss.mul(1f / 13).add(1f / 11);
      p = p.mul(ss).add(1f / 9);
      p = p.mul(ss).add(1f / 7);
      p = p.mul(ss).add(1f / 5);
      p = p.mul(ss).add(1f / 3);
      p = p.mul(ss).add(1).mul(s).mul(2);
      entropies = entropies.add(p.add(z.max(0)).sub(z.mul(t)));
    }
    double sum = 0;
    for (int i = whole; i < length; i++) {
      double z = A[aAt + i];
      sum += Math.max(z, 0) - z * B[bAt + i] + Math.log1p(Math.exp(-Math.abs(z)));
    }
    for (int lane = 0; lane < L; lane++) {
      sum += entropies.lane(lane);
    }
    return sum;
  }
}
