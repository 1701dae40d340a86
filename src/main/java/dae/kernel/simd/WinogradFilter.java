package dae.kernel.simd;

import static dae.kernel.simd.Lanes.AR;
import static dae.kernel.simd.Lanes.F;
import static dae.kernel.simd.Lanes.L;
import static dae.kernel.simd.Lanes.MR;
import static dae.kernel.simd.Lanes.NR;
import static dae.kernel.simd.Lanes.SUM_ROWS;
import static dae.kernel.simd.Lanes.TILE;
import static dae.kernel.simd.WinogradTransform.NONE;
import static dae.kernel.simd.Workers.APART;

import dae.kernel.Conv2dSpec;
import dae.kernel.Needs;
import dae.kernel.Workspace;
import dae.kernel.Write;
import dae.tensor.Tensor;
import jdk.incubator.vector.FloatVector;

/// The filter gradient of a 3×3 convolution with stride 2, in Winograd's way: with 25
/// multiplications instead of 36.
///
/// Along one axis, with e = x's even and o its odd elements, the taps' gradients are
///
/// `dw₀ = Σ e[i]·g[i]`, `dw₁ = Σ o[i]·g[i]`, `dw₂ = Σ e[i+1]·g[i]`.
///
/// Two neighbouring i of the first and the last of them take four multiplications, or three
/// (minimal filtering, see [WinogradImage]):
///
/// ```
///   t₀ = (e[i] − e[i+1])·g[i]          dw₀ += t₀ + t₁
///   t₁ = e[i+1]·(g[i] + g[i+1])        dw₂ += t₁ + t₂
///   t₂ = (e[i+2] − e[i+1])·g[i+1]      dw₁ += t₃
///   t₃ = o[i]·g[i] + o[i+1]·g[i+1]
/// ```
///
/// The sums t run over all pixels, so dw is put together from them once at the end. Along both axes
/// these are 5×5 products of 4×4 sums for every 2×2 pixels of dy, each a plain matrix product of
/// packed panels whose long index runs over the 2×2 blocks. A rounding error is relative to the
/// largest value in a block, along each axis at most twice, where it was relative to each product.
///
/// A piece of work is some of dy's channels and a slice of the images. It goes through them in
/// rounds: what a round reads, packs and sums stays in the second-level cache.
final class WinogradFilter implements FilterProduct, Workers.Task {
  /// The 5 products along an axis, one for each of x's five values: the variant of dy (the first of
  /// two, the second, both added); the sum.
  private static final int[] DY = {0, 0, 1, 1, 2};

  private static final int[] SUM = {0, 3, 3, 2, 1};

  /// The product that continues the sum of the one before it.
  private static final int MORE = 2;

  /// The sums t that make up each tap.
  private static final int[][] TAP = {{0, 1}, {3}, {1, 2}};

  /// Floats that a round works on, 1.5 MB, and blocks at most (bench/NOTES.md).
  private static final int ROUND = 3 << 17;

  private static final int BLOCKS = 256;

  /// Channels of dy of a piece: they share the packed x.
  private static final int COLUMNS = 192;

  /// Pieces to aim for, blocks that make a slice worthwhile, and floats of all slices' sums.
  private static final int PIECES = 16;

  private static final int SLICE_BLOCKS = 256;
  private static final int SUMS = 1 << 22;

  private final Conv2dSpec s;
  private final Workers workers;
  private final int rowPanels;
  private final int columnGroups;
  private final int columnPanels;
  private final int sumColumns;
  private final int sumFloats;
  private final int packRows;
  private final int rowPanel;
  private final int columnPanel;
  private final int packedFloats;
  private final Workers.Task combine = this::combine;

  private int blockRows;
  private int slices;
  private Tensor x;
  private Tensor dy;
  private Tensor dw;
  private Write write;
  private float[] scratch;
  private int packedAt;
  private int sumsAt;

  static boolean suits(Conv2dSpec s) {
    return WinogradTransform.suits(s)
        && s.oh() % 2 == 0
        && s.ow() % 2 == 0
        && s.ic() >= MR
        && 25 * s.multiplyAdds() < 32 * s.realMultiplyAdds();
  }

  WinogradFilter(Conv2dSpec s, Workers workers) {
    this.s = s;
    this.workers = workers;
    int columns = Math.min(COLUMNS, s.oc());
    rowPanels = Math.ceilDiv(s.ic(), AR);
    columnGroups = Math.ceilDiv(s.oc(), COLUMNS);
    columnPanels = Math.ceilDiv(columns, NR);
    sumColumns = Math.ceilDiv(s.oc(), NR) * NR;
    sumFloats = rowPanels * SUM_ROWS * sumColumns;
    int floats = 16 * s.ic() + 4 * columns + 5 * rowPanels * AR + 3 * columnPanels * NR;
    packRows = Math.max(1, Math.min(BLOCKS, ROUND / floats) / (s.ow() / 2));
    rowPanel = packRows * s.ow() / 2 * AR;
    columnPanel = packRows * s.ow() / 2 * NR;
    packedFloats = 5 * rowPanels * rowPanel + 3 * columnPanels * columnPanel + APART;
  }

  /// Follows from shape and n alone, and grows with n.
  private int slices(int n) {
    long most = Math.min(n * s.oh() / 2, (long) n * s.oh() * s.ow() / 4 / SLICE_BLOCKS);
    int wanted = Math.min(Math.ceilDiv(PIECES, columnGroups), SUMS / (16 * sumFloats));
    return (int) Math.max(1, Math.min(most, wanted));
  }

  /// Scratch for every worker's packed panels and every slice's 4×4 sums.
  @Override
  public Needs needs(int capacity) {
    long sums = (long) slices(capacity) * 16 * sumFloats;
    return new Needs((long) workers.count() * packedFloats + sums, 0);
  }

  @Override
  public void run(int n, Tensor x, Tensor dy, Tensor dw, Write write, Workspace workspace) {
    this.x = x;
    this.dy = dy;
    this.dw = dw;
    this.write = write;
    blockRows = n * s.oh() / 2;
    slices = slices(n);
    scratch = workspace.scratch().floats();
    packedAt = workspace.scratch().offset();
    sumsAt = packedAt + workers.count() * packedFloats;
    workers.run(columnGroups * slices, this);
    workers.run(s.ic(), combine);
    // A plan that is closed next should find nobody holding its array.
    scratch = null;
  }

  @Override
  public void run(int piece, int worker) {
    int column = piece % columnGroups * COLUMNS;
    int slice = piece / columnGroups;
    int first = (int) ((long) blockRows * slice / slices);
    int last = (int) ((long) blockRows * (slice + 1) / slices);
    int at = packedAt + worker * packedFloats;
    for (int row = first; row < last; row += packRows) {
      int rows = Math.min(packRows, last - row);
      scratch[at] = ImageProduct.fetch(x, row * 4 * s.iw(), (row + rows) * 4 * s.iw());
      scratch[at] += ImageProduct.fetch(dy, row * 2 * s.ow(), (row + rows) * 2 * s.ow());
      for (int product = 0; product < 5; product++) {
        packX(product, row, rows, at);
        if (product == 0 || DY[product] != DY[product - 1]) {
          packDy(product, row, rows, column, at);
        }
        int to = sumsAt + (slice * 16 + SUM[product] * 4) * sumFloats + column;
        multiply(rows * s.ow() / 2, column, row > first || product == MORE, at, to);
      }
    }
  }

  private void multiply(int length, int column, boolean add, int at, int to) {
    for (int panel = 0; panel * NR < Math.min(COLUMNS, s.oc() - column); panel++) {
      for (int product = 0; product < 5; product++) {
        int b = at + 5 * rowPanels * rowPanel + (DY[product] * columnPanels + panel) * columnPanel;
        int out = to + SUM[product] * sumFloats + panel * NR;
        for (int group = 0; group < rowPanels; group++) {
          int a = at + (product * rowPanels + group) * rowPanel;
          for (int row = 0; row < AR; row += MR, out += MR * sumColumns) {
            TILE.panels(
                scratch,
                a + row,
                scratch,
                b,
                length,
                add || product == MORE,
                scratch,
                out,
                sumColumns);
          }
        }
      }
    }
  }

  /// Packs the five variants of some rows of x.
  private void packX(int product, int row, int rows, int at) {
    int variant = rowPanels * rowPanel;
    int to = at;
    for (int i = row; i < row + rows; i++) {
      int image = i / (s.oh() / 2);
      int h = i % (s.oh() / 2) * 4;
      int plus = WinogradTransform.row(x, image, h, WinogradTransform.PLUS[product]);
      int minus = WinogradTransform.row(x, image, h, WinogradTransform.MINUS[product]);
      for (int w = 0; w < s.iw(); w += 4, to += AR) {
        int from = w * x.pitch();
        WinogradTransform.ofX(x, plus, minus, from, s.iw() - w, scratch, to, variant, rowPanel);
      }
    }
  }

  /// Packs the three variants of some rows of dy.
  private void packDy(int product, int row, int rows, int column, int at) {
    int rowFloats = s.ow() * dy.pitch();
    int to = at + 5 * rowPanels * rowPanel;
    for (int i = row; i < row + rows; i++) {
      int first = dy.offset() + 2 * i * rowFloats + column;
      int plus = DY[product] == 1 ? first + rowFloats : first;
      int more = DY[product] == 2 ? first + rowFloats : NONE;
      for (int w = 0; w < s.ow(); w += 2, to += NR) {
        ofDy(plus, more, w * dy.pitch(), Math.min(COLUMNS, s.oc() - column), to);
      }
    }
  }

  /// The three variants of two pixels of a row of dy, or of the sum of two rows.
  private void ofDy(int plus, int more, int from, int columns, int to) {
    float[] g = dy.floats();
    int variant = columnPanels * columnPanel;
    for (int c = 0; c < columns; c += L) {
      int first = from + c;
      int second = first + dy.pitch();
      FloatVector g0 = FloatVector.fromArray(F, g, plus + first);
      FloatVector g1 = FloatVector.fromArray(F, g, plus + second);
      if (more != NONE) {
        g0 = g0.add(FloatVector.fromArray(F, g, more + first));
        g1 = g1.add(FloatVector.fromArray(F, g, more + second));
      }
      int at = to + c / NR * columnPanel + c % NR;
      g0.intoArray(scratch, at);
      g1.intoArray(scratch, at + variant);
      g0.add(g1).intoArray(scratch, at + 2 * variant);
    }
  }

  /// A row of dw's input channels from the sums, slice after slice.
  private void combine(int ic, int worker) {
    float[] DW = dw.floats(), t = scratch;
    int from = sumsAt + (ic / AR * SUM_ROWS + ic % AR) * sumColumns;
    for (int sum = from; sum < from + 16 * sumFloats; sum += sumFloats) {
      for (int c = sum; c < sum + s.oc(); c += L) {
        FloatVector v = FloatVector.fromArray(F, t, c);
        for (int slice = 1; slice < slices; slice++) {
          v = v.add(FloatVector.fromArray(F, t, c + slice * 16 * sumFloats));
        }
        v.intoArray(t, c);
      }
    }
    for (int tap = 0; tap < 9; tap++) {
      int to = dw.offset() + (tap * s.ic() + ic) * s.oc();
      boolean add = write == Write.ADD;
      for (int row : TAP[tap / 3]) {
        for (int column : TAP[tap % 3]) {
          int at = from + (row * 4 + column) * sumFloats;
          for (int i = 0; i < s.oc(); i += L) {
            FloatVector v = FloatVector.fromArray(F, t, at + i);
            if (add) {
              v = v.add(FloatVector.fromArray(F, DW, to + i));
            }
            v.intoArray(DW, to + i);
          }
          add = true;
        }
      }
    }
  }
}
