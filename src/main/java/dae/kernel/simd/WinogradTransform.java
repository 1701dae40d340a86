package dae.kernel.simd;

import static dae.kernel.simd.Lanes.AR;
import static dae.kernel.simd.Lanes.F;
import static dae.kernel.simd.Lanes.L;

import dae.kernel.Conv2dSpec;
import dae.tensor.Tensor;
import jdk.incubator.vector.FloatVector;

/// What [WinogradImage] and [WinogradFilter] multiply instead of x's pixels: differences along the
/// rows, of differences along the columns (Lavin & Gray's transform of the data).
final class WinogradTransform {
  /// Stands for a row that does not exist: its pixels count as zero.
  static final int NONE = Integer.MIN_VALUE;

  /// The pixel that each of x's five values along an axis is, counted from the first of four.
  static final int[] PLUS = {0, 1, 3, 4, 2};

  /// The pixel that is subtracted from it, or NONE.
  static final int[] MINUS = {2, NONE, NONE, 2, NONE};

  private WinogradTransform() {}

  static boolean suits(Conv2dSpec s) {
    return s.kh() == 3
        && s.kw() == 3
        && s.stride() == 2
        && s.padTop() == 0
        && s.padLeft() == 0
        && s.ih() == 2 * s.oh()
        && s.iw() == 2 * s.ow()
        && s.ic() % L == 0
        && s.oc() % L == 0;
  }

  /// Where row h + distance of an image lies; NONE above it, below it and without a distance.
  static int row(Tensor t, int image, int h, int distance) {
    return distance == NONE || h + distance < 0 || h + distance >= t.shape().h()
        ? NONE
        : t.offset() + (image * t.shape().h() + h + distance) * t.shape().w() * t.pitch();
  }

  /// A row's values minus another's.
  static FloatVector difference(float[] p, int plus, int minus, int i) {
    FloatVector v = plus == NONE ? FloatVector.zero(F) : FloatVector.fromArray(F, p, plus + i);
    return minus == NONE ? v : v.sub(FloatVector.fromArray(F, p, minus + i));
  }

  /// Of four pixels e₀ o₀ e₁ o₁ and the next one e₂: e₀ − e₁, o₀, o₁, e₂ − e₁, e₁.
  ///
  /// @param plus where a row of x lies
  /// @param minus and the row that is subtracted from it
  /// @param from where the first pixel lies, counted from a row
  /// @param columns of the image from the first pixel on
  /// @param spacing distance between the five
  /// @param panel distance of [Lanes#AR] channels
  static void ofX(
      Tensor x,
      int plus,
      int minus,
      int from,
      int columns,
      float[] out,
      int to,
      int spacing,
      int panel) {
    float[] p = x.floats();
    int next = x.pitch();
    int channels = x.shape().c();
    for (int c = 0; c < channels; c += L) {
      FloatVector zero = FloatVector.zero(F);
      FloatVector e0 = difference(p, plus, minus, from + c);
      FloatVector o0 = difference(p, plus, minus, from + c + next);
      FloatVector e1 = columns > 2 ? difference(p, plus, minus, from + c + 2 * next) : zero;
      FloatVector o1 = columns > 2 ? difference(p, plus, minus, from + c + 3 * next) : zero;
      FloatVector e2 = columns > 4 ? difference(p, plus, minus, from + c + 4 * next) : zero;
      int at = to + c / AR * panel + c % AR;
      e0.sub(e1).intoArray(out, at);
      o0.intoArray(out, at + spacing);
      o1.intoArray(out, at + 2 * spacing);
      e2.sub(e1).intoArray(out, at + 3 * spacing);
      e1.intoArray(out, at + 4 * spacing);
    }
  }
}
