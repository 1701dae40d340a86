package dae.kernel.simd;

import static dae.kernel.simd.Lanes.F;
import static dae.kernel.simd.Lanes.L;

import dae.kernel.Activation;
import dae.kernel.ChannelKernels;
import dae.kernel.Norm;
import dae.kernel.Write;
import dae.tensor.Shape;
import dae.tensor.Tensor;
import java.util.List;
import java.util.stream.IntStream;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// Per-channel reductions and maps.
///
/// Lanes run along channels; a piece of work is a chunk of [#CHUNK] pixels, walked once per group
/// of L channels with the sums in registers (a chunk stays in the second-level cache). Sums are
/// kept in double: the passes wait for memory, not for arithmetic. Reductions leave one partial
/// result per chunk and channel, which are added first to last.
final class SimdChannel implements ChannelKernels {
  /// Pixels of a piece.
  private static final int CHUNK = 256;

  private static final VectorSpecies<Double> D = VectorSpecies.of(double.class, F.vectorShape());

  /// The first 1, 2 … L − 1 lanes. Made once, because a mask that is handed to a method is an
  /// object; made in the method, it would take C2 to its limit there.
  private static final List<VectorMask<Float>> FIRST =
      IntStream.range(1, L).mapToObj(lanes -> F.indexInRange(0, lanes)).toList();

  private enum Kind {
    MOMENTS,
    NORMALIZE,
    GRADIENTS,
    BACKWARD,
    SUM
  }

  /// What the loops need of each channel: z = scale·x + shift and dx = scale·dz + slope·x + level.
  private enum Coefficient {
    SCALE,
    SHIFT,
    SLOPE,
    LEVEL
  }

  private final Workers workers;
  private final Workers.Task task = this::run;
  private final Workers.Task merge = this::merge;
  private double[] partial = new double[0];
  private float[] coefficients = new float[0];

  private Kind kind;
  private int pixels;
  private int channels;
  private int chunks;
  private Tensor x;
  private Tensor y;
  private Tensor dy;
  private Tensor mean;
  private Tensor r;
  private Tensor first;
  private Tensor second;
  private boolean relu;
  private Write write;

  SimdChannel(Workers workers) {
    this.workers = workers;
  }

  @Override
  public void prepare(Shape x, int capacity) {
    int most = 2 * Math.ceilDiv(capacity * x.pixels(), CHUNK) * padded(x.c());
    if (partial.length < most) {
      partial = new double[most];
    }
    if (coefficients.length < Coefficient.values().length * padded(x.c())) {
      coefficients = new float[Coefficient.values().length * padded(x.c())];
    }
  }

  @Override
  public void moments(int n, Tensor x, Tensor mean, Tensor variance) {
    first = mean;
    second = variance;
    reduce(Kind.MOMENTS, n, x);
  }

  @Override
  public void inverseDeviation(Tensor variance, float epsilon, Tensor r) {
    float[] V = variance.floats(), R = r.floats();
    for (int c = 0; c < r.shape().c(); c++) {
      R[r.offset() + c] = (float) (1 / Math.sqrt((double) V[variance.offset() + c] + epsilon));
    }
  }

  @Override
  public void movingAverage(Tensor average, Tensor value, float momentum, float correction) {
    float[] A = average.floats(), V = value.floats();
    for (int c = 0; c < average.shape().c(); c++) {
      if (Float.isFinite(V[value.offset() + c])) {
        double fresh = (double) correction * V[value.offset() + c];
        int at = average.offset() + c;
        A[at] = (float) (fresh + momentum * (A[at] - fresh));
      }
    }
  }

  @Override
  public void fold(Norm norm, Tensor bias, Tensor scale, Tensor shift) {
    for (int c = 0; c < scale.shape().c(); c++) {
      double factor = scale(norm, c);
      set(scale, c, factor);
      set(shift, c, get(norm.beta(), c) + ((double) get(bias, c) - get(norm.mean(), c)) * factor);
    }
  }

  @Override
  public void normalize(int n, Tensor x, Norm norm, Tensor y) {
    this.y = y;
    bind(x.shape().c(), norm);
    map(Kind.NORMALIZE, n, x);
  }

  @Override
  public void normalizeGradients(
      int n, Tensor x, Norm norm, Tensor dy, Tensor dgamma, Tensor dbeta) {
    this.dy = dy;
    first = dgamma;
    second = dbeta;
    bind(x.shape().c(), norm);
    reduce(Kind.GRADIENTS, n, x);
  }

  @Override
  public void normalizeBackward(
      int n, Tensor x, Norm norm, Tensor dy, Tensor dgamma, Tensor dbeta, Tensor dx, Write write) {
    this.dy = dy;
    this.y = dx;
    this.write = write;
    bind(x.shape().c(), norm);
    double M = n * x.shape().pixels();
    for (int c = 0; c < channels; c++) {
      double scale = scale(norm, c);
      double slope = -scale * get(r, c) * get(dgamma, c) / M;
      setCoefficient(Coefficient.SLOPE, c, slope);
      setCoefficient(Coefficient.LEVEL, c, -scale * get(dbeta, c) / M - get(mean, c) * slope);
    }
    map(Kind.BACKWARD, n, x);
  }

  @Override
  public void sum(int n, Tensor x, Tensor sum) {
    first = sum;
    reduce(Kind.SUM, n, x);
  }

  private void bind(int channels, Norm norm) {
    this.channels = channels;
    mean = norm.mean();
    r = norm.r();
    relu = norm.f() == Activation.RELU;
    for (int c = 0; c < channels; c++) {
      double scale = scale(norm, c);
      setCoefficient(Coefficient.SCALE, c, scale);
      setCoefficient(Coefficient.SHIFT, c, get(norm.beta(), c) - get(mean, c) * scale);
    }
  }

  private static double scale(Norm norm, int c) {
    return (double) get(norm.gamma(), c) * get(norm.r(), c);
  }

  private void setCoefficient(Coefficient which, int c, double value) {
    coefficients[which.ordinal() * padded(channels) + c] = (float) value;
  }

  private FloatVector coefficient(Coefficient which, int c) {
    return FloatVector.fromArray(F, coefficients, which.ordinal() * padded(channels) + c);
  }

  private void map(Kind kind, int n, Tensor x) {
    this.kind = kind;
    this.x = x;
    pixels = n * x.shape().pixels();
    channels = x.shape().c();
    chunks = Math.ceilDiv(pixels, CHUNK);
    workers.run(chunks, task);
  }

  private void reduce(Kind kind, int n, Tensor x) {
    map(kind, n, x);
    workers.run(Math.ceilDiv(channels, L), merge);
  }

  private void run(int chunk, int worker) {
    int from = chunk * CHUNK;
    int to = Math.min(pixels, from + CHUNK);
    for (int c = 0; c < channels; c += L) {
      VectorMask<Float> inside = c + L <= channels ? null : FIRST.get(channels - c - 1);
      switch (kind) {
        case MOMENTS -> momentsOf(chunk, from, to, c, inside);
        case NORMALIZE -> normalize(from, to, c, inside);
        case GRADIENTS -> gradientsOf(chunk, from, to, c, inside);
        case BACKWARD -> backward(from, to, c, inside);
        case SUM -> sumOf(chunk, from, to, c, inside);
      }
    }
  }

  /// Σ x and Σ x², in double: every float and its square are exact there, so the variance survives
  /// a mean far from 0.
  private void momentsOf(int chunk, int from, int to, int c, VectorMask<Float> inside) {
    float[] X = x.floats();
    DoubleVector sum0 = DoubleVector.zero(D);
    DoubleVector sum1 = DoubleVector.zero(D);
    DoubleVector squares0 = DoubleVector.zero(D);
    DoubleVector squares1 = DoubleVector.zero(D);
    for (int m = from; m < to; m++) {
      FloatVector v = load(X, x.offset() + m * x.pitch() + c, inside);
      DoubleVector d0 = lower(v);
      DoubleVector d1 = upper(v);
      sum0 = sum0.add(d0);
      sum1 = sum1.add(d1);
      squares0 = d0.fma(d0, squares0);
      squares1 = d1.fma(d1, squares1);
    }
    int at = 2 * chunk * padded(channels) + c;
    sum0.intoArray(partial, at);
    sum1.intoArray(partial, at + D.length());
    squares0.intoArray(partial, at + padded(channels));
    squares1.intoArray(partial, at + padded(channels) + D.length());
  }

  private void normalize(int from, int to, int c, VectorMask<Float> inside) {
    float[] X = x.floats(), Y = y.floats();
    FloatVector scale = coefficient(Coefficient.SCALE, c);
    FloatVector shift = coefficient(Coefficient.SHIFT, c);
    for (int m = from; m < to; m++) {
      FloatVector v = load(X, x.offset() + m * x.pitch() + c, inside);
      FloatVector z = v.fma(scale, shift);
      if (relu) {
        z = z.blend(0, z.compare(VectorOperators.LE, 0));
      }
      store(z, Y, y.offset() + m * y.pitch() + c, inside);
    }
  }

  /// Σ dz·x and Σ dz, in double: Σ dz·x̂ follows from them.
  private void gradientsOf(int chunk, int from, int to, int c, VectorMask<Float> inside) {
    float[] X = x.floats(), DY = dy.floats();
    FloatVector scale = coefficient(Coefficient.SCALE, c);
    FloatVector shift = coefficient(Coefficient.SHIFT, c);
    DoubleVector products0 = DoubleVector.zero(D);
    DoubleVector products1 = DoubleVector.zero(D);
    DoubleVector sum0 = DoubleVector.zero(D);
    DoubleVector sum1 = DoubleVector.zero(D);
    for (int m = from; m < to; m++) {
      FloatVector v = load(X, x.offset() + m * x.pitch() + c, inside);
      FloatVector dz = load(DY, dy.offset() + m * dy.pitch() + c, inside);
      if (relu) {
        dz = dz.blend(0, v.fma(scale, shift).compare(VectorOperators.LE, 0));
      }
      DoubleVector dz0 = lower(dz);
      DoubleVector dz1 = upper(dz);
      products0 = dz0.fma(lower(v), products0);
      products1 = dz1.fma(upper(v), products1);
      sum0 = sum0.add(dz0);
      sum1 = sum1.add(dz1);
    }
    // Not through a method: C2 would not inline it into one this large, and would then box the sums
    // at every pixel.
    int at = 2 * chunk * padded(channels) + c;
    products0.intoArray(partial, at);
    products1.intoArray(partial, at + D.length());
    sum0.intoArray(partial, at + padded(channels));
    sum1.intoArray(partial, at + padded(channels) + D.length());
  }

  private void backward(int from, int to, int c, VectorMask<Float> inside) {
    float[] X = x.floats(), DY = dy.floats(), DX = y.floats();
    FloatVector scale = coefficient(Coefficient.SCALE, c);
    FloatVector shift = coefficient(Coefficient.SHIFT, c);
    FloatVector slope = coefficient(Coefficient.SLOPE, c);
    FloatVector level = coefficient(Coefficient.LEVEL, c);
    for (int m = from; m < to; m++) {
      FloatVector v = load(X, x.offset() + m * x.pitch() + c, inside);
      FloatVector dz = load(DY, dy.offset() + m * dy.pitch() + c, inside);
      if (relu) {
        dz = dz.blend(0, v.fma(scale, shift).compare(VectorOperators.LE, 0));
      }
      FloatVector d = dz.fma(scale, v.fma(slope, level));
      int at = y.offset() + m * y.pitch() + c;
      if (write == Write.ADD) {
        d = d.add(load(DX, at, inside));
      }
      store(d, DX, at, inside);
    }
  }

  private void sumOf(int chunk, int from, int to, int c, VectorMask<Float> inside) {
    float[] X = x.floats();
    DoubleVector sum0 = DoubleVector.zero(D);
    DoubleVector sum1 = DoubleVector.zero(D);
    for (int m = from; m < to; m++) {
      FloatVector v = load(X, x.offset() + m * x.pitch() + c, inside);
      sum0 = sum0.add(lower(v));
      sum1 = sum1.add(upper(v));
    }
    int at = 2 * chunk * padded(channels) + c;
    sum0.intoArray(partial, at);
    sum1.intoArray(partial, at + D.length());
  }

  /// @param inside the lanes that there are; null for all, as masks halve the speed of 256-bit
  ///   vectors (bench/NOTES.md)
  private static FloatVector load(float[] from, int at, VectorMask<Float> inside) {
    return inside == null
        ? FloatVector.fromArray(F, from, at)
        : FloatVector.fromArray(F, from, at, inside);
  }

  private static void store(FloatVector v, float[] to, int at, VectorMask<Float> inside) {
    if (inside == null) {
      v.intoArray(to, at);
    } else {
      v.intoArray(to, at, inside);
    }
  }

  private static DoubleVector lower(FloatVector v) {
    return (DoubleVector) v.convertShape(VectorOperators.F2D, D, 0);
  }

  private static DoubleVector upper(FloatVector v) {
    return (DoubleVector) v.convertShape(VectorOperators.F2D, D, 1);
  }

  /// Channels up to a whole vector.
  private static int padded(int channels) {
    return Math.ceilDiv(channels, L) * L;
  }

  /// Merges the chunks of L channels, first to last.
  private void merge(int group, int worker) {
    for (int c = group * L; c < Math.min(channels, (group + 1) * L); c++) {
      double total0 = total(0, c);
      switch (kind) {
        case MOMENTS -> {
          double mu = total0 / pixels;
          set(first, c, mu);
          set(second, c, Math.max(0, total(1, c) / pixels - mu * mu));
        }
        case GRADIENTS -> {
          double total1 = total(1, c);
          set(first, c, (total0 - get(mean, c) * total1) * get(r, c));
          set(second, c, total1);
        }
        default -> set(first, c, total0);
      }
    }
  }

  private double total(int row, int c) {
    double total = 0;
    for (int chunk = 0; chunk < chunks; chunk++) {
      total += partial[(2 * chunk + row) * padded(channels) + c];
    }
    return total;
  }

  private static float get(Tensor vector, int c) {
    return vector.floats()[vector.offset() + c];
  }

  private static void set(Tensor vector, int c, double value) {
    vector.floats()[vector.offset() + c] = (float) value;
  }
}
