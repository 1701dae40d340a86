package dae.kernel.simd;

import static dae.kernel.simd.Lanes.AR;
import static dae.kernel.simd.Lanes.F;
import static dae.kernel.simd.Lanes.L;
import static dae.kernel.simd.Lanes.MR;
import static dae.kernel.simd.Lanes.NR;
import static dae.kernel.simd.Lanes.SUM_ROWS;
import static dae.kernel.simd.Lanes.TILE;
import static dae.kernel.simd.Winograd4.BETWEEN;
import static dae.kernel.simd.Winograd4.POINTS;
import static dae.kernel.simd.Winograd4.PRODUCTS;
import static dae.kernel.simd.Winograd4.STEP;
import static dae.kernel.simd.Workers.APART;

import dae.kernel.Conv2dSpec;
import dae.kernel.Needs;
import dae.kernel.Workspace;
import dae.kernel.Write;
import dae.tensor.Tensor;
import jdk.incubator.vector.FloatVector;

/// The filter gradient of a 3×3 convolution with stride 1, in Winograd's way ([Winograd4]): with 36
/// multiplications instead of 144 for every block of 4×4 pixels of dy.
///
/// Each of the 36 is a matrix product of packed panels whose long index runs over the blocks of all
/// images; the taps are put together from the sums once at the end. A piece of work is some of dy's
/// channels and a slice of the blocks. It goes through them in rounds: what a round packs stays in
/// the second-level cache.
final class Winograd4Filter implements FilterProduct, Workers.Task {
  /// Floats that a round packs, 384 KB.
  private static final int ROUND = 3 << 15;

  /// Channels of dy of a piece: they share the packed x.
  private static final int COLUMNS = 192;

  /// Pieces to aim for, blocks that make a slice worthwhile, and floats of all slices' sums.
  private static final int PIECES = 16;

  private static final int SLICE_BLOCKS = 128;
  private static final int SUMS = 1 << 22;

  private final Conv2dSpec s;
  private final Workers workers;
  private final int blockRows;
  private final int blockColumns;
  private final int rowPanels;
  private final int columnGroups;
  private final int columnPanels;
  private final int sumColumns;
  private final int sumFloats;
  private final int roundBlocks;
  private final int rowPanel;
  private final int columnPanel;
  private final int packedFloats;
  private final Winograd4.Between[] between;
  private final Workers.Task combine = this::combine;

  private int blocks;
  private int slices;
  private Tensor x;
  private Tensor dy;
  private Tensor dw;
  private Write write;
  private float[] scratch;
  private int packedAt;
  private int sumsAt;

  Winograd4Filter(Conv2dSpec s, Workers workers) {
    this.s = s;
    this.workers = workers;
    blockRows = Math.ceilDiv(s.oh(), STEP);
    blockColumns = Math.ceilDiv(s.ow(), STEP);
    rowPanels = Math.ceilDiv(s.ic(), AR);
    columnGroups = Math.ceilDiv(s.oc(), COLUMNS);
    columnPanels = Math.ceilDiv(Math.min(COLUMNS, s.oc()), NR);
    sumColumns = Math.ceilDiv(s.oc(), NR) * NR;
    sumFloats = rowPanels * SUM_ROWS * sumColumns;
    int blockFloats = PRODUCTS * (rowPanels * AR + columnPanels * NR);
    roundBlocks = Math.max(1, ROUND / blockFloats);
    rowPanel = roundBlocks * AR;
    columnPanel = roundBlocks * NR;
    packedFloats = roundBlocks * blockFloats + APART;
    between = Winograd4.Between.of(workers);
  }

  /// Follows from shape and n alone, and grows with n.
  private int slices(int n) {
    int most = n * blockRows * blockColumns / SLICE_BLOCKS;
    int wanted = Math.min(Math.ceilDiv(PIECES, columnGroups), SUMS / (PRODUCTS * sumFloats));
    return Math.max(1, Math.min(most, wanted));
  }

  /// Scratch for every worker's packed panels and every slice's 36 sums.
  @Override
  public Needs needs(int capacity) {
    long sums = (long) slices(capacity) * PRODUCTS * sumFloats;
    return new Needs((long) workers.count() * packedFloats + sums, 0);
  }

  @Override
  public void run(int n, Tensor x, Tensor dy, Tensor dw, Write write, Workspace workspace) {
    this.x = x;
    this.dy = dy;
    this.dw = dw;
    this.write = write;
    blocks = n * blockRows * blockColumns;
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
    int columns = Math.min(COLUMNS, s.oc() - column);
    int slice = piece / columnGroups;
    int first = (int) ((long) blocks * slice / slices);
    int last = (int) ((long) blocks * (slice + 1) / slices);
    int a = packedAt + worker * packedFloats;
    int b = a + PRODUCTS * rowPanels * rowPanel;
    int to = sumsAt + slice * PRODUCTS * sumFloats + column;
    for (int from = first; from < last; from += roundBlocks) {
      int length = Math.min(roundBlocks, last - from);
      scratch[a] = Winograd4.fetch(x, blockRows, blockColumns, from, from + length);
      scratch[a] += Winograd4.fetch(dy, blockRows, blockColumns, from, from + length);
      for (int i = 0; i < length; i++) {
        pack(from + i, i, column, columns, a, b, between[worker]);
      }
      multiply(length, columns, from > first, a, b, to);
    }
  }

  private void pack(
      int block, int i, int column, int columns, int a, int b, Winograd4.Between between) {
    int image = block / (blockRows * blockColumns);
    int h = block / blockColumns % blockRows * STEP;
    int w = block % blockColumns * STEP;
    int spacing = rowPanels * rowPanel;
    Winograd4.ofX(x, image, h, w, between, scratch, a + i * AR, spacing, rowPanel);
    Winograd4.ofDy(
        dy,
        image,
        h,
        w,
        column,
        columns,
        between,
        scratch,
        b + i * NR,
        columnPanels * columnPanel,
        columnPanel);
  }

  private void multiply(int length, int columns, boolean add, int a, int b, int to) {
    for (int p = 0; p < PRODUCTS; p++, to += sumFloats) {
      for (int panel = 0; panel * NR < columns; panel++) {
        int out = to + panel * NR;
        for (int group = 0; group < rowPanels; group++) {
          for (int row = 0; row < AR; row += MR, out += MR * sumColumns) {
            TILE.panels(
                scratch,
                a + group * rowPanel + row,
                scratch,
                b + panel * columnPanel,
                length,
                add,
                scratch,
                out,
                sumColumns);
          }
        }
      }
      a += rowPanels * rowPanel;
      b += columnPanels * columnPanel;
    }
  }

  /// A row of dw's input channels: `Gᵀ m G` of the sums m, slice after slice.
  private void combine(int ic, int worker) {
    float[] between = this.between[worker].values;
    int from = sumsAt + (ic / AR * SUM_ROWS + ic % AR) * sumColumns;
    for (int c = 0; c < s.oc(); c += L) {
      for (int p = 0; p < PRODUCTS; p++) {
        FloatVector sum = FloatVector.fromArray(F, scratch, from + p * sumFloats + c);
        for (int slice = 1; slice < slices; slice++) {
          int at = from + (slice * PRODUCTS + p) * sumFloats + c;
          sum = sum.add(FloatVector.fromArray(F, scratch, at));
        }
        sum.intoArray(between, BETWEEN + p * L);
      }
      for (int j = 0; j < POINTS; j++) {
        ofSix(between, BETWEEN + j * L, POINTS * L);
      }
      for (int i = 0; i < 3; i++) {
        ofSix(between, BETWEEN + i * POINTS * L, L);
        for (int j = 0; j < 3; j++) {
          FloatVector taps =
              FloatVector.fromArray(F, between, BETWEEN + (i * POINTS + j) * L).div(576);
          int to = dw.offset() + ((i * 3 + j) * s.ic() + ic) * s.oc() + c;
          if (write == Write.ADD) {
            taps = taps.add(FloatVector.fromArray(F, dw.floats(), to));
          }
          taps.intoArray(dw.floats(), to);
        }
      }
    }
  }

  /// `24·Gᵀ m`, in the place of the first three of the six.
  private static void ofSix(float[] m, int at, int next) {
    FloatVector m1 = FloatVector.fromArray(F, m, at + next);
    FloatVector m2 = FloatVector.fromArray(F, m, at + 2 * next);
    FloatVector m3 = FloatVector.fromArray(F, m, at + 3 * next);
    FloatVector m4 = FloatVector.fromArray(F, m, at + 4 * next);
    FloatVector even = m1.add(m2).mul(-4);
    FloatVector farEven = m3.add(m4);
    FloatVector first = FloatVector.fromArray(F, m, at).mul(6).add(even).add(farEven);
    FloatVector second = m2.sub(m1).mul(4).add(m3.sub(m4).mul(2));
    FloatVector third = FloatVector.fromArray(F, m, at + 5 * next).mul(24).add(even);
    first.intoArray(m, at);
    second.intoArray(m, at + next);
    third.add(farEven.mul(4)).intoArray(m, at + 2 * next);
  }
}
