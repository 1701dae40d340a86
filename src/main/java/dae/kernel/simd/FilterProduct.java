package dae.kernel.simd;

import static dae.kernel.simd.Lanes.F;
import static dae.kernel.simd.Lanes.L;
import static dae.kernel.simd.Lanes.NR;
import static dae.kernel.simd.Lanes.TILE;

import dae.kernel.Conv2dSpec;
import dae.kernel.Needs;
import dae.kernel.Workspace;
import dae.kernel.Write;
import dae.tensor.Tensor;
import jdk.incubator.vector.FloatVector;

/// The product that makes filters: `dw[tap][ic][oc] = Σ x[pixel under the tap][ic] · dy[pixel][oc]`, summed over all pixels whose tap
/// meets the image.
///
/// Lanes run along OC; a tile's rows are input channels; the long index are the pixels. Blocks of pixels are packed into panels of both
/// factors, which is a plain copy because channels are contiguous on both sides. A piece of work is a tap, a block of input channels and
/// a slice of the images. The slices' partial filters are added in their order at the end. Where a pixel has fewer channels than a tile
/// has rows (the image itself has 3), all taps together are treated as one whose channels are the whole patch, zeros where it leaves
/// the image.
final class FilterProduct implements Workers.Task {
  /// Pixels of a packed block: an A panel of 11 and a B panel of 32 columns, 192 deep, fit the first-level cache.
  private static final int BLOCK = 192;

  /// Rows of a piece: the packing of dy is shared by this many input channels.
  private static final int ROWS = 8 * 16;

  /// Pieces to aim for, and pixels that make a slice worthwhile.
  private static final int PIECES = 64;

  private static final int SLICE_PIXELS = 2048;

  /// Numbers added at a time when the slices are summed up.
  private static final int SUM_CHUNK = 4096;

  private final Conv2dSpec s;
  private final Workers workers;
  private final PixelPairs[] taps;
  private final int rows;
  private final int rowBlocks;
  private final int aFloats;
  private final int bFloats;
  private final float[][] tile;
  private final int[][] xAt;
  private final int[][] dyAt;
  private final Workers.Task addSlices = this::addSlices;

  private int n;
  private int slices;
  private Tensor x;
  private Tensor dy;
  private Tensor dw;
  private Write write;
  private float[] partial;
  private int partialAt;
  private boolean direct;

  FilterProduct(Conv2dSpec s, Workers workers) {
    this.s = s;
    this.workers = workers;
    boolean patch = s.ic() < TILE.panelRows;
    taps = patch ? new PixelPairs[] {PixelPairs.all(s)} : PixelPairs.perTap(s);
    rows = patch ? s.kh() * s.kw() * s.ic() : s.ic();
    rowBlocks = Math.ceilDiv(rows, ROWS);
    int rowsUp = Math.ceilDiv(Math.min(rows, ROWS), TILE.panelRows) * TILE.panelRows;
    aFloats = BLOCK * rowsUp + L;
    bFloats = BLOCK * Math.ceilDiv(s.oc(), NR) * NR;
    tile = new float[workers.count()][TILE.panelRows * NR];
    xAt = new int[workers.count()][BLOCK];
    dyAt = new int[workers.count()][BLOCK];
  }

  /// Scratch for the packed blocks of every worker and the partial filters of every slice.
  Needs needs(int capacity) {
    long most = 1;
    for (int n = 1; n <= capacity; n++) {
      most = Math.max(most, slices(n));
    }
    return new Needs(
        (long) workers.count() * (aFloats + bFloats) + most * s.w().size(), 0);
  }

  /// How many slices the images are cut into: follows from shape and n alone.
  private int slices(int n) {
    long pixels = (long) n * s.oh() * s.ow();
    int wanted = Math.ceilDiv(PIECES, taps.length * rowBlocks);
    return (int) Math.max(1, Math.min(Math.min(wanted, n), pixels / SLICE_PIXELS));
  }

  void run(int n, Tensor x, Tensor dy, Tensor dw, Write write, Workspace workspace) {
    this.n = n;
    this.x = x;
    this.dy = dy;
    this.dw = dw;
    this.write = write;
    slices = slices(n);
    Tensor scratch = workspace.scratch();
    packed = scratch.floats();
    packedAt = scratch.offset();
    direct = slices == 1 && write == Write.SET;
    partial = direct ? dw.floats() : packed;
    partialAt =
        direct ? dw.offset() : packedAt + workers.count() * (aFloats + bFloats);
    workers.run(taps.length * rowBlocks * slices, this);
    if (!direct) {
      workers.run(Math.ceilDiv(s.w().size(), SUM_CHUNK), addSlices);
    }
  }

  private float[] packed;
  private int packedAt;

  @Override
  public void run(int piece, int worker) {
    int slice = piece % slices;
    int rowBlock = piece / slices % rowBlocks;
    int tap = piece / slices / rowBlocks;
    PixelPairs pairs = taps[tap];
    int firstRow = rowBlock * ROWS;
    int rowCount = Math.min(ROWS, rows - firstRow);
    int out = partialAt + slice * s.w().size() + (tap * s.ic() + firstRow) * s.oc();
    int firstImage = (int) ((long) n * slice / slices);
    int lastImage = (int) ((long) n * (slice + 1) / slices);
    int from = firstImage * pairs.count();
    int to = lastImage * pairs.count();
    int aAt = packedAt + worker * (aFloats + bFloats);
    int bAt = aAt + aFloats;
    for (int k = from; k < to || k == from; k += BLOCK) {
      int length = Math.max(0, Math.min(BLOCK, to - k));
      pairs.locate(k, length, x, dy, xAt[worker], dyAt[worker]);
      packA(pairs, k, firstRow, rowCount, length, aAt, xAt[worker]);
      packB(length, bAt, dyAt[worker]);
      for (int oc = 0; oc < s.oc(); oc += NR) {
        for (int row = 0; row < rowCount; row += TILE.panelRows) {
          TILE.panels(
              packed, aAt + row * BLOCK, bAt + oc * BLOCK, length, tile[worker]);
          store(
              tile[worker], out + row * s.oc() + oc,
              Math.min(TILE.panelRows, rowCount - row), Math.min(NR, s.oc() - oc), k == from);
        }
      }
    }
  }

  /// A panel holds, pixel after pixel, [GemmTile#panelRows] channels. Whole vectors are copied; what is copied too much is overwritten
  /// by the next pixel or belongs to rows that are not stored.
  private void packA(
      PixelPairs pairs, int firstPair, int firstRow, int rowCount, int length, int aAt,
      int[] xAt) {
    float[] X = x.floats();
    int R = TILE.panelRows;
    if (taps.length == 1 && s.ic() < R) {
      pairs.patches(firstPair, length, x, packed, aAt, rowCount, R, BLOCK);
      return;
    }
    for (int row = 0; row < rowCount; row += R) {
      int to = aAt + row * BLOCK;
      for (int k = 0; k < length; k++) {
        int from = xAt[k] + firstRow + row;
        int at = to + k * R;
        if (from + R + L <= X.length) {
          for (int i = 0; i < R; i += L) {
            FloatVector.fromArray(F, X, from + i).intoArray(packed, at + i);
          }
        } else {
          System.arraycopy(X, from, packed, at, Math.min(R, rowCount - row));
        }
      }
    }
  }

  /// A panel holds, pixel after pixel, NR output channels, zeros beyond the last.
  private void packB(int length, int bAt, int[] dyAt) {
    float[] DY = dy.floats();
    for (int oc = 0; oc < s.oc(); oc += NR) {
      int to = bAt + oc * BLOCK;
      int count = Math.min(NR, s.oc() - oc);
      for (int k = 0; k < length; k++) {
        int from = dyAt[k] + oc;
        int at = to + k * NR;
        if (count == NR) {
          FloatVector.fromArray(F, DY, from).intoArray(packed, at);
          FloatVector.fromArray(F, DY, from + L).intoArray(packed, at + L);
        } else {
          for (int j = 0; j < NR; j++) {
            packed[at + j] = j < count ? DY[from + j] : 0;
          }
        }
      }
    }
  }

  private void store(float[] tile, int at, int rows, int columns, boolean set) {
    for (int i = 0; i < rows; i++) {
      int to = at + i * s.oc();
      int j = 0;
      for (; j + L <= columns; j += L) {
        FloatVector sum = FloatVector.fromArray(F, tile, i * NR + j);
        (set ? sum : sum.add(FloatVector.fromArray(F, partial, to + j)))
            .intoArray(partial, to + j);
      }
      for (; j < columns; j++) {
        partial[to + j] = set ? tile[i * NR + j] : tile[i * NR + j] + partial[to + j];
      }
    }
  }

  /// dw from the slices' partial filters, first to last.
  private void addSlices(int chunk, int worker) {
    int size = s.w().size();
    float[] DW = dw.floats();
    int to = Math.min(size, (chunk + 1) * SUM_CHUNK);
    int i = chunk * SUM_CHUNK;
    for (; i < to; i++) {
      float sum = partial[partialAt + i];
      for (int slice = 1; slice < slices; slice++) {
        sum += partial[partialAt + slice * size + i];
      }
      int at = dw.offset() + i;
      DW[at] = write == Write.SET ? sum : DW[at] + sum;
    }
  }
}
