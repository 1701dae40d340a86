package dae.kernel.simd;

import static dae.kernel.simd.Lanes.AR;
import static dae.kernel.simd.Lanes.F;
import static dae.kernel.simd.Lanes.L;
import static dae.kernel.simd.Lanes.MR;
import static dae.kernel.simd.Lanes.NR;
import static dae.kernel.simd.Lanes.SUM_ROWS;
import static dae.kernel.simd.Lanes.TILE;
import static dae.kernel.simd.Workers.APART;

import dae.kernel.Conv2dSpec;
import dae.kernel.Needs;
import dae.kernel.Workspace;
import dae.kernel.Write;
import dae.tensor.Tensor;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/// The filter gradient of a convolution over very few channels, such as a picture's 3: there the
/// rows of one tap would fill a fraction of the tile.
///
/// So taps and input channels form the rows together, 27 for 3×3 taps: `dw[tap·IC + ic][oc] = Σ
/// patch[pixel][tap·IC + ic] · dy[pixel][oc]`, see [Patches]. A piece of work is a slice of dy's
/// rows; the slices' sums are added in their order at the end.
final class NarrowFilter implements FilterProduct, Workers.Task {
  /// Pixels of a packed block: the panels of both factors fit the first-level cache.
  private static final int BLOCK = 192;

  /// Pieces to aim for, and the pixels that make one worthwhile.
  private static final int PIECES = 64;

  private static final int SLICE_PIXELS = 1024;

  private final Conv2dSpec s;
  private final Workers workers;
  private final Patches patches;
  private final int sumColumns;
  private final int sumFloats;
  private final int workerFloats;
  private final Workers.Task combine = this::combine;

  private int dyRows;
  private int slices;
  private Tensor x;
  private Tensor dy;
  private Tensor dw;
  private Write write;
  private float[] scratch;
  private int packedAt;
  private int sumsAt;

  NarrowFilter(Conv2dSpec s, Workers workers) {
    this.s = s;
    this.workers = workers;
    patches = new Patches(s, BLOCK);
    sumColumns = Math.ceilDiv(s.oc(), NR) * NR;
    sumFloats = patches.groups * SUM_ROWS * sumColumns;
    workerFloats = patches.floats() + BLOCK * sumColumns + APART;
  }

  /// Follows from shape and n alone, and grows with n.
  private int slices(int n) {
    return Math.clamp((long) n * s.oh() * s.ow() / SLICE_PIXELS, 1, PIECES);
  }

  /// Scratch for every worker's packed blocks, and every slice's sums.
  @Override
  public Needs needs(int capacity) {
    long sums = (long) slices(capacity) * sumFloats;
    return new Needs((long) workers.count() * workerFloats + sums, 0);
  }

  @Override
  public void run(int n, Tensor x, Tensor dy, Tensor dw, Write write, Workspace workspace) {
    this.x = x;
    this.dy = dy;
    this.dw = dw;
    this.write = write;
    dyRows = n * s.oh();
    slices = slices(n);
    scratch = workspace.scratch().floats();
    packedAt = workspace.scratch().offset();
    sumsAt = packedAt + workers.count() * workerFloats;
    workers.run(slices, this);
    workers.run(patches.length, combine);
    // A plan that is closed next should find nobody holding its array.
    scratch = null;
  }

  @Override
  public void run(int slice, int worker) {
    int a = packedAt + worker * workerFloats;
    int b = a + patches.floats();
    int sums = sumsAt + slice * sumFloats;
    Arrays.fill(scratch, sums, sums + sumFloats, 0);
    int last = (int) ((long) dyRows * (slice + 1) / slices) * s.ow();
    for (int pixel = (int) ((long) dyRows * slice / slices) * s.ow();
        pixel < last;
        pixel += BLOCK) {
      int count = Math.min(BLOCK, last - pixel);
      patches.pack(x, pixel, count, scratch, a);
      int from = dy.offset() + pixel * dy.pitch();
      if (dy.isDense() && s.oc() == NR) {
        multiply(count, a, dy.floats(), from, sums);
      } else {
        packDy(from, count, b);
        multiply(count, a, scratch, b, sums);
      }
    }
  }

  /// A panel holds, pixel after pixel, NR output channels, anything beyond the last.
  private void packDy(int from, int count, int b) {
    for (int oc = 0; oc < s.oc(); oc += L) {
      int to = b + oc / NR * BLOCK * NR + oc % NR;
      VectorMask<Float> inside = F.indexInRange(oc, s.oc());
      for (int k = 0; k < count; k++) {
        FloatVector.fromArray(F, dy.floats(), from + oc + k * dy.pitch(), inside)
            .intoArray(scratch, to + k * NR);
      }
    }
  }

  /// Adds up a block. Where dy has as many channels as a panel has columns, it is one as it lies.
  private void multiply(int length, int a, float[] columns, int b, int sums) {
    for (int oc = 0; oc < s.oc(); oc += NR) {
      int out = sums + oc;
      for (int group = 0; group < patches.groups; group++) {
        int from = a + group * patches.groupFloats;
        for (int row = 0; row < AR; row += MR, out += MR * sumColumns) {
          TILE.panels(
              scratch, from + row, columns, b + oc * BLOCK, length, true, scratch, out, sumColumns);
        }
      }
    }
  }

  /// A row of dw from the sums, slice after slice.
  private void combine(int row, int worker) {
    float[] DW = dw.floats();
    int from = sumsAt + (row / AR * SUM_ROWS + row % AR) * sumColumns;
    int to = dw.offset() + row * s.oc();
    for (int slice = 0; slice < slices; slice++) {
      for (int i = 0; i < s.oc(); i++) {
        float sum = scratch[from + slice * sumFloats + i];
        DW[to + i] = slice == 0 && write == Write.SET ? sum : DW[to + i] + sum;
      }
    }
  }
}
