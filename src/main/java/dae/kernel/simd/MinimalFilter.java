package dae.kernel.simd;

import static dae.kernel.simd.Lanes.AR;
import static dae.kernel.simd.Lanes.F;
import static dae.kernel.simd.Lanes.L;
import static dae.kernel.simd.Lanes.MR;
import static dae.kernel.simd.Lanes.NR;
import static dae.kernel.simd.Lanes.SUM_ROWS;
import static dae.kernel.simd.Lanes.TILE;

import dae.kernel.Conv2dSpec;
import dae.kernel.Needs;
import dae.kernel.Workspace;
import dae.kernel.Write;
import dae.tensor.Tensor;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/// The filter gradient of a 3×3 convolution with stride 2, with 25 multiplications in the place of
/// 36.
///
/// Along one axis, with e = x's even and o its odd numbers, the taps' gradients are
///
/// `dw₀ = Σ e[i]·g[i]`, `dw₁ = Σ o[i]·g[i]`, `dw₂ = Σ e[i+1]·g[i]`.
///
/// Two neighbouring i of the first and the last of them take four multiplications, or three
/// (Winograd's minimal filtering F(2,2), S. Winograd, *Arithmetic Complexity of Computations*,
/// 1980):
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
/// packed panels whose long index are the 2×2 blocks. A rounding error is relative to the largest
/// number of a block, along each axis at most twice, where it was relative to each product.
///
/// A piece of work is some of dy's channels and a slice of the images. It goes through them in
/// rounds: what a round reads, packs and sums stays in the second-level cache.
final class MinimalFilter implements FilterProduct, Workers.Task {
  /// The 5 products along an axis: the number of x, counted from 4 times the block; the one that is
  /// taken off it, if any; the variant of dy (the first of two, both added, the second); the sum.
  private static final int[] PLUS = {0, 1, 2, 4, 3};

  private static final int[] MINUS = {2, -1, -1, 2, -1};
  private static final int[] DY = {0, 0, 1, 2, 2};
  private static final int[] SUM = {0, 3, 1, 2, 3};

  /// The sums t that make up each tap.
  private static final int[][] TAP = {{0, 1}, {3}, {1, 2}};

  /// Numbers that a round works on, 1.5 MB, and blocks at most (bench/NOTES.md).
  private static final int ROUND = 3 << 17;

  private static final int BLOCKS = 256;

  /// Channels of dy of a piece: they share the packed x.
  private static final int COLUMNS = 128;

  /// Pieces to aim for, blocks that make a slice worthwhile, and numbers of all slices' sums.
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
  private final int bufferFloats;
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
    return s.kh() == 3
        && s.kw() == 3
        && s.stride() == 2
        && s.padTop() == 0
        && s.padLeft() == 0
        && s.oh() % 2 == 0
        && s.ow() % 2 == 0
        && s.ih() == 2 * s.oh()
        && s.iw() == 2 * s.ow()
        && s.ic() >= MR
        && 25 * s.multiplyAdds() < 29 * s.realMultiplyAdds();
  }

  MinimalFilter(Conv2dSpec s, Workers workers) {
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
    bufferFloats = (s.iw() + 1) * rowPanels * AR + s.ow() * columnPanels * NR;
    packedFloats = 5 * rowPanels * rowPanel + 3 * columnPanels * columnPanel + L + bufferFloats;
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
  }

  @Override
  public void run(int piece, int worker) {
    int column = piece / slices * COLUMNS;
    int slice = piece % slices;
    int first = (int) ((long) blockRows * slice / slices);
    int last = (int) ((long) blockRows * (slice + 1) / slices);
    int at = packedAt + worker * packedFloats;
    for (int row = first; row < last; row += packRows) {
      int rows = Math.min(packRows, last - row);
      for (int product = 0; product < 5; product++) {
        packX(product, row, rows, at);
        if (product == 0 || DY[product] != DY[product - 1]) {
          packDy(product, row, rows, column, at);
        }
        int to = sumsAt + (slice * 16 + SUM[product] * 4) * sumFloats + column;
        multiply(rows * s.ow() / 2, column, row > first || product == 4, at, to);
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
            TILE.panels(scratch, a + row, b, length, add || product == 4, scratch, out, sumColumns);
          }
        }
      }
    }
  }

  /// Packs the five variants of some rows of x, each row first into a dense buffer.
  private void packX(int product, int row, int rows, int at) {
    int buffer = at + packedFloats - bufferFloats;
    int blocks = s.ow() / 2;
    int pitch = rowPanels * AR;
    Arrays.fill(scratch, buffer + s.iw() * pitch, buffer + (s.iw() + 1) * pitch, 0);
    for (int i = 0; i < rows; i++) {
      int image = (row + i) / (s.oh() / 2);
      int ih = (row + i) % (s.oh() / 2) * 4;
      int rowFloats = s.iw() * x.pitch();
      int first = x.offset() + (image * s.ih() + ih) * rowFloats;
      int plus = ih + PLUS[product] < s.ih() ? first + PLUS[product] * rowFloats : -1;
      int minus = MINUS[product] < 0 ? -1 : first + MINUS[product] * rowFloats;
      add(x, s.iw(), s.ic(), plus, minus, -1, buffer, pitch);
      for (int panel = 0; panel < rowPanels; panel++) {
        for (int j = 0; j < AR; j += L) {
          packX(buffer + panel * AR + j, at + panel * rowPanel + i * blocks * AR + j);
        }
      }
    }
  }

  /// The five variants along a row of x, after whose end there is a pixel of zeros.
  private void packX(int from, int at) {
    float[] p = scratch;
    int pitch = rowPanels * AR;
    int variant = rowPanels * rowPanel;
    int blocks = s.ow() / 2;
    FloatVector e0 = FloatVector.fromArray(F, p, from);
    for (int q = 0; q < blocks; q++) {
      int pixel = from + 4 * q * pitch;
      int to = at + q * AR;
      FloatVector e1 = FloatVector.fromArray(F, p, pixel + 2 * pitch);
      FloatVector e2 = FloatVector.fromArray(F, p, pixel + 4 * pitch);
      e0.sub(e1).intoArray(p, to);
      FloatVector.fromArray(F, p, pixel + pitch).intoArray(p, to + variant);
      e1.intoArray(p, to + 2 * variant);
      e2.sub(e1).intoArray(p, to + 3 * variant);
      FloatVector.fromArray(F, p, pixel + 3 * pitch).intoArray(p, to + 4 * variant);
      e0 = e2;
    }
  }

  /// Packs the three variants of some rows of dy, each row first into a dense buffer.
  private void packDy(int product, int row, int rows, int column, int at) {
    int buffer = at + packedFloats - s.ow() * columnPanels * NR;
    int blocks = s.ow() / 2;
    int panels = at + 5 * rowPanels * rowPanel;
    int columns = Math.min(COLUMNS, s.oc() - column);
    for (int i = 0; i < rows; i++) {
      int rowFloats = s.ow() * dy.pitch();
      int first = dy.offset() + 2 * (row + i) * rowFloats + column;
      int plus = DY[product] == 2 ? first + rowFloats : first;
      int second = DY[product] == 1 ? first + rowFloats : -1;
      add(dy, s.ow(), columns, plus, second, 1, buffer, columnPanels * NR);
      for (int panel = 0; panel * NR < columns; panel++) {
        for (int j = 0; j < NR; j += L) {
          packDy(buffer + panel * NR + j, panels + panel * columnPanel + i * blocks * NR + j);
        }
      }
    }
  }

  /// The three variants along a row of dy.
  private void packDy(int from, int at) {
    float[] p = scratch;
    int pitch = columnPanels * NR;
    int variant = columnPanels * columnPanel;
    int blocks = s.ow() / 2;
    for (int q = 0; q < blocks; q++) {
      int pixel = from + 2 * q * pitch;
      int to = at + q * NR;
      FloatVector g0 = FloatVector.fromArray(F, p, pixel);
      FloatVector g1 = FloatVector.fromArray(F, p, pixel + pitch);
      g0.intoArray(p, to);
      g0.add(g1).intoArray(p, to + variant);
      g1.intoArray(p, to + 2 * variant);
    }
  }

  /// One row of pixels plus or minus another; -1 stands for a row of zeros.
  private void add(
      Tensor t, int pixels, int channels, int first, int second, float sign, int to, int pitch) {
    float[] a = t.floats();
    FloatVector factor = FloatVector.broadcast(F, sign);
    for (int pixel = 0; pixel < pixels; pixel++) {
      int from = pixel * t.pitch();
      int at = to + pixel * pitch;
      int c = 0;
      for (; c <= channels - L; c += L) {
        FloatVector v =
            first < 0 ? FloatVector.zero(F) : FloatVector.fromArray(F, a, first + from + c);
        if (second >= 0) {
          v = FloatVector.fromArray(F, a, second + from + c).fma(factor, v);
        }
        v.intoArray(scratch, at + c);
      }
      for (; c < channels; c++) {
        float v = first < 0 ? 0 : a[first + from + c];
        scratch[at + c] = second < 0 ? v : v + sign * a[second + from + c];
      }
    }
  }

  /// A row of dw's input channels from the sums, slice after slice.
  private void combine(int ic, int worker) {
    float[] DW = dw.floats();
    int from = sumsAt + (ic / AR * SUM_ROWS + ic % AR) * sumColumns;
    for (int sum = from; sum < from + 16 * sumFloats; sum += sumFloats) {
      for (int slice = 1; slice < slices; slice++) {
        int at = sum + slice * 16 * sumFloats;
        for (int i = 0; i < s.oc(); i++) {
          scratch[sum + i] += scratch[at + i];
        }
      }
    }
    for (int tap = 0; tap < 9; tap++) {
      int to = dw.offset() + (tap * s.ic() + ic) * s.oc();
      boolean add = write == Write.ADD;
      for (int row : TAP[tap / 3]) {
        for (int column : TAP[tap % 3]) {
          int at = from + (row * 4 + column) * sumFloats;
          for (int i = 0; i < s.oc(); i++) {
            DW[to + i] = add ? DW[to + i] + scratch[at + i] : scratch[at + i];
          }
          add = true;
        }
      }
    }
  }
}
