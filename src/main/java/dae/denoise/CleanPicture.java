package dae.denoise;

import dae.image.Colors;
import dae.image.Picture;

/// A clean picture that comes into being run by run: what a network made of some pixels becomes
/// what is taken over of it, rounded once to the depth of the noisy picture.
final class CleanPicture {
  private final Picture noisy;
  private final Colors colors;
  private final boolean grey;
  private final Strength strength;

  /// Of each row's channels, so that their sum does not hang on which thread was first.
  private final double[] change;

  /// @param noisy the picture as it was
  /// @param colors take the clean values; of its length
  /// @param grey whether it is without colour
  /// @param strength how much of the change is taken over
  CleanPicture(Picture noisy, Colors colors, boolean grey, Strength strength) {
    this.noisy = noisy;
    this.colors = colors;
    this.grey = grey;
    this.strength = strength;
    change = new double[noisy.height() * Picture.CHANNELS];
  }

  /// Takes pixels of one row, of which one thread at a time may do so.
  ///
  /// @param after what the network made of them; overwritten
  /// @param at where they start in it
  /// @param pixel the first of them
  /// @param count how many
  void put(float[] after, int at, int pixel, int count) {
    float[] before = new float[count * Picture.CHANNELS];
    noisy.colors().read(pixel * Picture.CHANNELS, before.length, before, 0);
    if (grey) {
      Grey.average(after, at, count);
    }
    restore(before, after, at, pixel, count);
    int row = pixel / noisy.width() * Picture.CHANNELS;
    for (int c = 0; c < Picture.CHANNELS; c++) {
      double sum = 0;
      for (int i = c; i < before.length; i += Picture.CHANNELS) {
        sum += after[at + i] - before[i];
      }
      change[row + c] += sum;
    }
    strength.apply(before, after, at, count);
    colors.write(after, at, before.length, pixel * Picture.CHANNELS);
  }

  /// Gives hidden pixels their colours back.
  private void restore(float[] before, float[] after, int at, int pixel, int count) {
    byte[] alpha = noisy.alpha();
    for (int i = 0; i < count && alpha != null; i++) {
      if (alpha[pixel + i] == 0) {
        int from = i * Picture.CHANNELS;
        System.arraycopy(before, from, after, at + from, Picture.CHANNELS);
      }
    }
  }

  /// The picture, once it has all its pixels.
  ///
  /// @return it shares the array of opacities
  Picture picture() {
    return new Picture(noisy.height(), noisy.width(), colors, noisy.alpha());
  }

  /// How far the network moved the mean of a channel, whatever is taken over of it.
  double moved(int channel) {
    double sum = 0;
    for (int i = channel; i < change.length; i += Picture.CHANNELS) {
      sum += change[i];
    }
    return sum / (noisy.colors().length() / Picture.CHANNELS);
  }
}
