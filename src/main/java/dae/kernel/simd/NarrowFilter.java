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
import jdk.incubator.vector.VectorMask;

/// The filter gradient of a convolution over very few channels, such as a picture's 3: there the
/// rows of one tap would fill a fraction of the tile.
///
/// So taps and input channels form the rows together, 27 for 3×3 taps: `dw[tap·IC + ic][oc] = Σ
/// patch[pixel][tap·IC + ic] · dy[pixel][oc]`. Rows of x are first copied between zeros; then each
/// row of taps of every patch is KW·IC neighbouring numbers, at the border as elsewhere. A piece of
/// work is a slice of dy's rows; the slices' sums are added in their order at the end.
final class NarrowFilter implements FilterProduct, Workers.Task {
  /// Pixels of a packed block: the panels of both factors fit the first-level cache.
  private static final int BLOCK = 192;

  /// Pieces to aim for, and the pixels that make one worthwhile.
  private static final int PIECES = 64;

  private static final int SLICE_PIXELS = 1024;

  private final Conv2dSpec s;
  private final Workers workers;
  private final int rows;
  private final int groups;
  private final int sumColumns;
  private final int sumFloats;
  private final int framePitch;
  private final int frameFloats;
  private final int aFloats;
  private final int workerFloats;
  private final int[] runFrom;
  private final int[] runTo;
  private final int[] runLength;
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
    rows = s.kh() * s.kw() * s.ic();
    groups = Math.ceilDiv(rows, AR);
    sumColumns = Math.ceilDiv(s.oc(), NR) * NR;
    sumFloats = groups * SUM_ROWS * sumColumns;
    framePitch = Math.max((s.ow() - 1) * s.stride() + s.kw(), s.padLeft() + s.iw()) * s.ic();
    frameFloats = s.kh() * framePitch + L;
    aFloats = groups * BLOCK * AR + AR;
    workerFloats = frameFloats + aFloats + BLOCK * sumColumns;
    int width = s.kw() * s.ic();
    int[] from = new int[rows];
    int[] to = new int[rows];
    int[] length = new int[rows];
    int runs = 0;
    for (int row = 0; row < rows; row += length[runs++]) {
      from[runs] = row / width * framePitch + row % width;
      to[runs] = row / AR * BLOCK * AR + row % AR;
      length[runs] = Math.min(L, Math.min(width - row % width, AR - row % AR));
    }
    runFrom = Arrays.copyOf(from, runs);
    runTo = Arrays.copyOf(to, runs);
    runLength = Arrays.copyOf(length, runs);
  }

  /// Follows from shape and n alone, and grows with n.
  private int slices(int n) {
    return Math.clamp((long) n * s.oh() * s.ow() / SLICE_PIXELS, 1, PIECES);
  }

  /// Scratch for every worker's frame and packed blocks, and every slice's sums.
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
    workers.run(rows, combine);
  }

  @Override
  public void run(int slice, int worker) {
    int frame = packedAt + worker * workerFloats;
    int a = frame + frameFloats;
    int b = a + aFloats;
    int sums = sumsAt + slice * sumFloats;
    Arrays.fill(scratch, frame, a, 0);
    Arrays.fill(scratch, sums, sums + sumFloats, 0);
    int length = 0;
    int last = (int) ((long) dyRows * (slice + 1) / slices);
    for (int row = (int) ((long) dyRows * slice / slices); row < last; row++) {
      frame(row / s.oh(), row % s.oh() * s.stride() - s.padTop(), frame);
      int count;
      for (int ow = 0; ow < s.ow(); ow += count) {
        count = Math.min(s.ow() - ow, BLOCK - length);
        packPatches(frame + ow * s.stride() * s.ic(), count, a + length * AR);
        packDy(dy.offset() + (row * s.ow() + ow) * dy.pitch(), count, b + length * NR);
        length += count;
        if (length == BLOCK) {
          multiply(length, a, b, sums);
          length = 0;
        }
      }
    }
    multiply(length, a, b, sums);
  }

  /// Copies the rows of x that a row of dy looks at, zeros for those outside of the image. What
  /// stands left and right of them stays zero.
  private void frame(int image, int firstRow, int frame) {
    float[] X = x.floats();
    int width = s.iw() * s.ic();
    for (int kh = 0; kh < s.kh(); kh++) {
      int ih = firstRow + kh;
      int to = frame + kh * framePitch + s.padLeft() * s.ic();
      int from = x.offset() + (image * s.ih() + ih) * s.iw() * x.pitch();
      if (ih < 0 || ih >= s.ih()) {
        Arrays.fill(scratch, to, to + width, 0);
      } else if (x.isDense()) {
        System.arraycopy(X, from, scratch, to, width);
      } else {
        for (int iw = 0; iw < s.iw(); iw++) {
          System.arraycopy(X, from + iw * x.pitch(), scratch, to + iw * s.ic(), s.ic());
        }
      }
    }
  }

  private void packPatches(int frame, int count, int a) {
    int step = s.stride() * s.ic();
    for (int run = 0; run < runFrom.length; run++) {
      copy(scratch, frame + runFrom[run], step, count, a + runTo[run], AR, runLength[run]);
    }
  }

  /// A panel holds, pixel after pixel, NR output channels, anything beyond the last.
  private void packDy(int from, int count, int b) {
    for (int oc = 0; oc < s.oc(); oc += L) {
      int to = b + oc / NR * BLOCK * NR + oc % NR;
      copy(dy.floats(), from + oc, dy.pitch(), count, to, NR, Math.min(L, s.oc() - oc));
    }
  }

  /// Copies up to a vector of numbers of each pixel.
  private void copy(float[] f, int from, int step, int count, int to, int pitch, int length) {
    if (length == L) {
      for (int k = 0; k < count; k++) {
        FloatVector.fromArray(F, f, from + k * step).intoArray(scratch, to + k * pitch);
      }
    } else {
      VectorMask<Float> inside = F.indexInRange(0, length);
      for (int k = 0; k < count; k++) {
        FloatVector.fromArray(F, f, from + k * step, inside)
            .intoArray(scratch, to + k * pitch, inside);
      }
    }
  }

  private void multiply(int length, int a, int b, int sums) {
    for (int oc = 0; oc < s.oc(); oc += NR) {
      int out = sums + oc;
      for (int group = 0; group < groups; group++) {
        int from = a + group * BLOCK * AR;
        for (int row = 0; row < AR; row += MR, out += MR * sumColumns) {
          int columns = b + oc * BLOCK;
          TILE.panels(scratch, from + row, columns, length, true, scratch, out, sumColumns);
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
