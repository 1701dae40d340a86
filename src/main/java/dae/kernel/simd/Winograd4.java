package dae.kernel.simd;

import static dae.kernel.simd.Lanes.AR;
import static dae.kernel.simd.Lanes.F;
import static dae.kernel.simd.Lanes.L;
import static dae.kernel.simd.Lanes.NR;

import dae.kernel.Conv2dSpec;
import dae.tensor.Tensor;
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

  /// Floats that a transform writes in between.
  static final int BETWEEN = PRODUCTS * L;

  /// Stands for a row that does not exist: its pixels count as zero.
  private static final int NONE = Integer.MIN_VALUE;

  private Winograd4() {}

  /// Channels on either side, below which the transforms cost what they save.
  private static final int FEWEST = 16;

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
    return ImageProduct.fetch(
        t, pixel(t, rows, first / columns), pixel(t, rows, Math.ceilDiv(last, columns)));
  }

  /// The first pixel of a row of blocks.
  private static int pixel(Tensor t, int rows, int row) {
    return (row / rows * t.shape().h() + row % rows * STEP) * t.shape().w();
  }

  /// Where row h of an image lies; NONE above it and below it.
  private static int row(Tensor t, int image, int h) {
    return h < 0 || h >= t.shape().h()
        ? NONE
        : t.offset() + (image * t.shape().h() + h) * t.shape().w() * t.pitch();
  }

  private static FloatVector load(float[] p, int row, int at) {
    return row == NONE ? FloatVector.zero(F) : FloatVector.fromArray(F, p, row + at);
  }

  /// `Bᵀ x B` of the 6×6 pixels around a block, channel by channel; outside of the image they are
  /// zero.
  ///
  /// @param h the block's first row
  /// @param w its first column
  /// @param between takes what comes in between
  /// @param out receives the 36 values of each channel
  /// @param spacing distance between two of them
  /// @param panel distance of [Lanes#AR] channels
  static void ofX(
      Tensor x,
      int image,
      int h,
      int w,
      float[] between,
      float[] out,
      int to,
      int spacing,
      int panel) {
    float[] p = x.floats();
    int r0 = row(x, image, h - 1);
    int r1 = row(x, image, h);
    int r2 = row(x, image, h + 1);
    int r3 = row(x, image, h + 2);
    int r4 = row(x, image, h + 3);
    int r5 = row(x, image, h + 4);
    int width = x.shape().w();
    int pitch = x.pitch();
    int channels = x.shape().c();
    for (int c = 0; c < channels; c += L) {
      for (int j = 0; j < POINTS; j++) {
        int column = w - 1 + j;
        int at = column * pitch + c;
        boolean inside = column >= 0 && column < width;
        FloatVector x0 = load(p, inside ? r0 : NONE, at);
        FloatVector x1 = load(p, inside ? r1 : NONE, at);
        FloatVector x2 = load(p, inside ? r2 : NONE, at);
        FloatVector x3 = load(p, inside ? r3 : NONE, at);
        FloatVector x4 = load(p, inside ? r4 : NONE, at);
        FloatVector x5 = load(p, inside ? r5 : NONE, at);
        ofSix(x0, x1, x2, x3, x4, x5, between, j * L, POINTS * L);
      }
      int at = to + c / AR * panel + c % AR;
      for (int i = 0; i < BETWEEN; i += POINTS * L, at += POINTS * spacing) {
        FloatVector x0 = FloatVector.fromArray(F, between, i);
        FloatVector x1 = FloatVector.fromArray(F, between, i + L);
        FloatVector x2 = FloatVector.fromArray(F, between, i + 2 * L);
        FloatVector x3 = FloatVector.fromArray(F, between, i + 3 * L);
        FloatVector x4 = FloatVector.fromArray(F, between, i + 4 * L);
        FloatVector x5 = FloatVector.fromArray(F, between, i + 5 * L);
        ofSix(x0, x1, x2, x3, x4, x5, out, at, spacing);
      }
    }
  }

  /// `Bᵀ x`.
  private static void ofSix(
      FloatVector x0,
      FloatVector x1,
      FloatVector x2,
      FloatVector x3,
      FloatVector x4,
      FloatVector x5,
      float[] out,
      int at,
      int spacing) {
    FloatVector four = FloatVector.broadcast(F, 4);
    FloatVector two = FloatVector.broadcast(F, 2);
    FloatVector minusFour = FloatVector.broadcast(F, -4);
    FloatVector minusFive = FloatVector.broadcast(F, -5);
    FloatVector even = x2.fma(minusFour, x4);
    FloatVector odd = x1.fma(minusFour, x3);
    x0.fma(four, x2.fma(minusFive, x4)).intoArray(out, at);
    even.add(odd).intoArray(out, at + spacing);
    even.sub(odd).intoArray(out, at + 2 * spacing);
    FloatVector e = x4.sub(x2);
    FloatVector o = x3.sub(x1).mul(two);
    e.add(o).intoArray(out, at + 3 * spacing);
    e.sub(o).intoArray(out, at + 4 * spacing);
    x1.fma(four, x3.fma(minusFive, x5)).intoArray(out, at + 5 * spacing);
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
      float[] between,
      float[] out,
      int to,
      int spacing,
      int panel) {
    float[] g = dy.floats();
    int r0 = row(dy, image, h);
    int r1 = row(dy, image, h + 1);
    int r2 = row(dy, image, h + 2);
    int r3 = row(dy, image, h + 3);
    int pitch = dy.pitch();
    int columns = dy.shape().w() - w;
    for (int c = 0; c < channels; c += L) {
      for (int j = 0; j < STEP; j++) {
        int at = (w + j) * pitch + channel + c;
        FloatVector g0 = load(g, j < columns ? r0 : NONE, at);
        FloatVector g1 = load(g, j < columns ? r1 : NONE, at);
        FloatVector g2 = load(g, j < columns ? r2 : NONE, at);
        FloatVector g3 = load(g, j < columns ? r3 : NONE, at);
        ofFour(g0, g1, g2, g3, between, j * L, STEP * L);
      }
      int at = to + c / NR * panel + c % NR;
      for (int i = 0; i < POINTS * STEP * L; i += STEP * L, at += POINTS * spacing) {
        FloatVector g0 = FloatVector.fromArray(F, between, i);
        FloatVector g1 = FloatVector.fromArray(F, between, i + L);
        FloatVector g2 = FloatVector.fromArray(F, between, i + 2 * L);
        FloatVector g3 = FloatVector.fromArray(F, between, i + 3 * L);
        ofFour(g0, g1, g2, g3, out, at, spacing);
      }
    }
  }

  /// `A g`.
  private static void ofFour(
      FloatVector g0,
      FloatVector g1,
      FloatVector g2,
      FloatVector g3,
      float[] out,
      int at,
      int spacing) {
    FloatVector four = FloatVector.broadcast(F, 4);
    FloatVector even = g0.add(g2);
    FloatVector odd = g1.add(g3);
    g0.intoArray(out, at);
    even.add(odd).intoArray(out, at + spacing);
    even.sub(odd).intoArray(out, at + 2 * spacing);
    FloatVector e = g2.fma(four, g0);
    FloatVector o = g3.fma(four, g1).mul(2);
    e.add(o).intoArray(out, at + 3 * spacing);
    e.sub(o).intoArray(out, at + 4 * spacing);
    g3.intoArray(out, at + 5 * spacing);
  }
}
