package dae.kernel.simd;

import static dae.kernel.simd.InterleavedTile.ROWS;
import static dae.kernel.simd.Lanes.AR;
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

  /// Where what a transform writes in between starts: at a cache line ([SimdBackend#ORIGIN]).
  static final int BETWEEN = SimdBackend.ORIGIN;

  /// Where a block at an edge of the image is laid out, behind the 36 vectors.
  static final int EDGE = BETWEEN + PRODUCTS * L;

  /// What a transform writes in between.
  static final class Between {
    final float[] values = new float[EDGE + PRODUCTS * L + L];

    static Between[] of(Workers workers) {
      Between[] each = new Between[workers.count()];
      Arrays.setAll(each, i -> new Between());
      return each;
    }
  }

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

  /// `Bᵀ x` of the 6×6 pixels from (h, w) on, or `A g` of 4×4, down each column; outside of the
  /// image they are zero. The loops' distances are constants wherever they can be: with each other
  /// one, C2 computes an address and checks it for every vector (bench/NOTES.md).
  ///
  /// @param side [#POINTS] or [#STEP]
  /// @param c the first of a vector's channels
  /// @param b receives six rows of as many vectors as there are columns
  private static void columns(Tensor t, int image, int h, int w, int side, int c, float[] b) {
    int height = t.shape().h();
    int width = t.shape().w();
    boolean above = h < 0;
    boolean below = h + side > height;
    // Of six rows the first and the last may be missing: each counts for one value alone.
    boolean whole = h + side <= height + (side == POINTS ? 1 : 0);
    if (!whole) {
      layOut(t, image, h, w, side, c, b);
    }
    float[] p = whole ? t.floats() : b;
    int pitch = whole ? t.pitch() : L;
    int row = whole ? width * pitch : side * L;
    int at = whole ? t.offset() + ((image * height + h) * width + w) * pitch + c : EDGE;
    int first = whole ? Math.max(0, -w) : 0;
    int end = whole ? Math.min(side, width - w) : side;
    int missing = whole && above ? row : 0;
    int last = whole && below ? 4 * row : 5 * row;
    float four = whole && above ? 0 : 4;
    float one = whole && below ? 0 : 1;
    for (int j = 0; j < side; j++, at += pitch) {
      if (j < first || j >= end) {
        for (int i = 0; i < POINTS; i++) {
          FloatVector.zero(F).intoArray(b, BETWEEN + (i * side + j) * L);
        }
      } else if (side == POINTS) {
        ofSix(p, at, row, at + missing, four, at + last, one, b, BETWEEN + j * L, POINTS * L);
      } else {
        ofFour(p, at, row, b, BETWEEN + j * L, STEP * L);
      }
    }
  }

  /// Copies a block's pixels behind the 36 vectors, zeros for those that do not exist.
  private static void layOut(Tensor t, int image, int h, int w, int side, int c, float[] b) {
    int height = t.shape().h();
    int width = t.shape().w();
    float[] p = t.floats();
    for (int i = 0, to = EDGE; i < side; i++) {
      int at = t.offset() + ((image * height + h + i) * width + w) * t.pitch() + c;
      for (int j = 0; j < side; j++, to += L, at += t.pitch()) {
        if (h + i >= 0 && h + i < height && w + j >= 0 && w + j < width) {
          FloatVector.fromArray(F, p, at).intoArray(b, to);
        } else {
          FloatVector.zero(F).intoArray(b, to);
        }
      }
    }
  }

  /// `Bᵀ x B` of the 6×6 pixels around a block, channel by channel, as rows of [InterleavedTile].
  ///
  /// @param h the block's first row
  /// @param w its first column
  /// @param between takes what comes in between
  /// @param out receives the 36 values of each channel
  static void ofX(Tensor x, int image, int h, int w, Between between, float[] out, int to) {
    float[] b = between.values;
    int channels = x.shape().c();
    for (int c = 0; c < channels; c += L, to += InterleavedTile.STEP) {
      columns(x, image, h - 1, w - 1, POINTS, c, b);
      for (int i = 0; i < POINTS; i++) {
        ofSix(b, BETWEEN + i * POINTS * L, L, out, to + i * POINTS * ROWS * L, ROWS * L);
      }
    }
  }

  /// The same of 6×6 vectors that lie one behind the other from [#EDGE] on.
  static void ofLaidOut(Between between, float[] out, int to) {
    float[] b = between.values;
    for (int j = 0; j < POINTS; j++) {
      ofSix(b, EDGE + j * L, POINTS * L, b, BETWEEN + j * L, POINTS * L);
    }
    for (int i = 0; i < POINTS; i++) {
      ofSix(b, BETWEEN + i * POINTS * L, L, out, to + i * POINTS * ROWS * L, ROWS * L);
    }
  }

  /// The same in panels of [Lanes#AR] channels.
  ///
  /// @param spacing distance between two of the 36 values
  /// @param panel distance of panels
  static void ofX(
      Tensor x,
      int image,
      int h,
      int w,
      Between between,
      float[] out,
      int to,
      int spacing,
      int panel) {
    float[] b = between.values;
    int channels = x.shape().c();
    for (int c = 0; c < channels; c += L) {
      columns(x, image, h - 1, w - 1, POINTS, c, b);
      int at = to + c / AR * panel + c % AR;
      for (int i = 0; i < POINTS; i++, at += POINTS * spacing) {
        ofSix(b, BETWEEN + i * POINTS * L, L, out, at, spacing);
      }
    }
  }

  private static void ofSix(float[] x, int at, int next, float[] out, int to, int spacing) {
    ofSix(x, at, next, at, 4, at + 5 * next, 1, out, to, spacing);
  }

  /// `Bᵀ x` of six vectors. No vector is handed from method to method: where C2 does not inline
  /// one, each would become an object.
  ///
  /// @param first where the first lies, and what it counts: 4, or 0 where there is none
  /// @param last where the last lies, and what it counts: 1, or 0 where there is none
  private static void ofSix(
      float[] x,
      int at,
      int next,
      int first,
      float four,
      int last,
      float one,
      float[] out,
      int to,
      int spacing) {
    FloatVector x1 = FloatVector.fromArray(F, x, at + next);
    FloatVector x2 = FloatVector.fromArray(F, x, at + 2 * next);
    FloatVector x3 = FloatVector.fromArray(F, x, at + 3 * next);
    FloatVector x4 = FloatVector.fromArray(F, x, at + 4 * next);
    FloatVector even = x2.fma(FloatVector.broadcast(F, -4), x4);
    FloatVector odd = x1.fma(FloatVector.broadcast(F, -4), x3);
    FloatVector rest = x2.fma(FloatVector.broadcast(F, -5), x4);
    FloatVector x0 = FloatVector.fromArray(F, x, first);
    x0.fma(FloatVector.broadcast(F, four), rest).intoArray(out, to);
    even.add(odd).intoArray(out, to + spacing);
    even.sub(odd).intoArray(out, to + 2 * spacing);
    FloatVector e = x4.sub(x2);
    FloatVector o = x3.sub(x1).mul(2);
    e.add(o).intoArray(out, to + 3 * spacing);
    e.sub(o).intoArray(out, to + 4 * spacing);
    FloatVector end = x1.fma(FloatVector.broadcast(F, 4), x3.mul(-5));
    FloatVector x5 = FloatVector.fromArray(F, x, last);
    x5.fma(FloatVector.broadcast(F, one), end).intoArray(out, to + 5 * spacing);
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
    float[] b = between.values;
    for (int c = 0; c < channels; c += L) {
      columns(dy, image, h, w, STEP, channel + c, b);
      int at = to + c / NR * panel + c % NR;
      for (int i = 0; i < POINTS; i++, at += POINTS * spacing) {
        ofFour(b, BETWEEN + i * STEP * L, L, out, at, spacing);
      }
    }
  }

  /// `A g` of four vectors.
  private static void ofFour(float[] g, int at, int next, float[] out, int to, int spacing) {
    FloatVector g0 = FloatVector.fromArray(F, g, at);
    FloatVector g1 = FloatVector.fromArray(F, g, at + next);
    FloatVector g2 = FloatVector.fromArray(F, g, at + 2 * next);
    FloatVector g3 = FloatVector.fromArray(F, g, at + 3 * next);
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
