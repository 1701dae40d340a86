package dae.kernel.simd;

import static dae.kernel.simd.ImageProduct.channels;
import static dae.kernel.simd.ImageProduct.finished;
import static dae.kernel.simd.Lanes.F;
import static dae.kernel.simd.Lanes.L;
import static dae.kernel.simd.Lanes.LOW_TILE;
import static dae.kernel.simd.Lanes.NR;
import static dae.kernel.simd.Lanes.TILE;
import static dae.kernel.simd.SimdBackend.ORIGIN;

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
import java.util.Arrays;
import java.util.List;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/// A product that makes images of many channels.
///
/// Lanes run along the output channels. For each pixel class the product is rows (one per pixel)
/// times panels (the packed filter, two vectors of output channels wide). A row is the source
/// pixels under the taps, read where they lie: a run per tap, or per group of taps whose pixels and
/// filter rows are both neighbours. The tile's sums stay in registers over all runs; then the
/// epilogue and ADD are applied on the way to memory.
///
/// Where all pixels together fit into one tile, as those of a single image's deepest layers do,
/// they are one class of a source that has zeros around it: classes of a pixel each would leave
/// most rows of their tiles idle and read the filter again for each.
final class DirectImage implements ImageProduct, Workers.Task {
  /// Pieces to aim for, so that many threads find work.
  private static final int PIECES = 64;

  /// One pixel class with its runs laid out.
  private static final class Part {
    final PixelClasses.PixelClass pixels;
    final int[] runDistance;
    final int[] runLength;
    final int[] runPanel;
    final int[] runAt;
    int tiles;

    Part(PixelClasses.PixelClass pixels, int channels, boolean dense) {
      this.pixels = pixels;
      List<int[]> runs = new ArrayList<>();
      for (int t = 0; t < pixels.taps().length; t++) {
        int distance = pixels.distances()[t];
        int tap = pixels.taps()[t];
        int[] last = runs.isEmpty() ? null : runs.getLast();
        if (dense && last != null && distance == last[0] + last[2] && tap == last[1] + last[2]) {
          last[2]++;
        } else {
          runs.add(new int[] {distance, tap, 1});
        }
      }
      runDistance = runs.stream().mapToInt(run -> run[0]).toArray();
      runPanel = runs.stream().mapToInt(run -> run[1] * channels * NR).toArray();
      runLength = runs.stream().mapToInt(run -> run[2] * channels).toArray();
      runAt = new int[runDistance.length];
    }
  }

  private final Workers workers;
  private final FilterPacking packing;
  private final Shape sourceShape;
  private final Shape targetShape;
  private final Part[] denseParts;
  private final Part[] pitchedParts;

  /// Of an image with its padding; null where its pixels are too many for a tile.
  private final Conv2dSpec padded;

  private final Part[] paddedParts;
  private final int padTop;
  private final int padLeft;
  private final int panels;
  private final int[][] rowAt;
  private final int[][] targetAt;
  private final float[][] tile;

  private Part[] parts;
  private int strips;
  private int panelsPerPiece;

  /// Whether a thread's share is some of the panels, and not of the images: of the larger of the
  /// two, filter or images, every core reads a part.
  private boolean panelsFirst;

  private int sourceRowFloats;
  private int targetRowFloats;
  private int n;
  private Tensor source;
  private Tensor target;
  private Write write;
  private Epilogue epilogue;
  private Tensor packed;

  DirectImage(Conv2dSpec s, Pass pass, Workers workers) {
    this.workers = workers;
    boolean forward = pass == Pass.FORWARD;
    sourceShape = forward ? s.x() : s.y();
    targetShape = forward ? s.y() : s.x();
    List<PixelClasses.PixelClass> classes = PixelClasses.of(s, pass);
    packing = FilterPacking.plain(s, forward, workers);
    panels = Math.ceilDiv(targetShape.c(), NR);
    denseParts = parts(classes, true);
    pitchedParts = parts(classes, false);
    padded = forward && classes.size() > 1 && s.y().pixels() <= TILE.rows ? padded(s) : null;
    paddedParts = padded == null ? null : parts(PixelClasses.of(padded, pass), true);
    padTop = s.padTop();
    padLeft = s.padLeft();
    rowAt = new int[workers.count()][TILE.rows];
    targetAt = new int[workers.count()][TILE.rows];
    tile = new float[workers.count()][ORIGIN + TILE.rows * NR];
  }

  /// The same convolution of an image with its padding.
  private static Conv2dSpec padded(Conv2dSpec s) {
    int h = (s.oh() - 1) * s.stride() + s.kh();
    int w = (s.ow() - 1) * s.stride() + s.kw();
    return new Conv2dSpec(h, w, s.ic(), s.oh(), s.ow(), s.oc(), s.kh(), s.kw(), s.stride(), 0, 0);
  }

  private Part[] parts(List<PixelClasses.PixelClass> classes, boolean dense) {
    return classes.stream()
        .map(pixels -> new Part(pixels, sourceShape.c(), dense))
        .toArray(Part[]::new);
  }

  @Override
  public Needs needs() {
    int images = TILE.rows / targetShape.pixels();
    return new Needs(padded == null ? 0 : images * padded.x().size(), packing.floats());
  }

  @Override
  public void run(
      int n,
      Tensor image,
      Tensor w,
      Tensor target,
      Write write,
      Epilogue epilogue,
      Workspace workspace) {
    boolean few = padded != null && n * targetShape.pixels() <= TILE.rows;
    this.n = n;
    source = few ? pad(n, image, workspace.scratch()) : image;
    this.target = target;
    this.write = write;
    this.epilogue = epilogue;
    packed = workspace.derived();
    if (workspace.stale()) {
      packing.pack(w, packed);
    }
    sourceRowFloats = source.shape().w() * source.pitch();
    targetRowFloats = targetShape.w() * target.pitch();
    parts = few ? paddedParts : source.isDense() ? denseParts : pitchedParts;
    long floats = (long) n * sourceShape.size();
    strips = (int) Math.max(Math.ceilDiv(floats, STRIP), Math.ceilDiv(PIECES, panels));
    panelsPerPiece = strips >= PIECES / 2 ? panels : 1;
    panelsFirst = packing.floats() > floats;
    for (Part part : parts) {
      part.tiles = Math.ceilDiv(n * part.pixels.pixels(), TILE.rows);
      for (int r = 0; r < part.runAt.length; r++) {
        part.runAt[r] = part.runDistance[r] * source.pitch();
      }
    }
    workers.run(strips * (panels / panelsPerPiece), this);
  }

  /// Images with their padding.
  private Tensor pad(int n, Tensor x, Tensor scratch) {
    Tensor to = Tensor.dense(scratch.storage(), scratch.offset(), padded.x());
    float[] from = x.floats(), p = to.floats();
    Arrays.fill(p, to.offset(), to.offset() + n * padded.x().size(), 0);
    int rows = Math.min(sourceShape.h(), padded.ih() - padTop);
    int columns = Math.min(sourceShape.w(), padded.iw() - padLeft);
    for (int row = 0; row < n * rows; row++) {
      int source = (row / rows * sourceShape.h() + row % rows) * sourceShape.w();
      int target = (row / rows * padded.ih() + padTop + row % rows) * padded.iw() + padLeft;
      for (int i = 0; i < columns; i++) {
        int at = to.offset() + (target + i) * to.pitch();
        System.arraycopy(from, x.offset() + (source + i) * x.pitch(), p, at, sourceShape.c());
      }
    }
    return to;
  }

  /// A piece is a strip of every class's tiles, which is about the same region of the images in
  /// each, and one panel or all.
  @Override
  public void run(int piece, int worker) {
    int groups = panels / panelsPerPiece;
    long strip = panelsFirst ? piece % strips : piece / groups;
    int firstPanel = (panelsFirst ? piece / strips : piece % groups) * panelsPerPiece;
    long pixels = (long) n * source.shape().pixels();
    int first = (int) (pixels * strip / strips);
    int last = (int) (pixels * (strip + 1) / strips);
    tile[worker][0] = ImageProduct.fetch(source, first, last);
    for (int panel = firstPanel; panel < firstPanel + panelsPerPiece; panel++) {
      for (Part part : parts) {
        int from = (int) (part.tiles * strip / strips);
        int to = (int) (part.tiles * (strip + 1) / strips);
        for (int t = from; t < to; t++) {
          tile(part, t, panel, worker);
        }
      }
    }
  }

  private void tile(Part part, int t, int panel, int worker) {
    int first = t * TILE.rows;
    int rows = Math.min(TILE.rows, n * part.pixels.pixels() - first);
    GemmTile shape = rows <= LOW_TILE.rows ? LOW_TILE : TILE;
    locate(part, first, rows, shape.rows, rowAt[worker], targetAt[worker]);
    shape.rows(
        source.floats(),
        rowAt[worker],
        part.runAt,
        part.runLength,
        part.runPanel,
        part.runAt.length,
        packed.floats(),
        packed.offset() + panel * packing.panelFloats(),
        tile[worker],
        ORIGIN,
        NR);
    store(tile[worker], targetAt[worker], rows, panel * NR);
  }

  /// Where the sources and targets of a tile's pixels lie. Rows beyond the last pixel repeat it and
  /// are not stored.
  private void locate(Part part, int first, int rows, int height, int[] rowAt, int[] targetAt) {
    PixelClasses.PixelClass c = part.pixels;
    int[] sourceColumns = c.sourceColumns();
    int[] targetColumns = c.columns();
    int image = first / c.pixels();
    int row = first % c.pixels() / targetColumns.length;
    int column = first % targetColumns.length;
    int sourceRow = sourceRow(image, c.sourceRows()[row]);
    int targetRow = targetRow(image, c.rows()[row]);
    for (int i = 0; i < height; i++) {
      rowAt[i] = sourceRow + sourceColumns[column] * source.pitch();
      targetAt[i] = targetRow + targetColumns[column] * target.pitch();
      if (i < rows - 1 && ++column == targetColumns.length) {
        column = 0;
        if (++row == c.rows().length) {
          row = 0;
          image++;
        }
        sourceRow = sourceRow(image, c.sourceRows()[row]);
        targetRow = targetRow(image, c.rows()[row]);
      }
    }
  }

  private int sourceRow(int image, int row) {
    return source.offset() + (image * source.shape().h() + row) * sourceRowFloats;
  }

  private int targetRow(int image, int row) {
    return target.offset() + (image * targetShape.h() + row) * targetRowFloats;
  }

  /// Epilogue and ADD on the way to memory.
  private void store(float[] tile, int[] targetAt, int rows, int column) {
    float[] y = target.floats();
    Activation f = epilogue.f();
    for (int v = 0; v < 2 && column + v * L < targetShape.c(); v++) {
      int c = column + v * L;
      VectorMask<Float> inside = F.indexInRange(c, targetShape.c());
      boolean whole = c + L <= targetShape.c();
      FloatVector scale = channels(epilogue.scale(), c, 1, inside);
      FloatVector bias = channels(epilogue.bias(), c, 0, inside);
      for (int i = 0; i < rows; i++) {
        FloatVector sum =
            finished(FloatVector.fromArray(F, tile, ORIGIN + i * NR + v * L), scale, bias, f);
        int at = targetAt[i] + c;
        if (whole) {
          (write == Write.SET ? sum : sum.add(FloatVector.fromArray(F, y, at))).intoArray(y, at);
        } else {
          (write == Write.SET ? sum : sum.add(FloatVector.fromArray(F, y, at, inside)))
              .intoArray(y, at, inside);
        }
      }
    }
  }
}
