package dae.denoise;

import dae.image.Colors;
import dae.image.Picture;

/// A picture as the network sees it: without the colours that nobody sees, under an opacity of 0,
/// whatever a program left there. The network would take them for a part of the picture and let
/// them shine into what is seen, so it is shown the colours around instead. They are never laid out
/// as a whole, which would take the memory of another picture.
///
/// @param picture as it is
/// @param half one of half its size, rounded up, that has the colours of hidden pixels; null where
///   none are hidden
record Seen(Picture picture, Picture half) {
  /// Fills in what is hidden from a picture of half the size, the mean of what is not, which is
  /// filled in first (Gortler et al. 1996, "push-pull").
  static Seen of(Picture picture) {
    return new Seen(picture, isWhole(picture) ? null : filled(half(picture)));
  }

  /// Whether nothing is hidden that could be filled in.
  private static boolean isWhole(Picture picture) {
    byte[] alpha = picture.alpha();
    if (alpha == null || alpha.length == 1) {
      return true;
    }
    for (byte opacity : alpha) {
      if (opacity == 0) {
        return false;
      }
    }
    return true;
  }

  /// The means of what is seen of two by two pixels, in floats; hidden where that is nothing.
  private static Picture half(Picture picture) {
    int h = Math.ceilDiv(picture.height(), 2);
    int w = Math.ceilDiv(picture.width(), 2);
    float[] half = new float[h * w * Picture.CHANNELS];
    byte[] count = new byte[h * w];
    float[] line = new float[picture.width() * Picture.CHANNELS];
    for (int y = 0; y < picture.height(); y++) {
      picture.colors().read(y * line.length, line.length, line, 0);
      for (int x = 0; x < picture.width(); x++) {
        if (picture.alpha()[y * picture.width() + x] != 0) {
          int to = y / 2 * w + x / 2;
          count[to]++;
          for (int c = 0; c < Picture.CHANNELS; c++) {
            half[to * Picture.CHANNELS + c] += line[x * Picture.CHANNELS + c];
          }
        }
      }
    }
    for (int i = 0; i < half.length; i++) {
      half[i] /= Math.max(count[i / Picture.CHANNELS], 1);
    }
    return new Picture(h, w, half, count);
  }

  /// @param level in floats; what is hidden in it is overwritten
  private static Picture filled(Picture level) {
    Seen seen = of(level);
    Colors colors = level.colors();
    float[] line = new float[level.width() * Picture.CHANNELS];
    for (int y = 0; y < level.height() && seen.half != null; y++) {
      seen.read(y * level.width(), level.width(), line);
      colors.write(line, 0, line.length, y * line.length);
    }
    return level;
  }

  /// Takes out pixels of one row.
  ///
  /// @param pixel the first
  /// @param count how many
  /// @param to where to, from its start
  void read(int pixel, int count, float[] to) {
    picture.colors().read(pixel * Picture.CHANNELS, count * Picture.CHANNELS, to, 0);
    for (int i = 0; i < count && half != null; i++) {
      if (picture.alpha()[pixel + i] == 0) {
        int y = (pixel + i) / picture.width() / 2;
        int x = (pixel + i) % picture.width() / 2;
        half.colors()
            .read(
                (y * half.width() + x) * Picture.CHANNELS,
                Picture.CHANNELS,
                to,
                i * Picture.CHANNELS);
      }
    }
  }
}
