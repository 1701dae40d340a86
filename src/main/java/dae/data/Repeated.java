package dae.data;

import dae.random.Shuffle;
import java.util.Arrays;

/// Images that an epoch shows more than once, or of which it shows a part, another each time.
final class Repeated implements ImageSource {
  private final Images images;
  private final int count;
  private int[] shown;

  /// @param weight how often each is shown, on average
  Repeated(Images images, double weight) {
    this(images, Math.clamp(Math.round(weight * images.count()), 1, Integer.MAX_VALUE));
  }

  private Repeated(Images images, int count) {
    this.images = images;
    this.count = count;
  }

  @Override
  public int count() {
    return count;
  }

  @Override
  public int height() {
    return images.height();
  }

  @Override
  public int width() {
    return images.width();
  }

  /// Round after round, each in an order of its own; of the last one only the first are shown. An
  /// image's number is its place in that order.
  @Override
  public void order(long seed, int epoch, int[] into) {
    shown = new int[count];
    int[] round = new int[images.count()];
    for (int start = 0, part = 0; start < count; start += round.length, part++) {
      Shuffle.fill(round, seed, part, epoch);
      System.arraycopy(round, 0, shown, start, Math.min(round.length, count - start));
    }
    Arrays.setAll(into, i -> i);
  }

  @Override
  public void copy(int number, byte[] clean, byte[] noisy, int offset) {
    images.copy(shown[number], clean, noisy, offset);
  }

  @Override
  public ImageSource first(int n) {
    return n >= count ? this : new Repeated(images, n);
  }

  @Override
  public ImageSource weighted(double weight) {
    return new Repeated(images, weight * count / images.count());
  }

  @Override
  public String fingerprint() {
    return count + " from " + images.fingerprint();
  }
}
