package dae.kernel.simd;

import static dae.kernel.simd.ImageProduct.channels;
import static dae.kernel.simd.ImageProduct.finished;
import static dae.kernel.simd.Lanes.AR;
import static dae.kernel.simd.Lanes.F;
import static dae.kernel.simd.Lanes.L;
import static dae.kernel.simd.Lanes.LOW_TILE;
import static dae.kernel.simd.Lanes.NR;
import static dae.kernel.simd.Lanes.TILE;
import static dae.kernel.simd.WinogradTransform.NONE;
import static dae.kernel.simd.WinogradTransform.difference;
import static dae.kernel.simd.Workers.APART;

import dae.kernel.Activation;
import dae.kernel.Conv2dSpec;
import dae.kernel.Epilogue;
import dae.kernel.Needs;
import dae.kernel.Pass;
import dae.kernel.Workspace;
import dae.kernel.Write;
import dae.tensor.Shape;
import dae.tensor.Tensor;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/// A product that makes images, of a 3×3 convolution with stride 2, in Winograd's way: with 25
/// multiplications instead of 36.
///
/// Along one axis, two neighbouring targets that each see two sources through the same two taps
/// take three multiplications instead of four (minimal filtering F(2,2), S. Winograd, *Arithmetic
/// Complexity of Computations*, 1980; for convolutions Lavin & Gray 2016). Forwards, with e = x's
/// even and o its odd elements, `y[i] = e[i]·w₀ + o[i]·w₁ + e[i+1]·w₂`, and for every two y
///
/// ```
///   p₀ = (e[i] − e[i+1])·w₀ + o[i]·w₁            y[i]   = p₀ + p₂
///   p₁ = o[i+1]·w₁ + (e[i+2] − e[i+1])·w₂        y[i+1] = p₁ + p₂
///   p₂ = e[i+1]·(w₀ + w₂)
/// ```
///
/// In the input gradient `dx[2i] = g[i]·w₀ + g[i−1]·w₂` and `dx[2i+1] = g[i]·w₁`, and for every two
/// g
///
/// ```
///   p₀ = (g[i−1] − g[i])·w₂        dx[2i]   = p₀ + p₁
///   p₁ = g[i]·(w₀ + w₂)            dx[2i+1] = p₃
///   p₂ = (g[i+1] − g[i])·w₀        dx[2i+2] = p₁ + p₂
///   p₃ = g[i]·w₁                   dx[2i+3] = p₄
///   p₄ = g[i+1]·w₁
/// ```
///
/// Along both axes the products p are 3×3 or 5×5 for every block of 4×4 of the larger image, each a
/// plain matrix product of the tile: its rows are blocks, its long index runs over the channels of
/// the differences above, which are written down first. A rounding error is relative to the largest
/// value in a block, along each axis at most twice, where it was relative to each product.
///
/// A piece of work is a strip of blocks and all panels of target channels, or some where there are
/// fewer strips than threads or the filter is larger than the images; what it writes down stays in
/// the second-level cache.
final class WinogradImage implements ImageProduct, Workers.Task {
  private static final int LOWER = 1;
  private static final int RIGHT = 2;

  /// One axis. The filter is packed as w₀, w₁, w₂, w₀ + w₂.
  ///
  /// @param step sources of a block
  /// @param plus the source that each value is, counted from the block's first
  /// @param minus the source that is subtracted from it, or NONE
  /// @param value the first value that each p sums over
  /// @param filter and the filter that it meets
  /// @param length how many values meet as many filters
  /// @param sums the p that make up each target
  private record Axis(
      int step, int[] plus, int[] minus, int[] value, int[] filter, int[] length, int[][] sums) {}

  private static final Axis FORWARD =
      new Axis(
          4,
          WinogradTransform.PLUS,
          WinogradTransform.MINUS,
          new int[] {0, 2, 4},
          new int[] {0, 1, 3},
          new int[] {2, 2, 1},
          new int[][] {{0, 2}, {1, 2}});

  private static final Axis BACKWARD_INPUT =
      new Axis(
          2,
          new int[] {-1, 0, 1, 1},
          new int[] {0, NONE, 0, NONE},
          new int[] {0, 1, 2, 1, 3},
          new int[] {2, 3, 0, 1, 1},
          new int[] {1, 1, 1, 1, 1},
          new int[][] {{0, 1}, {3}, {1, 2}, {4}});

  private static final int[][] FILTERS = {{0}, {1}, {2}, {0, 2}};

  /// Channels of x times channels of y, below which writing the values down costs what they save.
  private static final int LEAST = 2 << 10;

  /// Height and width of y, below which too much of a block is padding.
  private static final int SMALL = 4;

  /// Floats that a strip writes down, 64 KB.
  private static final int STRIP = 1 << 14;

  private final Workers workers;
  private final FilterPacking packing;
  private final Axis axis;
  private final Shape sourceShape;
  private final Shape targetShape;
  private final int blockRows;
  private final int blockColumns;
  private final int pitch;
  private final int panels;
  private final int products;
  private final int stripTiles;
  private final int productsAt;
  private final int stripFloats;
  private final int[][] runAt;
  private final int[][] runLength;
  private final int[][] runPanel;
  private final int[][] rowAt;
  private final int[][] targetAt;
  private final int[][] outside;

  private int blocks;
  private int strips;
  private int groups;
  private Tensor source;
  private Tensor target;
  private Write write;
  private Epilogue epilogue;
  private Tensor packed;
  private float[] scratch;
  private int scratchAt;

  static boolean suits(Conv2dSpec s) {
    return WinogradTransform.suits(s)
        && Math.min(s.oh(), s.ow()) >= SMALL
        && s.ic() * s.oc() >= LEAST;
  }

  WinogradImage(Conv2dSpec s, Pass pass, Workers workers) {
    this.workers = workers;
    boolean forward = pass == Pass.FORWARD;
    axis = forward ? FORWARD : BACKWARD_INPUT;
    sourceShape = forward ? s.x() : s.y();
    targetShape = forward ? s.y() : s.x();
    blockRows = Math.ceilDiv(sourceShape.h(), axis.step);
    blockColumns = Math.ceilDiv(sourceShape.w(), axis.step);
    packing = new FilterPacking(s, forward, filters(), workers);
    panels = Math.ceilDiv(targetShape.c(), NR);
    int values = axis.plus.length;
    // A line more, so that a tile's rows do not all meet in the same set of the cache.
    pitch = values * values * sourceShape.c() + LINE;
    products = axis.value.length * axis.value.length;
    stripTiles = Math.max(1, STRIP / (TILE.rows * (pitch + products * NR)));
    int stripBlocks = stripTiles * TILE.rows;
    productsAt = stripBlocks * pitch;
    stripFloats = productsAt + stripBlocks * products * NR + APART;
    runAt = new int[products][];
    runLength = new int[products][];
    runPanel = new int[products][];
    for (int p = 0; p < products; p++) {
      runs(p, p / axis.value.length, p % axis.value.length);
    }
    rowAt = new int[workers.count()][TILE.rows];
    targetAt = new int[workers.count()][stripBlocks];
    outside = new int[workers.count()][stripBlocks];
  }

  private static int[][] filters() {
    int[][] taps = new int[FILTERS.length * FILTERS.length][];
    for (int f = 0; f < taps.length; f++) {
      int[] columns = FILTERS[f % FILTERS.length];
      taps[f] =
          Arrays.stream(FILTERS[f / FILTERS.length])
              .flatMap(row -> Arrays.stream(columns).map(column -> row * 3 + column))
              .toArray();
    }
    return taps;
  }

  /// What product p sums over: a run for each of its rows of values.
  private void runs(int p, int row, int column) {
    int runs = axis.length[row];
    runAt[p] = new int[runs];
    runLength[p] = new int[runs];
    runPanel[p] = new int[runs];
    for (int r = 0; r < runs; r++) {
      int value = (axis.value[row] + r) * axis.plus.length + axis.value[column];
      int filter = (axis.filter[row] + r) * FILTERS.length + axis.filter[column];
      runAt[p][r] = value * sourceShape.c();
      runLength[p][r] = axis.length[column] * sourceShape.c();
      runPanel[p][r] = filter * sourceShape.c() * NR;
    }
  }

  /// Scratch for every worker's strip, and the packed filter.
  @Override
  public Needs needs() {
    return new Needs((long) workers.count() * stripFloats, packing.floats());
  }

  @Override
  public void run(
      int n,
      Tensor source,
      Tensor w,
      Tensor target,
      Write write,
      Epilogue epilogue,
      Workspace workspace) {
    this.source = source;
    this.target = target;
    this.write = write;
    this.epilogue = epilogue;
    packed = workspace.derived();
    if (workspace.stale()) {
      packing.pack(w, packed);
    }
    scratch = workspace.scratch().floats();
    scratchAt = workspace.scratch().offset();
    blocks = n * blockRows * blockColumns;
    int tiles = Math.ceilDiv(blocks, TILE.rows);
    // Of the larger one, filter or images, every core reads a part.
    boolean heavy = packing.floats() > (long) n * sourceShape.size();
    int least = heavy ? Math.min(panels, workers.count()) : 1;
    int wanted = Math.min(tiles, Math.ceilDiv(workers.count(), least));
    strips = Math.max(Math.ceilDiv(tiles, stripTiles), wanted);
    groups = Math.max(least, Math.min(panels, Math.ceilDiv(workers.count(), strips)));
    workers.run(strips * groups, this);
    // A plan that is closed next should find nobody holding its array.
    scratch = null;
  }

  @Override
  public void run(int piece, int worker) {
    long tiles = Math.ceilDiv(blocks, TILE.rows);
    int strip = piece % strips;
    int first = (int) (tiles * strip / strips) * TILE.rows;
    int last = Math.min(blocks, (int) (tiles * (strip + 1) / strips) * TILE.rows);
    int at = scratchAt + worker * stripFloats;
    scratch[at + productsAt] =
        ImageProduct.fetch(
            source, pixel(first / blockColumns), pixel(Math.ceilDiv(last, blockColumns)));
    for (int block = first; block < last; block++) {
      transform(block, at + (block - first) * pitch);
      locate(block, block - first, worker);
    }
    int group = piece / strips;
    for (int panel = panels * group / groups; panel < panels * (group + 1) / groups; panel++) {
      multiply(last - first, panel, at, worker);
      store(last - first, panel * NR, at + productsAt, worker);
    }
  }

  /// The first pixel of a row of blocks.
  private int pixel(int row) {
    return (row / blockRows * sourceShape.h() + row % blockRows * axis.step) * sourceShape.w();
  }

  /// Notes where a block's first target lies, and which halves of it lie outside the image.
  private void locate(int block, int i, int worker) {
    int side = axis.sums.length;
    int row = block / blockColumns % blockRows * side;
    int column = block % blockColumns * side;
    int image = block / (blockRows * blockColumns);
    targetAt[worker][i] =
        target.offset()
            + ((image * targetShape.h() + row) * targetShape.w() + column) * target.pitch();
    outside[worker][i] =
        (row + side > targetShape.h() ? LOWER : 0) | (column + side > targetShape.w() ? RIGHT : 0);
  }

  /// Writes down the values that a block's products sum over.
  private void transform(int block, int to) {
    int image = block / (blockRows * blockColumns);
    int h = block / blockColumns % blockRows * axis.step;
    int w = block % blockColumns * axis.step;
    int c = sourceShape.c();
    int from = w * source.pitch();
    for (int i = 0; i < axis.plus.length; i++, to += axis.plus.length * c) {
      int plus = WinogradTransform.row(source, image, h, axis.plus[i]);
      int minus = WinogradTransform.row(source, image, h, axis.minus[i]);
      if (axis == FORWARD) {
        WinogradTransform.ofX(source, plus, minus, from, sourceShape.w() - w, scratch, to, c, AR);
      } else {
        ofDy(plus, minus, from, w > 0, w + 1 < sourceShape.w(), to);
      }
    }
  }

  /// Of two pixels g₀ g₁ and the one before: g₋₁ − g₀, g₀, g₁ − g₀, g₁.
  private void ofDy(int plus, int minus, int from, boolean left, boolean right, int to) {
    float[] p = source.floats();
    int c = sourceShape.c();
    int next = source.pitch();
    for (int i = from; i < from + c; i += L, to += L) {
      FloatVector before = left ? difference(p, plus, minus, i - next) : FloatVector.zero(F);
      FloatVector g0 = difference(p, plus, minus, i);
      FloatVector g1 = right ? difference(p, plus, minus, i + next) : FloatVector.zero(F);
      before.sub(g0).intoArray(scratch, to);
      g0.intoArray(scratch, to + c);
      g1.sub(g0).intoArray(scratch, to + 2 * c);
      g1.intoArray(scratch, to + 3 * c);
    }
  }

  /// All products of a strip's blocks with one panel.
  private void multiply(int rows, int panel, int at, int worker) {
    int[] rowAt = this.rowAt[worker];
    int b = packed.offset() + panel * packing.panelFloats();
    for (int p = 0; p < products; p++) {
      for (int first = 0; first < rows; first += TILE.rows) {
        GemmTile tile = rows - first <= LOW_TILE.rows ? LOW_TILE : TILE;
        for (int i = 0; i < tile.rows; i++) {
          rowAt[i] = at + Math.min(first + i, rows - 1) * pitch;
        }
        tile.rows(
            scratch,
            rowAt,
            runAt[p],
            runLength[p],
            runPanel[p],
            runAt[p].length,
            packed.floats(),
            b,
            scratch,
            at + productsAt + (p * stripTiles * TILE.rows + first) * NR,
            NR);
      }
    }
  }

  /// Sums up the products of each block's targets; epilogue and ADD on the way to memory. Nothing
  /// is handed from method to method: where C2 does not inline one, each vector would become an
  /// object.
  private void store(int count, int column, int from, int worker) {
    float[] y = target.floats(), p = scratch;
    int side = axis.sums.length;
    int next = stripTiles * TILE.rows * NR;
    int row = targetShape.w() * target.pitch();
    Activation f = epilogue.f();
    for (int c = column; c < Math.min(column + NR, targetShape.c()); c += L) {
      FloatVector scale = channels(epilogue.scale(), c, 1);
      FloatVector bias = channels(epilogue.bias(), c, 0);
      for (int block = 0; block < count; block++) {
        int rows = (outside[worker][block] & LOWER) != 0 ? side / 2 : side;
        int columns = (outside[worker][block] & RIGHT) != 0 ? side / 2 : side;
        for (int i = 0; i < rows; i++) {
          int[] terms = axis.sums[i];
          int at = from + block * NR + c - column + terms[0] * axis.value.length * next;
          FloatVector p0 = FloatVector.fromArray(F, p, at);
          FloatVector p1 = FloatVector.fromArray(F, p, at + next);
          FloatVector p2 = FloatVector.fromArray(F, p, at + 2 * next);
          FloatVector p3 = p0;
          FloatVector p4 = p0;
          if (axis == BACKWARD_INPUT) {
            p3 = FloatVector.fromArray(F, p, at + 3 * next);
            p4 = FloatVector.fromArray(F, p, at + 4 * next);
          }
          if (terms.length > 1) {
            at += (terms[1] - terms[0]) * axis.value.length * next;
            p0 = p0.add(FloatVector.fromArray(F, p, at));
            p1 = p1.add(FloatVector.fromArray(F, p, at + next));
            p2 = p2.add(FloatVector.fromArray(F, p, at + 2 * next));
            if (axis == BACKWARD_INPUT) {
              p3 = p3.add(FloatVector.fromArray(F, p, at + 3 * next));
              p4 = p4.add(FloatVector.fromArray(F, p, at + 4 * next));
            }
          }
          FloatVector y0 = finished(p0.add(axis == FORWARD ? p2 : p1), scale, bias, f);
          FloatVector y1 = finished(axis == FORWARD ? p1.add(p2) : p3, scale, bias, f);
          FloatVector y2 = finished(p1.add(p2), scale, bias, f);
          FloatVector y3 = finished(p4, scale, bias, f);
          int pitch = target.pitch();
          int to = targetAt[worker][block] + i * row + c;
          if (write == Write.ADD) {
            y0 = y0.add(FloatVector.fromArray(F, y, to));
            y1 = columns > 1 ? y1.add(FloatVector.fromArray(F, y, to + pitch)) : y1;
            y2 = columns > 2 ? y2.add(FloatVector.fromArray(F, y, to + 2 * pitch)) : y2;
            y3 = columns > 2 ? y3.add(FloatVector.fromArray(F, y, to + 3 * pitch)) : y3;
          }
          y0.intoArray(y, to);
          if (columns > 1) {
            y1.intoArray(y, to + pitch);
          }
          if (columns > 2) {
            y2.intoArray(y, to + 2 * pitch);
            y3.intoArray(y, to + 3 * pitch);
          }
        }
      }
    }
  }
}
