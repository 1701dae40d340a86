package dae.kernel.simd;

import static dae.kernel.simd.ImageProduct.channels;
import static dae.kernel.simd.ImageProduct.finished;
import static dae.kernel.simd.Lanes.F;
import static dae.kernel.simd.Lanes.NR;
import static dae.kernel.simd.Lanes.TILE;
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
import java.util.ArrayList;
import java.util.List;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/// A product that makes images of very few channels, such as the picture at the end: there a panel
/// of the filter would be almost empty.
///
/// So taps and output channels C form the columns together. Each source pixel is multiplied with
/// all of them at once, `p[pixel][tap·C + c] = Σ_k source[pixel][k]·w[tap][k][c]`, and each target
/// pixel then sums up its taps' columns over the pixels around, its C ≤ L channels in one vector.
/// With 9 taps and 3 channels that is 27 full columns instead of 9 times 3 in a panel of 32.
final class NarrowImage implements ImageProduct, Workers.Task {
  /// Target rows of a piece, and the fewest where there are fewer pieces than threads: neighbours
  /// both compute what lies between them.
  private static final int ROWS = 32;

  private static final int FEWEST_ROWS = 8;

  /// Floats of the products that are in work, 256 KB: a piece goes through its columns in blocks,
  /// so that they stay in the second-level cache.
  private static final int BLOCK = 1 << 16;

  /// A class of target pixels.
  ///
  /// @param columnAt where its taps' columns lie, counted from the products of the source pixel of
  ///   the first
  /// @param blockAt the first of its pixel columns in each block
  private record Part(PixelClasses.PixelClass pixels, int[] columnAt, int[] blockAt) {}

  private final Conv2dSpec s;
  private final boolean forward;
  private final Workers workers;
  private final Shape sourceShape;
  private final Shape targetShape;
  private final List<Part> parts = new ArrayList<>();
  private final int[] firstSource;
  private final int[] lastSource;
  private final int taps;
  private final int panels;
  private final int blockColumns;
  private final int blocks;
  private final int width;
  private final int[] runAt = {0};
  private final int[] runPanel = {0};
  private final int[] runLength;
  private final int[][] rowAt;
  private final int productFloats;

  private int stripRows;
  private int strips;
  private Tensor source;
  private Tensor target;
  private Tensor packed;
  private Epilogue epilogue;
  private Write write;
  private float[] products;
  private int productsAt;

  NarrowImage(Conv2dSpec s, Pass pass, Workers workers) {
    this.s = s;
    this.workers = workers;
    forward = pass == Pass.FORWARD;
    sourceShape = forward ? s.x() : s.y();
    targetShape = forward ? s.y() : s.x();
    taps = s.kh() * s.kw();
    panels = Math.ceilDiv(taps * targetShape.c(), NR);
    runLength = new int[] {sourceShape.c()};
    firstSource = new int[targetShape.h()];
    lastSource = new int[targetShape.h()];
    List<PixelClasses.PixelClass> classes = PixelClasses.of(s, pass);
    int reach = 0;
    for (PixelClasses.PixelClass c : classes) {
      int rowReach = 0;
      for (int distance : c.distances()) {
        reach = Math.max(reach, distance % sourceShape.w());
        rowReach = distance / sourceShape.w();
      }
      for (int i = 0; i < c.rows().length; i++) {
        int row = c.rows()[i];
        firstSource[row] = c.sourceRows()[i];
        lastSource[row] = Math.max(lastSource[row], c.sourceRows()[i] + rowReach);
      }
    }
    int most = 0;
    for (int row = 0; row < targetShape.h(); row++) {
      int end = Math.min(targetShape.h(), row + ROWS);
      most = Math.max(most, last(row, end) - first(row, end) + 1);
    }
    blockColumns = Math.clamp(BLOCK / (most * panels * NR) - reach, 1, sourceShape.w());
    blocks = Math.ceilDiv(sourceShape.w(), blockColumns);
    width = Math.min(blockColumns + reach, sourceShape.w());
    for (PixelClasses.PixelClass c : classes) {
      parts.add(new Part(c, columnAt(c), blockAt(c)));
    }
    rowAt = new int[workers.count()][TILE.rows];
    productFloats = (most * width + TILE.rows) * panels * NR + APART;
  }

  private int[] columnAt(PixelClasses.PixelClass c) {
    int[] at = new int[c.taps().length];
    for (int t = 0; t < at.length; t++) {
      int row = c.distances()[t] / sourceShape.w();
      int column = c.distances()[t] % sourceShape.w();
      at[t] = (row * width + column) * panels * NR + c.taps()[t] * targetShape.c();
    }
    return at;
  }

  /// Its source columns ascend.
  private int[] blockAt(PixelClasses.PixelClass c) {
    int[] at = new int[blocks + 1];
    for (int column : c.sourceColumns()) {
      at[column / blockColumns + 1]++;
    }
    for (int block = 0; block < blocks; block++) {
      at[block + 1] += at[block];
    }
    return at;
  }

  /// First source row of some target rows.
  private int first(int row, int end) {
    int first = Integer.MAX_VALUE;
    for (; row < end; row++) {
      first = Math.min(first, firstSource[row]);
    }
    return first;
  }

  /// Last source row of some target rows.
  private int last(int row, int end) {
    int last = 0;
    for (; row < end; row++) {
      last = Math.max(last, lastSource[row]);
    }
    return last;
  }

  @Override
  public Needs needs() {
    return new Needs((long) workers.count() * productFloats, (long) panels * sourceShape.c() * NR);
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
    packed = workspace.derived();
    products = workspace.scratch().floats();
    productsAt = workspace.scratch().offset();
    this.epilogue = epilogue;
    if (workspace.stale()) {
      pack(w);
    }
    int share = Math.ceilDiv(n * targetShape.h(), workers.count());
    stripRows = Math.clamp(share, FEWEST_ROWS, ROWS);
    strips = Math.ceilDiv(targetShape.h(), stripRows);
    workers.run(n * strips, this);
    // A plan that is closed next should find nobody holding its array.
    products = null;
  }

  /// Column position·C + c of the product, zeros beyond the last; positions as in [PixelClasses].
  private void pack(Tensor w) {
    int C = targetShape.c();
    int K = sourceShape.c();
    for (int column = 0; column < panels * NR; column++) {
      int position = column / C;
      int c = column % C;
      int tap = forward ? position : taps - 1 - position;
      for (int k = 0; k < K; k++) {
        int at = w.offset() + tap * s.ic() * s.oc() + (forward ? k * s.oc() + c : c * s.oc() + k);
        packed.floats()[packed.offset() + (column / NR * K + k) * NR + column % NR] =
            position < taps ? w.floats()[at] : 0;
      }
    }
  }

  @Override
  public void run(int piece, int worker) {
    int image = piece / strips;
    int strip = piece % strips;
    int begin = strip * stripRows;
    int end = Math.min(targetShape.h(), begin + stripRows);
    int first = first(begin, end);
    int rows = last(begin, end) - first + 1;
    for (int block = 0; block < blocks; block++) {
      multiply(image * sourceShape.h() + first, rows, block, worker);
      for (Part part : parts) {
        int[] targets = part.pixels.rows();
        for (int i = 0; i < targets.length; i++) {
          if (targets[i] / stripRows == strip) {
            gather(part, i, image, first, block, productsAt + worker * productFloats);
          }
        }
      }
    }
  }

  /// The products of a block's source pixels.
  private void multiply(int first, int rows, int block, int worker) {
    int column = block * blockColumns;
    int columns = Math.min(width, sourceShape.w() - column);
    for (int row = 0; row < rows; row++) {
      int from = (first + row) * sourceShape.w() + column;
      int to = productsAt + worker * productFloats + row * width * panels * NR;
      products[to] = ImageProduct.fetch(source, from, from + columns);
      multiply(source.offset() + from * source.pitch(), columns, to, rowAt[worker]);
    }
  }

  /// Of pixels side by side. Those of the tile that are beyond the last go where the next row's, or
  /// nobody's, will be.
  private void multiply(int at, int pixels, int to, int[] rowAt) {
    for (int pixel = 0; pixel < pixels; pixel += TILE.rows) {
      for (int i = 0; i < TILE.rows; i++) {
        rowAt[i] = at + Math.min(pixel + i, pixels - 1) * source.pitch();
      }
      for (int panel = 0; panel < panels; panel++) {
        TILE.rows(
            source.floats(),
            rowAt,
            runAt,
            runLength,
            runPanel,
            1,
            packed.floats(),
            packed.offset() + panel * sourceShape.c() * NR,
            products,
            to + (pixel * panels + panel) * NR,
            panels * NR);
      }
    }
  }

  /// A block's part of a row of target pixels of a class, from the products of the pixels around.
  private void gather(Part part, int row, int image, int first, int block, int productAt) {
    float[] y = target.floats();
    PixelClasses.PixelClass p = part.pixels;
    int[] columns = p.columns();
    int[] sourceColumns = p.sourceColumns();
    int[] columnAt = part.columnAt;
    int C = targetShape.c();
    int to =
        target.offset()
            + (image * targetShape.h() + p.rows()[row]) * targetShape.w() * target.pitch();
    int from = (p.sourceRows()[row] - first) * width - block * blockColumns;
    VectorMask<Float> inside = F.indexInRange(0, C);
    FloatVector scale = channels(epilogue.scale(), 0, 1, inside);
    FloatVector bias = channels(epilogue.bias(), 0, 0, inside);
    Activation f = epilogue.f();
    for (int column = part.blockAt[block]; column < part.blockAt[block + 1]; column++) {
      int pixel = productAt + (from + sourceColumns[column]) * panels * NR;
      FloatVector sum = FloatVector.zero(F);
      for (int at : columnAt) {
        sum = sum.add(FloatVector.fromArray(F, products, pixel + at));
      }
      sum = finished(sum, scale, bias, f);
      int at = to + columns[column] * target.pitch();
      if (write == Write.ADD) {
        sum = sum.add(FloatVector.fromArray(F, y, at, inside));
      }
      sum.intoArray(y, at, inside);
    }
  }
}
