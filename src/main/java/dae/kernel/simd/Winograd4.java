package dae.kernel.simd;

import static dae.kernel.simd.Lanes.F;
import static dae.kernel.simd.Lanes.L;
import static dae.kernel.simd.Lanes.NR;

import dae.kernel.Conv2dSpec;
import dae.tensor.Tensor;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/// Winograd's minimal filtering F(4, 3) along an axis: four targets that see six sources through
/// three taps take six multiplications instead of twelve; along both axes 36 instead of 144 (S.
/// Winograd, *Arithmetic Complexity of Computations*, 1980; for convolutions Lavin & Gray 2016).
///
/// A window of three taps over six values is the product of two polynomials, known by its values at
/// the points 0, 1, −1, 2, −2 and ∞. So with matrices of one row or column for each point
///
/// ```
///        ⎡4  0 −5  0  1  0⎤        ⎡  6  0  0⎤         ⎡1 1  1 1  1 0⎤
///        ⎢0 −4 −4  1  1  0⎥        ⎢ −4 −4 −4⎥    Aᵀ = ⎢0 1 −1 2 −2 0⎥
///   Bᵀ = ⎢0  4 −4 −1  1  0⎥   24·G=⎢ −4  4 −4⎥         ⎢0 1  1 4  4 0⎥
///        ⎢0 −2 −1  2  1  0⎥        ⎢  1  2  4⎥         ⎣0 1 −1 8 −8 1⎦
///        ⎢0  2 −1 −2  1  0⎥        ⎢  1 −2  4⎥
///        ⎣0  4  0 −5  0  1⎦        ⎣  0  0 24⎦
/// ```
///
/// the four targets are `Aᵀ((G w) ⊙ (Bᵀ x))`, and the gradient of the taps is `Gᵀ((A g) ⊙ (Bᵀ x))`.
/// Of whole numbers all of it is whole but for the divisions by 24, which come last or, of filters
/// that are multiples of 9, leave nothing over: tests compare exactly.
///
/// *Rounding.* What a target is summed up from is larger than itself: `max Σ |Aᵀ||G||Bᵀ|` is 48
/// along an axis. On random values errors are some ten times those of a plain sum.
final class Winograd4 {
  /// Targets of a block along an axis.
  static final int STEP = 4;

  /// Points, and so sources of a block along an axis.
  static final int POINTS = 6;

  /// Products of a block.
  static final int PRODUCTS = POINTS * POINTS;

  /// Where a column at an edge of the image is laid out, behind the 36 vectors.
  private static final int EDGE = PRODUCTS * L;

  /// What a transform writes in between.
  static final class Between {
    final float[] values = new float[EDGE + POINTS * L];
    private final int[] rows = new int[POINTS];

    static Between[] of(Workers workers) {
      Between[] each = new Between[workers.count()];
      Arrays.setAll(each, i -> new Between());
      return each;
    }
  }

  /// Stands for what lies outside of an image: it counts as zero.
  private static final int NONE = Integer.MIN_VALUE;

  /// Channels on either side, below which the transforms cost what they save.
  private static final int FEWEST = 16;

  private Winograd4() {}

  /// Whether it is a 3×3 convolution with stride 1, of whole vectors, and of maps that are not
  /// smaller than a block. That a tile of a picture answers as the whole picture does follows from
  /// the sides one by one.
  static boolean suits(Conv2dSpec s) {
    return s.kh() == 3
        && s.kw() == 3
        && s.stride() == 1
        && s.ic() % L == 0
        && s.oc() % L == 0
        && Math.min(s.ic(), s.oc()) >= FEWEST
        && Math.min(s.oh(), s.ow()) >= STEP;
  }

  /// Brings what some blocks read into the second-level cache, if it fits.
  ///
  /// @param rows blocks of an image, one above the other
  /// @param columns blocks side by side
  static float fetch(Tensor t, int rows, int columns, int first, int last) {
    int h = t.shape().h();
    int w = t.shape().w();
    float sum = 0;
    for (int block = first, count; block < last; block += count) {
      int row = block / columns;
      int column = block % columns;
      count = Math.min(columns - column, last - block);
      int width = Math.min(count * STEP, w - column * STEP);
      int end = Math.min((row % rows + 1) * STEP, h);
      for (int y = row % rows * STEP; y < end; y++) {
        int pixel = (row / rows * h + y) * w + column * STEP;
        sum += ImageProduct.fetch(t, pixel, pixel + width);
      }
    }
    return sum;
  }

  /// Notes where some rows of an image lie; NONE above it and below it.
  ///
  /// @return whether all exist
  private static boolean locate(Tensor t, int image, int h, int count, int[] rows) {
    for (int i = 0; i < count; i++) {
      rows[i] =
          h + i < 0 || h + i >= t.shape().h()
              ? NONE
              : t.offset() + (image * t.shape().h() + h + i) * t.shape().w() * t.pitch();
    }
    return h >= 0 && h + count <= t.shape().h();
  }

  /// Lays a column of pixels out one after the other, zeros for those that do not exist.
  ///
  /// @param at where the column lies in each row; NONE outside of the image
  /// @param out receives a vector for each row
  private static void column(float[] p, int[] rows, int count, int at, float[] out, int to) {
    for (int i = 0; i < count; i++) {
      if (at == NONE || rows[i] == NONE) {
        FloatVector.zero(F).intoArray(out, to + i * L);
      } else {
        FloatVector.fromArray(F, p, rows[i] + at).intoArray(out, to + i * L);
      }
    }
  }

  /// `Bᵀ x B` of the 6×6 pixels around a block, channel by channel; outside of the image they are
  /// zero.
  ///
  /// @param h the block's first row
  /// @param w its first column
  /// @param between takes what comes in between
  /// @param out receives the 36 values of each channel
  /// @param spacing distance between two of them
  /// @param together channels that lie side by side
  /// @param panel distance of those
  static void ofX(
      Tensor x,
      int image,
      int h,
      int w,
      Between between,
      float[] out,
      int to,
      int spacing,
      int together,
      int panel) {
    float[] p = x.floats();
    int[] rows = between.rows;
    boolean whole = locate(x, image, h - 1, POINTS, rows);
    int width = x.shape().w();
    int pitch = x.pitch();
    int channels = x.shape().c();
    float[] b = between.values;
    for (int c = 0; c < channels; c += L) {
      for (int j = 0; j < POINTS; j++) {
        int column = w - 1 + j;
        int at = column >= 0 && column < width ? column * pitch + c : NONE;
        boolean inside = whole && at != NONE;
        if (!inside) {
          column(p, rows, POINTS, at, b, EDGE);
        }
        ofSix(
            inside ? p : b,
            inside ? rows[0] + at : EDGE,
            inside ? rows[1] + at : EDGE + L,
            inside ? rows[2] + at : EDGE + 2 * L,
            inside ? rows[3] + at : EDGE + 3 * L,
            inside ? rows[4] + at : EDGE + 4 * L,
            inside ? rows[5] + at : EDGE + 5 * L,
            b,
            j * L,
            POINTS * L);
      }
      int at = to + c / together * panel + c % together;
      for (int i = 0; i < EDGE; i += POINTS * L, at += POINTS * spacing) {
        ofSix(b, i, out, at, spacing);
      }
    }
  }

  private static void ofSix(float[] x, int at, float[] out, int to, int spacing) {
    ofSix(x, at, at + L, at + 2 * L, at + 3 * L, at + 4 * L, at + 5 * L, out, to, spacing);
  }

  /// `Bᵀ x` of vectors at six places of an array. No vector is handed from method to method: where
  /// C2 does not inline one, each would become an object.
  private static void ofSix(
      float[] x,
      int at0,
      int at1,
      int at2,
      int at3,
      int at4,
      int at5,
      float[] out,
      int to,
      int spacing) {
    FloatVector x1 = FloatVector.fromArray(F, x, at1);
    FloatVector x2 = FloatVector.fromArray(F, x, at2);
    FloatVector x3 = FloatVector.fromArray(F, x, at3);
    FloatVector x4 = FloatVector.fromArray(F, x, at4);
    FloatVector even = x2.fma(FloatVector.broadcast(F, -4), x4);
    FloatVector odd = x1.fma(FloatVector.broadcast(F, -4), x3);
    FloatVector first = x2.fma(FloatVector.broadcast(F, -5), x4);
    FloatVector.fromArray(F, x, at0).fma(FloatVector.broadcast(F, 4), first).intoArray(out, to);
    even.add(odd).intoArray(out, to + spacing);
    even.sub(odd).intoArray(out, to + 2 * spacing);
    FloatVector e = x4.sub(x2);
    FloatVector o = x3.sub(x1).mul(2);
    e.add(o).intoArray(out, to + 3 * spacing);
    e.sub(o).intoArray(out, to + 4 * spacing);
    FloatVector last = x3.fma(FloatVector.broadcast(F, -5), FloatVector.fromArray(F, x, at5));
    x1.fma(FloatVector.broadcast(F, 4), last).intoArray(out, to + 5 * spacing);
  }

  /// `A g Aᵀ` of a block's 4×4 pixels, for some of the channels; outside of the image they are
  /// zero.
  ///
  /// @param h the block's first row
  /// @param w its first column
  /// @param channel the first channel
  /// @param channels how many
  /// @param between takes what comes in between
  /// @param out receives the 36 values of each channel
  /// @param spacing distance between two of them
  /// @param panel distance of [Lanes#NR] channels
  static void ofDy(
      Tensor dy,
      int image,
      int h,
      int w,
      int channel,
      int channels,
      Between between,
      float[] out,
      int to,
      int spacing,
      int panel) {
    float[] g = dy.floats();
    locate(dy, image, h, STEP, between.rows);
    float[] b = between.values;
    for (int c = 0; c < channels; c += L) {
      for (int j = 0; j < STEP; j++) {
        int at = w + j < dy.shape().w() ? (w + j) * dy.pitch() + channel + c : NONE;
        column(g, between.rows, STEP, at, b, EDGE);
        ofFour(b, EDGE, b, j * L, STEP * L);
      }
      int at = to + c / NR * panel + c % NR;
      for (int i = 0; i < POINTS * STEP * L; i += STEP * L, at += POINTS * spacing) {
        ofFour(b, i, out, at, spacing);
      }
    }
  }

  /// `A g` of four vectors in a row.
  private static void ofFour(float[] g, int at, float[] out, int to, int spacing) {
    FloatVector g0 = FloatVector.fromArray(F, g, at);
    FloatVector g1 = FloatVector.fromArray(F, g, at + L);
    FloatVector g2 = FloatVector.fromArray(F, g, at + 2 * L);
    FloatVector g3 = FloatVector.fromArray(F, g, at + 3 * L);
    FloatVector even = g0.add(g2);
    FloatVector odd = g1.add(g3);
    g0.intoArray(out, to);
    even.add(odd).intoArray(out, to + spacing);
    even.sub(odd).intoArray(out, to + 2 * spacing);
    FloatVector e = g2.fma(FloatVector.broadcast(F, 4), g0);
    FloatVector o = g3.fma(FloatVector.broadcast(F, 4), g1).mul(2);
    e.add(o).intoArray(out, to + 3 * spacing);
    e.sub(o).intoArray(out, to + 4 * spacing);
    g3.intoArray(out, to + 5 * spacing);
  }
}
