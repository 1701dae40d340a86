package dae.tensor;

import java.util.Arrays;
import java.util.Objects;

/// Extents with the names of their axes. Three kinds exist, and each knows its own axes:
///
/// - [#image] `N×H×W×C`: a batch of feature maps; N is free and not stored here,
/// - [#filter] `KH×KW×I×O`: the weights of a convolution (Keras' HWIO),
/// - [#vector] `C`: one value per channel; [#scalar] is a single value.
public final class Shape {
  private static final String[] IMAGE = {"H", "W", "C"};
  private static final String[] FILTER = {"KH", "KW", "I", "O"};
  private static final String[] VECTOR = {"C"};
  private static final String[] SCALAR = {};

  private final String[] axes;
  private final int[] extents;

  // Of an image, and a vector's c; else 0. Kernels ask for them in their loops.
  private final int h;
  private final int w;
  private final int c;

  private Shape(String[] axes, int... extents) {
    this.axes = axes;
    this.extents = extents;
    h = axes == IMAGE ? extents[0] : 0;
    w = axes == IMAGE ? extents[1] : 0;
    c = axes == IMAGE || axes == VECTOR ? extents[extents.length - 1] : 0;
    long size = 1;
    for (int a = 0; a < extents.length; a++) {
      if (extents[a] < 1) {
        throw new IllegalArgumentException(
            "shape: expected extents of at least 1, got " + axes[a] + " = " + extents[a]);
      }
      size = Math.multiplyExact(size, extents[a]);
    }
    if (size > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "shape: expected at most 2^31 - 1 values, got " + size + " in " + this);
    }
  }

  /// A batch of feature maps, N×H×W×C.
  public static Shape image(int h, int w, int c) {
    return new Shape(IMAGE, h, w, c);
  }

  /// Weights of a convolution, KH×KW×I×O.
  public static Shape filter(int kh, int kw, int in, int out) {
    return new Shape(FILTER, kh, kw, in, out);
  }

  /// One value per channel.
  public static Shape vector(int c) {
    return new Shape(VECTOR, c);
  }

  /// A single value.
  public static Shape scalar() {
    return new Shape(SCALAR);
  }

  /// Whether a batch extent N stands in front.
  public boolean isImage() {
    return axes == IMAGE;
  }

  /// Height of an image.
  public int h() {
    return h > 0 ? h : extent("H");
  }

  /// Width of an image.
  public int w() {
    return w > 0 ? w : extent("W");
  }

  /// Channels of an image or a vector.
  public int c() {
    return c > 0 ? c : extent("C");
  }

  /// The extent of the named axis.
  public int extent(String axis) {
    for (int a = 0; a < axes.length; a++) {
      if (axes[a].equals(axis)) {
        return extents[a];
      }
    }
    throw new IllegalArgumentException("shape: expected an axis " + axis + ", got " + this);
  }

  /// The extents in order, without N; a copy.
  public int[] extents() {
    return extents.clone();
  }

  /// How many values: of one image, or of the whole filter, vector or scalar.
  public int size() {
    int size = 1;
    for (int extent : extents) {
      size *= extent;
    }
    return size;
  }

  /// Pixels of one image; 1 for anything that is not an image.
  public int pixels() {
    return isImage() ? extents[0] * extents[1] : 1;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Shape that
        && Arrays.equals(axes, that.axes)
        && Arrays.equals(extents, that.extents);
  }

  @Override
  public int hashCode() {
    return Objects.hash(Arrays.hashCode(axes), Arrays.hashCode(extents));
  }

  /// For example `N×H16×W16×C32`.
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(isImage() ? "N" : "");
    for (int a = 0; a < axes.length; a++) {
      text.append(text.isEmpty() ? "" : "×").append(axes[a]).append(extents[a]);
    }
    return text.isEmpty() ? "scalar" : text.toString();
  }
}
