package dae.kernel.simd;

import static dae.kernel.simd.ImageProduct.channels;
import static dae.kernel.simd.ImageProduct.finished;
import static dae.kernel.simd.InterleavedTile.ROWS;
import static dae.kernel.simd.Lanes.F;
import static dae.kernel.simd.Lanes.L;
import static dae.kernel.simd.Lanes.NR;
import static dae.kernel.simd.Winograd4.BETWEEN;
import static dae.kernel.simd.Winograd4.POINTS;
import static dae.kernel.simd.Winograd4.PRODUCTS;
import static dae.kernel.simd.Winograd4.STEP;
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
import jdk.incubator.vector.FloatVector;

/// A product that makes images, of a 3×3 convolution with stride 1, in Winograd's way
/// ([Winograd4]): with 36 multiplications instead of 144 for every block of 4×4 targets. The input
/// gradient is such a convolution of dy with the taps in reverse.
///
/// Each of the 36 is a plain matrix product of the tile: its rows are blocks, its long index runs
/// over the source's channels. A piece of work is a strip of blocks and one panel of target
/// channels or all; what it writes down stays in the second-level cache.
final class Winograd4Image implements ImageProduct, Workers.Task {
  /// Floats that a strip writes down, 96 KB.
  private static final int STRIP = 3 << 13;

  /// Floats that the tile makes at a time.
  private static final int OUT = ROWS * NR;

  private final Workers workers;
  private final FilterPacking plain;
  private final long plainFloats;

  /// Through which the image of few channels is seen; null where there is none.
  private final PixelShuffle shuffle;

  private final boolean forward;
  private final Workers.Task transformFilter = this::transformFilter;
  private final Shape sourceShape;
  private final Shape targetShape;
  private final int blockRows;
  private final int blockColumns;
  private final int tileFloats;
  private final int panels;
  private final int panelFloats;
  private final int stripTiles;
  private final int productsAt;
  private final int stripFloats;
  private final Winograd4.Between[] between;

  private int blocks;
  private int strips;
  private int panelsPerPiece;
  private Tensor source;
  private Tensor target;
  private Write write;
  private Epilogue epilogue;
  private Tensor packed;
  private float[] scratch;
  private int scratchAt;

  Winograd4Image(Conv2dSpec s, Pass pass, Workers workers) {
    this.workers = workers;
    forward = pass == Pass.FORWARD;
    shuffle = PixelShuffle.suits(s) ? new PixelShuffle(s, forward) : null;
    Shape x = shuffle == null ? s.x() : shuffle.shape();
    sourceShape = forward ? x : s.y();
    targetShape = forward ? s.y() : x;
    blockRows = Math.ceilDiv(targetShape.h(), STEP);
    blockColumns = Math.ceilDiv(targetShape.w(), STEP);
    plain = FilterPacking.plain(s, forward, workers);
    panels = Math.ceilDiv(targetShape.c(), NR);
    int depth = sourceShape.c();
    plainFloats = (long) panels * 9 * depth * NR;
    panelFloats = PRODUCTS * depth * NR;
    stripTiles = Math.max(1, STRIP / (ROWS * PRODUCTS * (depth + NR)));
    tileFloats = PRODUCTS * ROWS * depth;
    productsAt = stripTiles * tileFloats;
    stripFloats = productsAt + stripTiles * PRODUCTS * OUT + APART;
    between = Winograd4.Between.of(workers);
  }

  /// Scratch for every worker's strip; the filter as it is packed and as it is multiplied.
  @Override
  public Needs needs() {
    return new Needs(
        (long) workers.count() * stripFloats, (long) panels * panelFloats + plainFloats);
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
    this.epilogue = shuffle == null || forward ? epilogue : shuffle.shuffled(epilogue);
    packed = workspace.derived();
    if (workspace.stale()) {
      if (shuffle == null) {
        plain.pack(w, packed);
      } else {
        shuffle.pack(w, packed);
      }
      workers.run(panels * sourceShape.c(), transformFilter);
    }
    scratch = workspace.scratch().floats();
    scratchAt = workspace.scratch().offset();
    blocks = n * blockRows * blockColumns;
    int tiles = Math.ceilDiv(blocks, ROWS);
    strips = Math.max(Math.ceilDiv(tiles, stripTiles), Math.min(tiles, workers.count()));
    panelsPerPiece = strips >= workers.count() ? panels : 1;
    workers.run(strips * (panels / panelsPerPiece), this);
    // A plan that is closed next should find nobody holding its array.
    scratch = null;
  }

  /// `G w Gᵀ` of the filters of one source channel and a panel of target channels.
  private void transformFilter(int piece, int worker) {
    float[] p = packed.floats();
    float[] between = this.between[worker].values;
    int depth = sourceShape.c();
    int panel = piece / depth;
    int from = packed.offset() + (panel * 9 * depth + piece % depth) * NR;
    int to = packed.offset() + (int) plainFloats + panel * panelFloats + piece % depth * NR;
    int next = depth * NR;
    for (int v = 0; v < NR; v += L) {
      for (int j = 0; j < 3; j++) {
        ofThree(p, from + v + j * next, 3 * next, between, BETWEEN + j * L, 3 * L, 1);
      }
      for (int i = 0; i < POINTS; i++) {
        ofThree(between, BETWEEN + i * 3 * L, L, p, to + v + i * POINTS * next, next, 576);
      }
    }
  }

  /// `24·G w`, divided.
  private static void ofThree(
      float[] w, int from, int step, float[] out, int to, int spacing, float divisor) {
    FloatVector w0 = FloatVector.fromArray(F, w, from);
    FloatVector w1 = FloatVector.fromArray(F, w, from + step);
    FloatVector w2 = FloatVector.fromArray(F, w, from + 2 * step);
    FloatVector outer = w0.add(w2).mul(-4);
    FloatVector inner = w1.mul(4);
    FloatVector far = w2.mul(4).add(w0);
    FloatVector twice = w1.add(w1);
    w0.mul(6).div(divisor).intoArray(out, to);
    outer.sub(inner).div(divisor).intoArray(out, to + spacing);
    outer.add(inner).div(divisor).intoArray(out, to + 2 * spacing);
    far.add(twice).div(divisor).intoArray(out, to + 3 * spacing);
    far.sub(twice).div(divisor).intoArray(out, to + 4 * spacing);
    w2.mul(24).div(divisor).intoArray(out, to + 5 * spacing);
  }

  @Override
  public void run(int piece, int worker) {
    int groups = panels / panelsPerPiece;
    long tiles = Math.ceilDiv(blocks, ROWS);
    int strip = piece / groups;
    int first = (int) (tiles * strip / strips) * ROWS;
    int last = Math.min(blocks, (int) (tiles * (strip + 1) / strips) * ROWS);
    int at = scratchAt + worker * stripFloats;
    boolean shuffled = shuffle != null && forward;
    if (!shuffled) {
      scratch[at] = Winograd4.fetch(source, blockRows, blockColumns, first, last);
    }
    for (int block = first; block < last; block++) {
      int image = image(block);
      int row = row(block);
      int column = column(block);
      int to = at + (block - first) / ROWS * tileFloats + (block - first) % ROWS * L;
      if (shuffled) {
        shuffle.ofX(source, image, row, column, between[worker], scratch, to);
      } else {
        Winograd4.ofX(source, image, row, column, between[worker], scratch, to);
      }
    }
    int panel = piece % groups * panelsPerPiece;
    for (int end = panel + panelsPerPiece; panel < end; panel++) {
      multiply(last - first, panel, at);
      if (shuffle == null || forward) {
        store(first, last, panel * NR, at + productsAt, between[worker].values);
      } else {
        storeShuffled(first, last, at + productsAt, between[worker].values);
      }
    }
  }

  private int image(int block) {
    return block / (blockRows * blockColumns);
  }

  private int row(int block) {
    return block / blockColumns % blockRows * STEP;
  }

  private int column(int block) {
    return block % blockColumns * STEP;
  }

  /// All products of a strip's blocks with one panel. What lies beyond the last block is multiplied
  /// with the others and not stored.
  private void multiply(int blocks, int panel, int at) {
    int depth = sourceShape.c();
    int b = packed.offset() + (int) plainFloats + panel * panelFloats;
    for (int p = 0; p < PRODUCTS; p++, b += depth * NR) {
      int a = at + p * ROWS * L;
      int out = at + productsAt + p * OUT;
      for (int first = 0; first < blocks; first += ROWS) {
        InterleavedTile.multiply(scratch, a, packed.floats(), b, depth, scratch, out);
        a += tileFloats;
        out += PRODUCTS * OUT;
      }
    }
  }

  /// `Aᵀ p A` of the products of a strip's blocks, in a panel of channels.
  private void store(int first, int last, int channel, int from, float[] between) {
    int end = Math.min(channel + NR, targetShape.c());
    boolean add = write == Write.ADD;
    int pitch = target.pitch();
    for (int block = first; block < last; block++) {
      int at = from + productsAt(block - first);
      int row = row(block);
      int column = column(block);
      int rows = targetShape.h() - row;
      int columns = targetShape.w() - column;
      int pixel = (image(block) * targetShape.h() + row) * targetShape.w() + column;
      for (int c = channel; c < end; c += L, at += L) {
        columns(at, between);
        int to = target.offset() + pixel * pitch + c;
        put(between, rows, columns, c, add, target.floats(), to, pitch, targetShape.w() * pitch);
      }
    }
  }

  /// The same through the shuffle. A branch in the loop above would be compiled twice.
  private void storeShuffled(int first, int last, int from, float[] between) {
    for (int block = first; block < last; block++) {
      int at = from + productsAt(block - first);
      for (int v = 0; v < targetShape.c() / L; v++, at += L) {
        columns(at, between);
        put(between, STEP, STEP, v * L, false, between, Winograd4.EDGE, L, STEP * L);
        boolean add = write == Write.ADD;
        shuffle.store(between, target, image(block), row(block), column(block), v, add);
      }
    }
  }

  /// Where a block's products lie in a strip's.
  private static int productsAt(int i) {
    return i / ROWS * PRODUCTS * OUT + i % ROWS * NR;
  }

  /// `Aᵀ p` of a block's products, down each column.
  private void columns(int at, float[] between) {
    for (int j = 0; j < POINTS; j++) {
      ofSix(scratch, at + j * OUT, POINTS * OUT, between, BETWEEN + j * L, POINTS * L);
    }
  }

  /// The rest of it, along the rows; epilogue and ADD on the way.
  ///
  /// @param rows that there are, and columns
  /// @param c the vector's first channel
  /// @param y receives the block
  /// @param to where its first pixel goes
  /// @param pitch from a pixel to the next, and from a row to the next
  private void put(
      float[] between,
      int rows,
      int columns,
      int c,
      boolean add,
      float[] y,
      int to,
      int pitch,
      int row) {
    FloatVector scale = channels(epilogue.scale(), c, 1);
    FloatVector bias = channels(epilogue.bias(), c, 0);
    Activation f = epilogue.f();
    for (int i = 0; i < Math.min(STEP, rows); i++, to += row) {
      int from = BETWEEN + i * POINTS * L;
      FloatVector p0 = FloatVector.fromArray(F, between, from);
      FloatVector p1 = FloatVector.fromArray(F, between, from + L);
      FloatVector p2 = FloatVector.fromArray(F, between, from + 2 * L);
      FloatVector p3 = FloatVector.fromArray(F, between, from + 3 * L);
      FloatVector p4 = FloatVector.fromArray(F, between, from + 4 * L);
      FloatVector even = p1.add(p2);
      FloatVector odd = p1.sub(p2);
      FloatVector farEven = p3.add(p4);
      FloatVector farOdd = p3.sub(p4);
      FloatVector last = odd.add(FloatVector.fromArray(F, between, from + 5 * L));
      FloatVector y0 = finished(p0.add(even).add(farEven), scale, bias, f);
      FloatVector y1 = finished(farOdd.fma(FloatVector.broadcast(F, 2), odd), scale, bias, f);
      FloatVector y2 = finished(farEven.fma(FloatVector.broadcast(F, 4), even), scale, bias, f);
      FloatVector y3 = finished(farOdd.fma(FloatVector.broadcast(F, 8), last), scale, bias, f);
      if (add) {
        y0 = y0.add(FloatVector.fromArray(F, y, to));
        y1 = columns > 1 ? y1.add(FloatVector.fromArray(F, y, to + pitch)) : y1;
        y2 = columns > 2 ? y2.add(FloatVector.fromArray(F, y, to + 2 * pitch)) : y2;
        y3 = columns > 3 ? y3.add(FloatVector.fromArray(F, y, to + 3 * pitch)) : y3;
      }
      y0.intoArray(y, to);
      if (columns > 1) {
        y1.intoArray(y, to + pitch);
      }
      if (columns > 2) {
        y2.intoArray(y, to + 2 * pitch);
      }
      if (columns > 3) {
        y3.intoArray(y, to + 3 * pitch);
      }
    }
  }

  /// `Aᵀ p`: four of six.
  private static void ofSix(float[] p, int from, int next, float[] out, int to, int spacing) {
    FloatVector p0 = FloatVector.fromArray(F, p, from);
    FloatVector p1 = FloatVector.fromArray(F, p, from + next);
    FloatVector p2 = FloatVector.fromArray(F, p, from + 2 * next);
    FloatVector p3 = FloatVector.fromArray(F, p, from + 3 * next);
    FloatVector p4 = FloatVector.fromArray(F, p, from + 4 * next);
    FloatVector p5 = FloatVector.fromArray(F, p, from + 5 * next);
    FloatVector even = p1.add(p2);
    FloatVector odd = p1.sub(p2);
    FloatVector farEven = p3.add(p4);
    FloatVector farOdd = p3.sub(p4);
    p0.add(even).add(farEven).intoArray(out, to);
    farOdd.fma(FloatVector.broadcast(F, 2), odd).intoArray(out, to + spacing);
    farEven.fma(FloatVector.broadcast(F, 4), even).intoArray(out, to + 2 * spacing);
    farOdd.fma(FloatVector.broadcast(F, 8), odd.add(p5)).intoArray(out, to + 3 * spacing);
  }
}
