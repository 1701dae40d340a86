package dae.kernel.simd;

import static dae.kernel.simd.Lanes.F;
import static dae.kernel.simd.Lanes.L;

import dae.kernel.DataKernels;
import dae.random.Normals;
import dae.random.Philox;
import dae.random.Streams;
import dae.tensor.Shape;
import dae.tensor.Tensor;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// What stands in front of a model. Pixels and constants are cut into pieces of some elements,
/// noise into images.
///
/// Gaussian noise is [Philox] and [Normals] lane by lane, the same operations in the same order, so
/// the same bits. Lanes are neighbouring Philox blocks. The words live in the lower halves of
/// 64-bit lanes, because the generator multiplies 32 by 32 bits to 64.
final class SimdData implements DataKernels {
  /// Floats of a piece, 64 KB.
  private static final int CHUNK = 16_384;

  private static final VectorSpecies<Long> WORDS = LongVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Integer> I = F.withLanes(int.class);
  private static final long LOWER = 0xFFFFFFFFL;

  private final Workers workers;
  private final Workers.Task pixels = this::pixels;
  private final Workers.Task noise = this::noise;
  private final Workers.Task constant = this::constant;
  private final float[] byteValues = new float[256];
  private final int[][][] words;

  private Tensor to;
  private boolean flat;
  private int rows;
  private int rowsPerPiece;
  private byte[] bytes;
  private float value;

  private float[] normals = new float[0];
  private Tensor clean;
  private Tensor noisy;
  private long seed;
  private int epoch;
  private int[] images;
  private float sigma;
  private int size;
  private int blocks;

  SimdData(Workers workers) {
    this.workers = workers;
    words = new int[workers.count()][4][0];
    for (int value = 0; value < 256; value++) {
      byteValues[value] = value / 255f;
    }
  }

  @Override
  public void pixels(int n, byte[] bytes, Tensor clean) {
    this.bytes = bytes;
    workers.run(cut(n, clean), pixels);
  }

  @Override
  public void constant(int n, float value, Tensor y) {
    this.value = value;
    workers.run(cut(n, y), constant);
  }

  /// Cuts a dense tensor's elements into pieces, another's pixels: how many there are.
  private int cut(int n, Tensor to) {
    this.to = to;
    Shape shape = to.shape();
    flat = to.isDense();
    rows = n * (flat ? shape.size() : shape.pixels());
    rowsPerPiece = flat ? CHUNK : Math.max(1, CHUNK / shape.c());
    return Math.ceilDiv(rows, rowsPerPiece);
  }

  private void pixels(int piece, int worker) {
    int c = to.shape().c();
    int from = piece * rowsPerPiece;
    int until = Math.min(rows, from + rowsPerPiece);
    float[] TO = to.floats();
    if (flat) {
      for (int i = from; i < until; i++) {
        TO[to.offset() + i] = byteValues[bytes[i] & 0xFF];
      }
    } else {
      for (int m = from; m < until; m++) {
        for (int i = 0; i < c; i++) {
          TO[to.offset() + m * to.pitch() + i] = byteValues[bytes[m * c + i] & 0xFF];
        }
      }
    }
  }

  private void constant(int piece, int worker) {
    int from = piece * rowsPerPiece;
    int until = Math.min(rows, from + rowsPerPiece);
    if (flat) {
      Arrays.fill(to.floats(), to.offset() + from, to.offset() + until, value);
    } else {
      for (int m = from; m < until; m++) {
        int at = to.offset() + m * to.pitch();
        Arrays.fill(to.floats(), at, at + to.shape().c(), value);
      }
    }
  }

  @Override
  public void noise(
      int n, Tensor clean, long seed, int epoch, int[] images, float sigma, Tensor noisy) {
    this.clean = clean;
    this.seed = seed;
    this.epoch = epoch;
    this.images = images;
    this.sigma = sigma;
    this.noisy = noisy;
    size = clean.shape().size();
    blocks = Normals.blocks(size);
    int padded = Math.ceilDiv(blocks, 16) * 16;
    if (words[0][0].length < padded) {
      for (int[][] own : words) {
        for (int i = 0; i < 4; i++) {
          own[i] = new int[padded];
        }
      }
      normals = new float[workers.count() * 4 * padded];
    }
    workers.run(n, noise);
  }

  private void noise(int image, int worker) {
    int[][] own = words[worker];
    philox(images[image], own);
    int padded = own[0].length;
    int at = worker * 4 * padded;
    for (int b = 0; b < blocks; b += L) {
      radius(own[0], b, at);
      radius(own[2], b, at + 2 * padded);
      pair(own[1], b, at, at + padded);
      pair(own[3], b, at + 2 * padded, at + 3 * padded);
    }
    int from = clean.offset() + image * clean.shape().pixels() * clean.pitch();
    int to = noisy.offset() + image * noisy.shape().pixels() * noisy.pitch();
    for (int quarter = 0; quarter < 4; quarter++) {
      add(at + quarter * padded, quarter * blocks, from, to);
    }
  }

  /// The four words of every block of one image.
  private void philox(int image, int[][] own) {
    LongVector lower = LongVector.broadcast(WORDS, LOWER);
    LongVector m0 = LongVector.broadcast(WORDS, Philox.M0 & LOWER);
    LongVector m1 = LongVector.broadcast(WORDS, Philox.M1 & LOWER);
    LongVector lanes = LongVector.zero(WORDS).addIndex(1);
    for (int b = 0; b < blocks; b += WORDS.length()) {
      LongVector c0 = lanes.add(b);
      LongVector c1 = LongVector.broadcast(WORDS, image & LOWER);
      LongVector c2 = LongVector.broadcast(WORDS, epoch & LOWER);
      LongVector c3 = LongVector.broadcast(WORDS, Streams.NOISE);
      int k0 = (int) seed;
      int k1 = (int) (seed >>> 32);
      for (int round = 0; round < Philox.ROUNDS; round++) {
        LongVector product0 = m0.mul(c0);
        LongVector product1 = m1.mul(c2);
        c0 =
            high(product1)
                .lanewise(VectorOperators.XOR, c1)
                .lanewise(VectorOperators.XOR, k0 & LOWER);
        c1 = product1.and(lower);
        c2 =
            high(product0)
                .lanewise(VectorOperators.XOR, c3)
                .lanewise(VectorOperators.XOR, k1 & LOWER);
        c3 = product0.and(lower);
        k0 += Philox.W0;
        k1 += Philox.W1;
      }
      store(c0, own[0], b);
      store(c1, own[1], b);
      store(c2, own[2], b);
      store(c3, own[3], b);
    }
  }

  private static LongVector high(LongVector product) {
    return product.lanewise(VectorOperators.LSHR, 32);
  }

  private static void store(LongVector words, int[] to, int at) {
    for (int lane = 0; lane < WORDS.length(); lane++) {
      to[at + lane] = (int) words.lane(lane);
    }
  }

  /// Box–Muller: two words give two normals. The radii are at `cosAt` already: in one method with
  /// [#radius], C2 would reach its limit and leave vectors as objects on the heap.
  private void pair(int[] turns, int b, int cosAt, int sinAt) {
    FloatVector radius = FloatVector.fromArray(F, normals, cosAt + b);
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
    radius.mul(flip(cos.blend(sin, odd), cosSign)).intoArray(normals, cosAt + b);
    radius.mul(flip(sin.blend(cos, odd), sinSign)).intoArray(normals, sinAt + b);
  }

  private void radius(int[] radii, int b, int at) {
    IntVector word = IntVector.fromArray(I, radii, b);
    FloatVector u = floats(word.lanewise(VectorOperators.LSHR, 8).add(1)).mul(Normals.STEP);
    log(u).mul(-2f).lanewise(VectorOperators.SQRT).intoArray(normals, at + b);
  }

  private static FloatVector log(FloatVector x) {
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

  private static FloatVector floats(IntVector whole) {
    return (FloatVector) whole.convert(VectorOperators.I2F, 0);
  }

  private static FloatVector broadcast(float value) {
    return FloatVector.broadcast(F, value);
  }

  /// noisy = clip(clean + σ·normal) for one quarter of an image's elements, position `first …`.
  private void add(int normalAt, int first, int from, int to) {
    int count = Math.min(blocks, size - first);
    float[] C = clean.floats(), N = noisy.floats();
    if (clean.isDense() && noisy.isDense()) {
      FloatVector s = broadcast(sigma);
      for (int i = 0; i < count; i += L) {
        VectorMask<Float> inside = F.indexInRange(i, count);
        FloatVector value =
            s.fma(
                FloatVector.fromArray(F, normals, normalAt + i, inside),
                FloatVector.fromArray(F, C, from + first + i, inside));
        value.min(1f).max(0f).intoArray(N, to + first + i, inside);
      }
      return;
    }
    int c = clean.shape().c();
    for (int i = 0; i < count; i++) {
      int pixel = (first + i) / c;
      int channel = (first + i) % c;
      float value =
          Math.fma(sigma, normals[normalAt + i], C[from + pixel * clean.pitch() + channel]);
      N[to + pixel * noisy.pitch() + channel] = Math.max(0, Math.min(1, value));
    }
  }
}
