package dae.data;

import dae.Heap;
import dae.UserError;
import java.util.Arrays;

/// Images of one size, as bytes: interleaved RGB, image after image, row after row (N, H, W, 3).
///
/// Bytes and not floats, because all of CIFAR-100 is then 184 MB instead of 737 MB.
public final class Images {
  /// Bytes per pixel: red, green, blue.
  public static final int CHANNELS = 3;

  private final int height;
  private final int width;
  private final int count;
  private final byte[] bytes;

  /// @param height rows of each image
  /// @param width columns of each image
  /// @param bytes the pixels of whole images; kept, not copied
  public Images(int height, int width, byte[] bytes) {
    this(height, width, bytes, bytes.length / (height * width * CHANNELS));
    if (bytes.length % bytesPerImage() != 0) {
      throw new IllegalArgumentException(
          "Images: expected whole images of %d×%d×3 bytes, got %d bytes"
              .formatted(height, width, bytes.length));
    }
  }

  private Images(int height, int width, byte[] bytes, int count) {
    this.height = height;
    this.width = width;
    this.bytes = bytes;
    this.count = count;
  }

  /// An array for the pixels of a data set.
  ///
  /// @throws UserError if the heap cannot hold it
  static byte[] room(String dataset, int bytes) {
    if (!Heap.holds(bytes)) {
      throw Heap.tooSmall(dataset, "its images", bytes, "take a smaller data set");
    }
    return new byte[bytes];
  }

  /// How many images.
  public int count() {
    return count;
  }

  /// Rows of each image.
  public int height() {
    return height;
  }

  /// Columns of each image.
  public int width() {
    return width;
  }

  /// H · W · 3.
  public int bytesPerImage() {
    return height * width * CHANNELS;
  }

  /// The pixels themselves, not a copy; image i starts at i · [#bytesPerImage]. The array may go on
  /// beyond the last image.
  public byte[] bytes() {
    return bytes;
  }

  /// The first n images, or all if there are fewer. Shares the pixels.
  public Images first(int n) {
    if (n < 0) {
      throw new IllegalArgumentException("Images: expected a number of images ≥ 0, got " + n);
    }
    return n >= count ? this : new Images(height, width, bytes, n);
  }

  /// A copy of the last n images.
  Images last(int n) {
    int from = (count - n) * bytesPerImage();
    return new Images(height, width, Arrays.copyOfRange(bytes, from, count * bytesPerImage()));
  }

  /// Copies the pixels of one image to `into[offset …]`.
  void copy(int image, byte[] into, int offset) {
    System.arraycopy(bytes, image * bytesPerImage(), into, offset, bytesPerImage());
  }

  /// The same, its pixels in another order.
  ///
  /// @param from for each pixel of the result the one it was
  void copy(int image, int[] from, byte[] into, int offset) {
    int at = image * bytesPerImage();
    for (int pixel = 0; pixel < from.length; pixel++) {
      System.arraycopy(
          bytes, at + from[pixel] * CHANNELS, into, offset + pixel * CHANNELS, CHANNELS);
    }
  }
}
