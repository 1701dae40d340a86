package dae.data;

import dae.Heap;
import dae.UserError;
import dae.random.Shuffle;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;

/// Images of one size, as bytes: interleaved RGB, image after image, row after row (N, H, W, 3).
///
/// Bytes and not floats, because all of CIFAR-100 is then 184 MB instead of 737 MB.
public final class Images implements ImageSource {
  /// Bytes per pixel: red, green, blue.
  public static final int CHANNELS = 3;

  private final int height;
  private final int width;
  private final int count;
  private final byte[] bytes;
  private final byte[] noisy;

  /// @param height rows of each image
  /// @param width columns of each image
  /// @param bytes the pixels of whole images; kept, not copied
  public Images(int height, int width, byte[] bytes) {
    this(height, width, bytes, null);
  }

  /// Images that come in pairs.
  ///
  /// @param noisy the partners' pixels; null for images alone
  Images(int height, int width, byte[] bytes, byte[] noisy) {
    this(height, width, bytes, noisy, bytes.length / (height * width * CHANNELS));
    if (bytes.length % bytesPerImage() != 0) {
      throw new IllegalArgumentException(
          "Images: expected whole images of %d×%d×3 bytes, got %d bytes"
              .formatted(height, width, bytes.length));
    }
  }

  private Images(int height, int width, byte[] bytes, byte[] noisy, int count) {
    this.height = height;
    this.width = width;
    this.bytes = bytes;
    this.noisy = noisy;
    this.count = count;
  }

  /// All images of several sets.
  ///
  /// @throws UserError if they differ in size, or the heap cannot hold them
  static Images together(List<Images> sets) {
    Images one = sets.getFirst();
    if (sets.size() == 1) {
      return one;
    }
    // Says it where they do not fit together.
    int count = new Mixture(List.copyOf(sets)).count();
    byte[] all = room("dataset", Math.multiplyExact(count, one.bytesPerImage()));
    int filled = 0;
    for (Images set : sets) {
      System.arraycopy(set.bytes, 0, all, filled, set.count * one.bytesPerImage());
      filled += set.count * one.bytesPerImage();
    }
    return new Images(one.height, one.width, all);
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

  @Override
  public int count() {
    return count;
  }

  @Override
  public int height() {
    return height;
  }

  @Override
  public int width() {
    return width;
  }

  /// The pixels themselves, not a copy; image i starts at i · [#bytesPerImage]. The array may go on
  /// beyond the last image.
  public byte[] bytes() {
    return bytes;
  }

  /// The first n images, or all if there are fewer. Shares the pixels.
  @Override
  public Images first(int n) {
    if (n < 0) {
      throw new IllegalArgumentException("Images: expected a number of images ≥ 0, got " + n);
    }
    return n >= count ? this : new Images(height, width, bytes, noisy, n);
  }

  /// A copy of the last n images.
  Images last(int n) {
    int from = (count - n) * bytesPerImage();
    return new Images(height, width, Arrays.copyOfRange(bytes, from, count * bytesPerImage()));
  }

  /// A random order, keyed by (seed, epoch).
  @Override
  public void order(long seed, int epoch, int[] into) {
    Shuffle.fill(into, seed, epoch);
  }

  @Override
  public void copy(int number, byte[] clean, byte[] partner, int offset) {
    System.arraycopy(bytes, number * bytesPerImage(), clean, offset, bytesPerImage());
    if (noisy != null) {
      System.arraycopy(noisy, number * bytesPerImage(), partner, offset, bytesPerImage());
    }
  }

  @Override
  public boolean pairs() {
    return noisy != null;
  }

  @Override
  public ImageSource weighted(double weight) {
    return weight == 1 ? this : new Repeated(this, weight);
  }

  @Override
  public String fingerprint() {
    CRC32 crc = new CRC32();
    crc.update(bytes, 0, count * bytesPerImage());
    return "%d of %dx%d, CRC %08x".formatted(count, width, height, crc.getValue());
  }
}
