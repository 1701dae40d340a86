package dae.kernel.simd;

import static dae.kernel.simd.Lanes.AR;
import static dae.kernel.simd.Lanes.F;
import static dae.kernel.simd.Lanes.L;
import static dae.kernel.simd.Lanes.MR;
import static dae.kernel.simd.Lanes.NR;
import static dae.kernel.simd.Lanes.TILE;
import static dae.kernel.simd.SimdBackend.ORIGIN;
import static dae.kernel.simd.Workers.APART;

import dae.kernel.Conv2dSpec;
import dae.kernel.Needs;
import dae.kernel.Workspace;
import dae.kernel.Write;
import dae.tensor.Tensor;
import jdk.incubator.vector.FloatVector;

/// The product that makes filters, tap by tap: `dw[tap][ic][oc] = Σ x[pixel under the tap][ic] ·
/// dy[pixel][oc]`, summed over all pixels whose tap meets the image.
///
/// Lanes run along OC; a tile's rows are input channels; the long index runs over the pixels.
/// Blocks of pixels are packed into panels of both factors, which is a plain copy because channels
/// are contiguous on both sides. A piece of work is some of the taps, a block of input channels and
/// a slice of the images. The slices' partial filters are added in their order at the end.
final class DirectFilter implements FilterProduct, Workers.Task {
  /// Pixels of a packed block: an A panel of 11 and a B panel of 32 columns, 192 deep, fit the
  /// first-level cache. A block is some whole rows of dy, so that all taps of a piece find the same
  /// pixels in the second-level cache.
  private static final int BLOCK = 192;

  /// Floats of the filter that a piece works on, 512 KB of the second-level cache: all taps where
  /// they are small.
  private static final int FILTER = 1 << 17;

  /// Rows of a piece: the packing of dy is shared by this many input channels.
  private static final int ROWS = 8 * 16;

  /// Pieces to aim for, and how many there must be before taps are taken together.
  private static final int PIECES = 64;

  private static final int FEWEST_PIECES = 16;

  /// Pixels that make a slice worthwhile.
  private static final int SLICE_PIXELS = 1024;

  /// Floats added at a time when the slices are summed up.
  private static final int SUM_CHUNK = 4096;

  private final Conv2dSpec s;
  private final Workers workers;
  private final int filterFloats;
  private final PixelPairs[] taps;
  private final int rowBlocks;
  private final int blockRows;
  private final int block;
  private final int aFloats;
  private final int packedFloats;
  private final float[][] tile;
  private final int[][] xAt;
  private final int[][] dyAt;
  private final Workers.Task addSlices = this::addSlices;

  private int n;
  private int tapsPerPiece;
  private int groups;
  private int slices;
  private Tensor x;
  private Tensor dy;
  private Tensor dw;
  private Write write;
  private float[] packed;
  private int packedAt;
  private float[] partial;
  private int partialAt;

  DirectFilter(Conv2dSpec s, Workers workers) {
    this.s = s;
    this.workers = workers;
    filterFloats = s.w().size();
    taps = PixelPairs.of(s);
    blockRows = Math.max(1, BLOCK / s.ow());
    block = blockRows * s.ow();
    int rows = Math.min(ROWS, s.ic());
    rowBlocks = Math.ceilDiv(s.ic(), ROWS);
    aFloats = block * Math.ceilDiv(rows, AR) * AR + 2 * AR;
    packedFloats = aFloats + block * Math.ceilDiv(s.oc(), NR) * NR + APART;
    tile = new float[workers.count()][ORIGIN + MR * NR];
    xAt = new int[workers.count()][block];
    dyAt = new int[workers.count()][block];
  }

  /// Scratch for the packed blocks of every worker and the partial filters of every slice.
  @Override
  public Needs needs(int capacity) {
    long partial = (long) slices(capacity) * filterFloats;
    return new Needs((long) workers.count() * packedFloats + partial, 0);
  }

  /// Taps of a piece: all or a row of them, so that they share the pixels in the cache, or one
  /// where that would leave threads without work. Grows with n.
  private int tapsPerPiece(int n) {
    return suits(taps.length, n) ? taps.length : suits(s.kw(), n) ? s.kw() : 1;
  }

  private boolean suits(int tapsPerPiece, int n) {
    int size = Math.min(ROWS, s.ic()) * s.oc();
    long pieces = mostSlices(n) * rowBlocks * Math.ceilDiv(taps.length, tapsPerPiece);
    return (long) tapsPerPiece * size <= FILTER && pieces >= FEWEST_PIECES;
  }

  private long mostSlices(int n) {
    return Math.max(1, Math.min(n, (long) n * s.oh() * s.ow() / SLICE_PIXELS));
  }

  /// How many slices the images are cut into: follows from shape and n alone, and grows with n.
  private int slices(int n) {
    int others = Math.ceilDiv(taps.length, tapsPerPiece(n)) * rowBlocks;
    return (int) Math.min(Math.ceilDiv(PIECES, others), mostSlices(n));
  }

  @Override
  public void run(int n, Tensor x, Tensor dy, Tensor dw, Write write, Workspace workspace) {
    this.n = n;
    this.x = x;
    this.dy = dy;
    this.dw = dw;
    this.write = write;
    tapsPerPiece = tapsPerPiece(n);
    groups = Math.ceilDiv(taps.length, tapsPerPiece);
    slices = slices(n);
    packed = workspace.scratch().floats();
    packedAt = workspace.scratch().offset();
    boolean direct = slices == 1 && write == Write.SET;
    partial = direct ? dw.floats() : packed;
    partialAt = direct ? dw.offset() : packedAt + workers.count() * packedFloats;
    workers.run(groups * rowBlocks * slices, this);
    if (!direct) {
      workers.run(Math.ceilDiv(filterFloats, SUM_CHUNK), addSlices);
    }
    // A plan that is closed next should find nobody holding its array.
    packed = null;
    partial = null;
  }

  @Override
  public void run(int piece, int worker) {
    int slice = piece / (groups * rowBlocks);
    int firstRow = piece % rowBlocks * ROWS;
    int firstTap = piece / rowBlocks % groups * tapsPerPiece;
    int lastTap = Math.min(taps.length, firstTap + tapsPerPiece);
    int from = (int) ((long) n * slice / slices) * s.oh();
    int to = (int) ((long) n * (slice + 1) / slices) * s.oh();
    for (int row = from; row < to; row += blockRows) {
      for (int tap = firstTap; tap < lastTap; tap++) {
        add(tap, firstRow, row, Math.min(to, row + blockRows), row == from, slice, worker);
      }
    }
  }

  /// Adds what rows `from … to` of dy, counted over the whole batch, contribute to a tap.
  private void add(int tap, int firstRow, int from, int to, boolean set, int slice, int worker) {
    int rows = Math.min(ROWS, s.ic() - firstRow);
    int out = partialAt + slice * filterFloats + (tap * s.ic() + firstRow) * s.oc();
    int aAt = packedAt + worker * packedFloats;
    int bAt = aAt + aFloats;
    int length = taps[tap].locate(from, to, x, dy, xAt[worker], dyAt[worker]);
    packA(firstRow, rows, length, aAt, xAt[worker]);
    packB(length, bAt, dyAt[worker]);
    for (int oc = 0; oc < s.oc(); oc += NR) {
      for (int panel = 0; panel < rows; panel += AR) {
        int last = Math.min(rows, panel + AR);
        for (int row = panel; row < last; row += MR) {
          int a = aAt + panel * block + row - panel;
          TILE.panels(packed, a, packed, bAt + oc * block, length, false, tile[worker], ORIGIN, NR);
          int at = out + row * s.oc() + oc;
          store(tile[worker], at, Math.min(MR, last - row), Math.min(NR, s.oc() - oc), set);
        }
      }
    }
  }

  /// A panel holds, pixel after pixel, AR channels of x, anything beyond the last.
  private void packA(int firstRow, int rows, int length, int aAt, int[] xAt) {
    float[] X = x.floats();
    for (int panel = 0; panel < rows; panel += AR) {
      int to = aAt + panel * block;
      int count = Math.min(AR, rows - panel);
      for (int k = 0; k < length; k++) {
        int from = xAt[k] + firstRow + panel;
        int at = to + k * AR;
        if (from + AR <= X.length) {
          for (int i = 0; i < count; i += L) {
            FloatVector.fromArray(F, X, from + i).intoArray(packed, at + i);
          }
        } else {
          for (int i = 0; i < count; i++) {
            packed[at + i] = X[from + i];
          }
        }
      }
    }
  }

  /// A panel holds, pixel after pixel, NR output channels, zeros beyond the last.
  private void packB(int length, int bAt, int[] dyAt) {
    float[] DY = dy.floats();
    for (int oc = 0; oc < s.oc(); oc += NR) {
      int to = bAt + oc * block;
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
        FloatVector sum = FloatVector.fromArray(F, tile, ORIGIN + i * NR + j);
        (set ? sum : sum.add(FloatVector.fromArray(F, partial, to + j))).intoArray(partial, to + j);
      }
      for (; j < columns; j++) {
        float sum = tile[ORIGIN + i * NR + j];
        partial[to + j] = set ? sum : sum + partial[to + j];
      }
    }
  }

  /// dw from the slices' partial filters, first to last.
  private void addSlices(int chunk, int worker) {
    float[] DW = dw.floats();
    int to = Math.min(filterFloats, (chunk + 1) * SUM_CHUNK);
    for (int i = chunk * SUM_CHUNK; i < to; i++) {
      float sum = partial[partialAt + i];
      for (int slice = 1; slice < slices; slice++) {
        sum += partial[partialAt + slice * filterFloats + i];
      }
      int at = dw.offset() + i;
      DW[at] = write == Write.SET ? sum : DW[at] + sum;
    }
  }
}
