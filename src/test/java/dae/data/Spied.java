package dae.data;

import java.util.Arrays;
import java.util.function.IntConsumer;

/// Images in their own order that tell which of them is read.
record Spied(Images images, IntConsumer read) implements ImageSource {
  @Override
  public int count() {
    return images.count();
  }

  @Override
  public int height() {
    return images.height();
  }

  @Override
  public int width() {
    return images.width();
  }

  @Override
  public void order(long seed, int epoch, int[] into) {
    Arrays.setAll(into, i -> i);
  }

  @Override
  public void copy(int number, byte[] clean, byte[] noisy, int offset) {
    read.accept(number);
    images.copy(number, clean, noisy, offset);
  }

  @Override
  public ImageSource first(int n) {
    return new Spied(images.first(n), read);
  }

  @Override
  public ImageSource weighted(double weight) {
    throw new UnsupportedOperationException();
  }

  @Override
  public String fingerprint() {
    return images.fingerprint();
  }
}
