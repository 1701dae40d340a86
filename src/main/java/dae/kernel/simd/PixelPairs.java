package dae.kernel.simd;

import dae.kernel.Conv2dSpec;
import dae.tensor.Tensor;

/// The pairs (numbers of x under a tap, pixel of dy) that one part of a filter gradient sums over:
/// those pixels of dy whose tap meets the image. A part is one tap, or, where x is dense and has
/// few channels, a whole row of taps: its numbers in x are neighbours too. Then pixels at the left
/// and right edge have taps outside of the image, which count as zero.
final class PixelPairs {
  private static final int WHOLE = -1;

  private final Conv2dSpec s;
  private final int kh;
  private final int kw;
  private final int taps;
  private final int firstRow;
  private final int rows;
  private final int firstColumn;
  private final int columns;

  private PixelPairs(Conv2dSpec s, int kh, int kw, int taps) {
    this.s = s;
    this.kh = kh;
    this.kw = kw;
    this.taps = taps;
    firstRow = first(s.padTop() - kh, s.stride());
    rows = extent(firstRow, s.ih() - 1 + s.padTop() - kh, s.stride(), s.oh());
    if (taps == 1) {
      firstColumn = first(s.padLeft() - kw, s.stride());
      columns = extent(firstColumn, s.iw() - 1 + s.padLeft() - kw, s.stride(), s.ow());
    } else {
      firstColumn = 0;
      columns = s.ow();
    }
  }

  /// One part per tap, in the order kh·KW + kw.
  static PixelPairs[] perTap(Conv2dSpec s) {
    PixelPairs[] parts = new PixelPairs[s.kh() * s.kw()];
    for (int part = 0; part < parts.length; part++) {
      parts[part] = new PixelPairs(s, part / s.kw(), part % s.kw(), 1);
    }
    return parts;
  }

  /// One part per row of taps.
  static PixelPairs[] perRow(Conv2dSpec s) {
    PixelPairs[] parts = new PixelPairs[s.kh()];
    for (int kh = 0; kh < parts.length; kh++) {
      parts[kh] = new PixelPairs(s, kh, 0, s.kw());
    }
    return parts;
  }

  /// The first output o with o·stride ≥ from.
  private static int first(int from, int stride) {
    return Math.max(0, Math.ceilDiv(from, stride));
  }

  /// How many outputs o, from the first on, have o·stride ≤ to.
  private static int extent(int first, int to, int stride, int outputs) {
    return Math.max(0, Math.min(outputs - 1, Math.floorDiv(to, stride)) - first + 1);
  }

  /// Numbers of x in a pair.
  int channels() {
    return taps * s.ic();
  }

  /// Where the pairs of some rows of dy lie.
  ///
  /// @param from first row of dy, counted over the whole batch
  /// @param to end of the rows
  /// @param xAt receives where the numbers of x start
  /// @param edge receives -1 where all of them are inside of the image, else what [#take] needs
  /// @param dyAt receives where the pixels of dy start
  /// @return how many pairs
  int locate(int from, int to, Tensor x, Tensor dy, int[] xAt, int[] edge, int[] dyAt) {
    int k = 0;
    int image = from / s.oh();
    int oh = from % s.oh();
    for (int row = from; row < to; row++) {
      if (oh >= firstRow && oh < firstRow + rows) {
        int ih = oh * s.stride() - s.padTop() + kh;
        int xRow = x.offset() + (image * s.ih() + ih) * s.iw() * x.pitch();
        int dyRow = dy.offset() + row * s.ow() * dy.pitch();
        for (int ow = firstColumn; ow < firstColumn + columns; ow++, k++) {
          int iw = ow * s.stride() - s.padLeft() + kw;
          xAt[k] = xRow + iw * x.pitch();
          edge[k] = iw >= 0 && iw + taps <= s.iw() ? WHOLE : iw + taps;
          dyAt[k] = dyRow + ow * dy.pitch();
        }
      }
      if (++oh == s.oh()) {
        oh = 0;
        image++;
      }
    }
    return k;
  }

  /// Number `channel` of a pair at the edge: zero where its tap lies outside.
  float take(float[] X, int xAt, int edge, int channel) {
    int iw = edge - taps + channel / s.ic();
    return edge == WHOLE || iw >= 0 && iw < s.iw() ? X[xAt + channel] : 0;
  }
}
