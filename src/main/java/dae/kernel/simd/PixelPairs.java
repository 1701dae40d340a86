package dae.kernel.simd;

import dae.kernel.Conv2dSpec;
import dae.tensor.Tensor;

/// The pairs (pixel of x, pixel of dy) that one tap's filter gradient sums over: those pixels of dy
/// whose tap meets the image.
final class PixelPairs {
  private final Conv2dSpec s;
  private final int kh;
  private final int kw;
  private final int firstRow;
  private final int rows;
  private final int firstColumn;
  private final int columns;

  private PixelPairs(Conv2dSpec s, int kh, int kw) {
    this.s = s;
    this.kh = kh;
    this.kw = kw;
    firstRow = first(s.padTop() - kh, s.stride());
    rows = extent(firstRow, s.ih() - 1 + s.padTop() - kh, s.stride(), s.oh());
    firstColumn = first(s.padLeft() - kw, s.stride());
    columns = extent(firstColumn, s.iw() - 1 + s.padLeft() - kw, s.stride(), s.ow());
  }

  /// Those of every tap, in the order kh·KW + kw.
  static PixelPairs[] of(Conv2dSpec s) {
    PixelPairs[] taps = new PixelPairs[s.kh() * s.kw()];
    for (int tap = 0; tap < taps.length; tap++) {
      taps[tap] = new PixelPairs(s, tap / s.kw(), tap % s.kw());
    }
    return taps;
  }

  /// The first output o with o·stride ≥ from.
  private static int first(int from, int stride) {
    return Math.max(0, Math.ceilDiv(from, stride));
  }

  /// How many outputs o, from the first on, have o·stride ≤ to.
  private static int extent(int first, int to, int stride, int outputs) {
    return Math.max(0, Math.min(outputs - 1, Math.floorDiv(to, stride)) - first + 1);
  }

  /// Where the pairs of some rows of dy lie.
  ///
  /// @param from first row of dy, counted over the whole batch
  /// @param to end of the rows
  /// @param xAt receives where the pixels of x start
  /// @param dyAt receives where the pixels of dy start
  /// @return how many pairs
  int locate(int from, int to, Tensor x, Tensor dy, int[] xAt, int[] dyAt) {
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
}
