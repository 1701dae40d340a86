package dae.data;

/// Some images of an epoch: their bytes, and which images they are. One of the reader's two
/// buffers, valid until the epoch's next [Batches.Epoch#next].
public final class Batch {
  private final byte[] pixels;
  private final byte[] damaged;
  private final byte[] cover;
  private final int[] indices;
  private int size;

  /// @param coverPerImage bytes of an image's cover; 0 for none
  Batch(int capacity, int bytesPerImage, boolean painted, int coverPerImage) {
    pixels = new byte[capacity * bytesPerImage];
    damaged = painted ? new byte[capacity * bytesPerImage] : null;
    cover = coverPerImage > 0 ? new byte[capacity * coverPerImage] : null;
    indices = new int[capacity];
  }

  /// Interleaved RGB; the first size · H · W · 3 bytes are valid.
  public byte[] pixels() {
    return pixels;
  }

  /// The same images with what was painted on them; null where nothing is painted.
  public byte[] damaged() {
    return damaged;
  }

  /// How far each pixel was covered by what was painted on it, from 0 to 255, a byte per pixel;
  /// null where nobody asked.
  public byte[] cover() {
    return cover;
  }

  /// The images' indices in their split, which key their noise; the first `size` are valid.
  public int[] indices() {
    return indices;
  }

  /// How many images: the batch size, except in an epoch's last batch.
  public int size() {
    return size;
  }

  void resize(int newSize) {
    size = newSize;
  }
}
