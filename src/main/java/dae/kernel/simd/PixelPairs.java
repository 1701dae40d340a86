package dae.kernel.simd;

import dae.kernel.Conv2dSpec;
import dae.tensor.Tensor;

/// The pairs (pixel of x under a tap, pixel of dy) that a filter gradient sums over: for one tap those that meet the image, or for all
/// taps together every pixel of dy.
///
/// @param s the convolution
/// @param firstRow first row of y
/// @param rows rows of y
/// @param firstColumn first column of y
/// @param columns columns of y
/// @param kh the tap's row; 0 for all taps
/// @param kw the tap's column; 0 for all taps
record PixelPairs(
    Conv2dSpec s, int firstRow, int rows, int firstColumn, int columns, int kh, int kw) {

  /// All pixels of dy.
  static PixelPairs all(Conv2dSpec s) {
    return new PixelPairs(s, 0, s.oh(), 0, s.ow(), 0, 0);
  }

  /// One set per tap, in the order kh·KW + kw.
  static PixelPairs[] perTap(Conv2dSpec s) {
    PixelPairs[] taps = new PixelPairs[s.kh() * s.kw()];
    for (int kh = 0; kh < s.kh(); kh++) {
      int firstRow = first(s.padTop() - kh, s.stride());
      int rows = Math.max(0, last(s.ih() - 1 + s.padTop() - kh, s.stride(), s.oh()) - firstRow + 1);
      for (int kw = 0; kw < s.kw(); kw++) {
        int firstColumn = first(s.padLeft() - kw, s.stride());
        int columns =
            Math.max(
                0, last(s.iw() - 1 + s.padLeft() - kw, s.stride(), s.ow()) - firstColumn + 1);
        taps[kh * s.kw() + kw] =
            new PixelPairs(s, firstRow, rows, firstColumn, columns, kh, kw);
      }
    }
    return taps;
  }

  /// The first output o with o·stride ≥ from.
  private static int first(int from, int stride) {
    return Math.max(0, Math.ceilDiv(from, stride));
  }

  /// The last output o with o·stride ≤ to.
  private static int last(int to, int stride, int outputs) {
    return Math.min(outputs - 1, Math.floorDiv(to, stride));
  }

  /// Pairs in one image.
  int count() {
    return rows * columns;
  }

  /// Where the pixels of pairs `first …` lie, counted over the whole batch. For all taps together only dy's are located.
  void locate(int first, int length, Tensor x, Tensor dy, int[] xAt, int[] dyAt) {
    for (int k = 0; k < length; k++) {
      int pair = first + k;
      int image = pair / count();
      int oh = firstRow + pair % count() / columns;
      int ow = firstColumn + pair % columns;
      int ih = oh * s.stride() - s.padTop() + kh;
      int iw = ow * s.stride() - s.padLeft() + kw;
      xAt[k] = x.offset() + ((image * s.ih() + ih) * s.iw() + iw) * x.pitch();
      dyAt[k] = dy.offset() + ((image * s.oh() + oh) * s.ow() + ow) * dy.pitch();
    }
  }

  /// Packs the whole patches under pixels `first …` of dy: numbers (kh, kw, ic) are rows, zero outside of x.
  ///
  /// @param to receives panels of `panelRows` rows, `depth` pixels apart
  void patches(
      int first, int length, Tensor x, float[] to, int at, int rowCount, int panelRows,
      int depth) {
    float[] X = x.floats();
    for (int k = 0; k < length; k++) {
      int pair = first + k;
      int image = pair / count();
      int oh = pair % count() / columns;
      int ow = pair % columns;
      int row = 0;
      for (int i = 0; i < s.kh(); i++) {
        int ih = oh * s.stride() - s.padTop() + i;
        for (int j = 0; j < s.kw(); j++) {
          int iw = ow * s.stride() - s.padLeft() + j;
          boolean inside = ih >= 0 && ih < s.ih() && iw >= 0 && iw < s.iw();
          int from = x.offset() + ((image * s.ih() + ih) * s.iw() + iw) * x.pitch();
          for (int ic = 0; ic < s.ic(); ic++, row++) {
            to[at + (row / panelRows * depth + k) * panelRows + row % panelRows] =
                inside ? X[from + ic] : 0;
          }
        }
      }
    }
  }
}
