package dae.kernel.simd;

import static dae.kernel.simd.Lanes.AR;
import static dae.kernel.simd.Lanes.F;
import static dae.kernel.simd.Lanes.L;

import dae.kernel.Conv2dSpec;
import dae.tensor.Tensor;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/// The patches of a convolution over few channels, such as a picture's 3: `patch[pixel][tap·IC +
/// ic]` (im2col), 27 floats for 3×3 taps, with zeros for what lies outside the image.
///
/// Rows of x are first copied between zeros; then each row of taps of every patch is KW·IC
/// neighbouring floats, at the border as elsewhere. The floats of a patch come in groups of AR:
/// float k of pixel p of the block stands at `(k / AR)·groupFloats + p·AR + k % AR`, which is a
/// packed panel for each group.
final class Patches {
  private final Conv2dSpec s;
  private final int framePitch;
  private final int frameFloats;

  /// Floats of a patch's row of taps.
  private final int width;

  /// Floats of a patch.
  final int length;

  /// Groups of a patch's floats.
  final int groups;

  /// Distance between two groups.
  final int groupFloats;

  /// @param block pixels that are packed at a time, at most
  Patches(Conv2dSpec s, int block) {
    this.s = s;
    width = s.kw() * s.ic();
    length = s.kh() * width;
    groups = Math.ceilDiv(length, AR);
    groupFloats = block * AR;
    framePitch = Math.max((s.ow() - 1) * s.stride() + s.kw(), s.padLeft() + s.iw()) * s.ic();
    frameFloats = s.kh() * framePitch + L;
  }

  /// Scratch for a block of patches and the rows they are cut from.
  int floats() {
    return groups * groupFloats + frameFloats;
  }

  /// Packs the patches of some of y's pixels, row by row.
  ///
  /// @param at where they go in scratch
  void pack(Tensor x, int first, int count, float[] scratch, int at) {
    int frame = at + groups * groupFloats;
    Arrays.fill(scratch, frame, frame + frameFloats, 0);
    int to = at;
    for (int pixel = first; pixel < first + count; ) {
      int row = pixel / s.ow();
      int column = pixel % s.ow();
      int pixels = Math.min(s.ow() - column, first + count - pixel);
      frame(x, row / s.oh(), row % s.oh() * s.stride() - s.padTop(), scratch, frame);
      cut(scratch, frame + column * s.stride() * s.ic(), pixels, to);
      pixel += pixels;
      to += pixels * AR;
    }
  }

  /// Copies the rows of x under a row of y. What stands left and right of them stays zero.
  private void frame(Tensor x, int image, int firstRow, float[] scratch, int frame) {
    float[] X = x.floats();
    int rowFloats = s.iw() * s.ic();
    for (int kh = 0; kh < s.kh(); kh++) {
      int ih = firstRow + kh;
      int to = frame + kh * framePitch + s.padLeft() * s.ic();
      int from = x.offset() + (image * s.ih() + ih) * s.iw() * x.pitch();
      if (ih < 0 || ih >= s.ih()) {
        Arrays.fill(scratch, to, to + rowFloats, 0);
      } else if (x.isDense()) {
        System.arraycopy(X, from, scratch, to, rowFloats);
      } else {
        for (int iw = 0; iw < s.iw(); iw++) {
          System.arraycopy(X, from + iw * x.pitch(), scratch, to + iw * s.ic(), s.ic());
        }
      }
    }
  }

  /// Every patch's floats of some vector come from one row of taps or from several: each row is
  /// laid over those below it.
  private void cut(float[] scratch, int from, int pixels, int to) {
    for (int k = 0; k < length; k += L) {
      int at = to + k / AR * groupFloats + k % AR;
      int first = k / width;
      int last = (Math.min(length, k + L) - 1) / width;
      int below = from + k + last * (framePitch - width);
      int belowStep = s.stride() * s.ic();
      for (int kh = Math.max(first, last - 1); kh >= first; kh--) {
        int above = from + k + kh * (framePitch - width);
        lay(scratch, above, F.indexInRange(k, (kh + 1) * width), below, belowStep, pixels, at);
        below = at;
        belowStep = AR;
      }
    }
  }

  /// One vector of every patch: `above` under the mask, else `below`.
  private void lay(
      float[] scratch,
      int above,
      VectorMask<Float> mask,
      int below,
      int belowStep,
      int pixels,
      int to) {
    int step = s.stride() * s.ic();
    for (int pixel = 0; pixel < pixels; pixel++) {
      FloatVector.fromArray(F, scratch, below + pixel * belowStep)
          .blend(FloatVector.fromArray(F, scratch, above + pixel * step), mask)
          .intoArray(scratch, to + pixel * AR);
    }
  }
}
