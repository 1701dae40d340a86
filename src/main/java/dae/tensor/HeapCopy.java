package dae.tensor;

/// Copies between contiguous arrays and tensors on the Java heap, whatever their pitch.
public final class HeapCopy {
  private HeapCopy() {}

  /// n images, or the one filter, vector or scalar, from `from[at…]` into the tensor.
  public static void upload(float[] from, int at, Tensor to, int n) {
    Shape shape = to.shape();
    if (to.isDense()) {
      System.arraycopy(from, at, to.floats(), to.offset(), count(shape, n));
      return;
    }
    for (int pixel = 0; pixel < n * shape.pixels(); pixel++) {
      System.arraycopy(
          from, at + pixel * shape.c(), to.floats(), to.offset() + pixel * to.pitch(), shape.c());
    }
  }

  /// The reverse of [#upload].
  public static void download(Tensor from, int n, float[] to, int at) {
    Shape shape = from.shape();
    if (from.isDense()) {
      System.arraycopy(from.floats(), from.offset(), to, at, count(shape, n));
      return;
    }
    for (int pixel = 0; pixel < n * shape.pixels(); pixel++) {
      System.arraycopy(
          from.floats(),
          from.offset() + pixel * from.pitch(),
          to,
          at + pixel * shape.c(),
          shape.c());
    }
  }

  private static int count(Shape shape, int n) {
    return shape.isImage() ? n * shape.size() : shape.size();
  }
}
