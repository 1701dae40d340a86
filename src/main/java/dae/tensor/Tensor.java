package dae.tensor;

/// A window on a storage: where its values start, what they mean, and how far apart neighbouring
/// pixels lie.
///
/// The value (n, h, w, c) of an image tensor lies at `offset + ((n·H + h)·W + w)·pitch + c`; other
/// tensors are contiguous.
///
/// @param storage where the values are
/// @param offset the first of them
/// @param shape named extents; the batch extent is not part of it
/// @param pitch floats from one pixel to the next, at least C; larger in a channel slice of a
///   concatenation
public record Tensor(Storage storage, int offset, Shape shape, int pitch) {
  public Tensor {
    if (shape.isImage() && pitch < shape.c()) {
      throw new IllegalArgumentException(
          "tensor: expected a pitch of at least C, got " + pitch + " for " + shape);
    }
  }

  /// Contiguous values.
  public static Tensor dense(Storage storage, int offset, Shape shape) {
    return new Tensor(storage, offset, shape, shape.isImage() ? shape.c() : 1);
  }

  /// Fresh contiguous values on the Java heap, all zero: room for n images, or for the one filter,
  /// vector or scalar.
  public static Tensor onHeap(Shape shape, int n) {
    return dense(new Storage.Heap(new float[Math.multiplyExact(n, shape.size())]), 0, shape);
  }

  /// The array behind a tensor on the Java heap.
  public float[] floats() {
    return ((Storage.Heap) storage).floats();
  }

  /// Whether pixel follows pixel without a gap.
  public boolean isDense() {
    return !shape.isImage() || pitch == shape.c();
  }

  /// Channels `from` to `from + channels` of every pixel.
  public Tensor slice(int from, int channels) {
    if (from < 0 || channels < 1 || from + channels > shape.c()) {
      throw new IllegalArgumentException(
          "slice: expected channels within " + shape + ", got " + from + " + " + channels);
    }
    return new Tensor(storage, offset + from, Shape.image(shape.h(), shape.w(), channels), pitch);
  }
}
