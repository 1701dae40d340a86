package dae.kernel.simd;

import static dae.kernel.simd.Lanes.F;
import static dae.kernel.simd.Lanes.L;
import static dae.kernel.simd.Lanes.NR;
import static dae.kernel.simd.Winograd4.POINTS;
import static dae.kernel.simd.Winograd4.STEP;

import dae.kernel.Conv2dSpec;
import dae.kernel.Epilogue;
import dae.tensor.Shape;
import dae.tensor.Tensor;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/// Every 2×2 pixels of few channels C as one pixel of 4·C, and back (the pixel unshuffle and
/// shuffle of W. Shi et al., *Real-Time Single Image and Video Super-Resolution Using an Efficient
/// Sub-Pixel Convolutional Neural Network*, 2016). So seen a 6×6 convolution with stride 2 is a 3×3
/// one with stride 1, which [Winograd4Image] makes with a quarter of the multiplications.
///
/// ```
///   row 2h    │ a a a b b b │       C = 3, in vectors of 8:  a a a b b b 0 0 │ c c c d d d 0 0
///   row 2h+1  │ c c c d d d │                   or of 16:    a a a b b b c c c d d d 0 0 0 0
/// ```
///
/// In full size nothing is laid out so: it happens block by block.
final class PixelShuffle {
  private static final int KERNEL = 6;

  private final Conv2dSpec s;
  private final boolean forward;
  private final int pair;
  private final int vectors;
  private final Tensor scale;
  private final Tensor bias;

  PixelShuffle(Conv2dSpec s, boolean forward) {
    this.s = s;
    this.forward = forward;
    pair = 2 * s.ic();
    vectors = 2 * pair <= L ? 1 : 2;
    scale = Tensor.onHeap(Shape.vector(vectors * L), 1);
    bias = Tensor.onHeap(Shape.vector(vectors * L), 1);
  }

  static boolean suits(Conv2dSpec s) {
    return s.kh() == KERNEL
        && s.kw() == KERNEL
        && s.stride() == 2
        && s.padTop() == 2
        && s.padLeft() == 2
        && s.ih() == 2 * s.oh()
        && s.iw() == 2 * s.ow()
        && 2 * s.ic() <= L
        && Winograd4.suits(
            new Conv2dSpec(s.oh(), s.ow(), s.oc(), s.oh(), s.ow(), s.oc(), 3, 3, 1, 1, 1));
  }

  /// Of x as it is seen: whole vectors, at half the size.
  Shape shape() {
    return Shape.image(s.oh(), s.ow(), vectors * L);
  }

  /// Which of a seen pixel's channels is channel c of the pixel at the given row and column of the
  /// four.
  private int slot(int row, int column, int c) {
    return row * (vectors == 1 ? pair : L) + column * s.ic() + c;
  }

  /// The filter of the 3×3 convolution, laid out as [FilterPacking] does.
  void pack(Tensor w, Tensor packed) {
    int depth = forward ? vectors * L : s.oc();
    int outputs = forward ? s.oc() : vectors * L;
    float[] p = packed.floats();
    int size = Math.ceilDiv(outputs, NR) * 9 * depth * NR;
    Arrays.fill(p, packed.offset(), packed.offset() + size, 0);
    for (int i = 0; i < KERNEL * KERNEL * s.ic(); i++) {
      int kh = i / s.ic() / KERNEL;
      int kw = i / s.ic() % KERNEL;
      int slot = slot(kh % 2, kw % 2, i % s.ic());
      int tap = 3 * (kh / 2) + kw / 2;
      int position = forward ? tap : 8 - tap;
      for (int k = 0; k < s.oc(); k++) {
        int row = forward ? slot : k;
        int column = forward ? k : slot;
        int at = ((column / NR * 9 + position) * depth + row) * NR + column % NR;
        p[packed.offset() + at] = w.floats()[w.offset() + i * s.oc() + k];
      }
    }
  }

  /// An epilogue's values for each of a seen pixel's channels.
  Epilogue shuffled(Epilogue epilogue) {
    return new Epilogue(
        shuffled(epilogue.scale(), scale), shuffled(epilogue.bias(), bias), epilogue.f());
  }

  private Tensor shuffled(Tensor from, Tensor to) {
    for (int i = 0; from != null && i < 4 * s.ic(); i++) {
      int slot = slot(i / pair, i / s.ic() % 2, i % s.ic());
      to.floats()[to.offset() + slot] = from.floats()[from.offset() + i % s.ic()];
    }
    return from == null ? null : to;
  }

  /// `Bᵀ x B` of the 6×6 seen pixels around a block, as [Winograd4#ofX] makes it.
  ///
  /// @param h the block's first row, counted in seen pixels
  /// @param w its first column
  void ofX(Tensor x, int image, int h, int w, Winograd4.Between between, float[] out, int to) {
    for (int v = 0; v < vectors; v++, to += InterleavedTile.STEP) {
      layOut(x, image, h - 1, w - 1, v, between.values);
      Winograd4.ofLaidOut(between, out, to);
    }
  }

  /// A vector of each of 6×6 seen pixels; zeros for those that do not exist. Each run of floats
  /// brings zeros behind it, which the next one is written over.
  private void layOut(Tensor x, int image, int h, int w, int v, float[] b) {
    float[] p = x.floats();
    int run = x.isDense() ? pair : s.ic();
    int row = s.iw() * x.pitch();
    VectorMask<Float> inside = F.indexInRange(0, run);
    for (int i = 0, to = Winograd4.EDGE; i < POINTS; i++) {
      int at = x.offset() + (image * s.ih() + 2 * (h + i) + v) * row + 2 * w * x.pitch();
      for (int j = 0; j < POINTS; j++, to += L, at += 2 * x.pitch()) {
        if (h + i < 0 || h + i >= s.oh() || w + j < 0 || w + j >= s.ow()) {
          FloatVector.zero(F).intoArray(b, to);
          continue;
        }
        for (int k = 0; k < 2 * pair / vectors; k += run) {
          FloatVector.fromArray(F, p, at + run(k, x.pitch(), row), inside).intoArray(b, to + k);
        }
      }
    }
  }

  /// Where a run of a seen pixel's vector lies in the image.
  private int run(int k, int pitch, int row) {
    return (k < pair ? 0 : row) + (k % pair == 0 ? 0 : pitch);
  }

  /// Writes a vector of each of a block's 4×4 seen pixels to where it belongs.
  ///
  /// @param b holds them one behind the other from `Winograd4.EDGE` on
  void store(float[] b, Tensor y, int image, int h, int w, int v, boolean add) {
    float[] p = y.floats();
    int run = y.isDense() ? pair : s.ic();
    int row = s.iw() * y.pitch();
    VectorMask<Float> inside = F.indexInRange(0, run);
    int rows = Math.min(STEP, s.oh() - h);
    int columns = Math.min(STEP, s.ow() - w);
    for (int i = 0; i < rows; i++) {
      int at = y.offset() + (image * s.ih() + 2 * (h + i) + v) * row + 2 * w * y.pitch();
      int from = Winograd4.EDGE + i * STEP * L;
      for (int j = 0; j < columns; j++, from += L, at += 2 * y.pitch()) {
        for (int k = 0; k < 2 * pair / vectors; k += run) {
          int to = at + run(k, y.pitch(), row);
          FloatVector value = FloatVector.fromArray(F, b, from + k);
          if (add) {
            value = value.add(FloatVector.fromArray(F, p, to, inside));
          }
          value.intoArray(p, to, inside);
        }
      }
    }
  }
}
