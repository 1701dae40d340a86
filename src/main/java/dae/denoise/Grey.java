package dae.denoise;

import dae.image.Picture;

/// Pictures without colour: a network of three channels would tint them.
final class Grey {
  private Grey() {}

  /// Whether each pixel's three values are the same.
  static boolean is(Seen seen) {
    int width = seen.picture().width();
    float[] rgb = new float[width * Picture.CHANNELS];
    for (int y = 0; y < seen.picture().height(); y++) {
      seen.read(y * width, width, rgb);
      for (int i = 0; i < rgb.length; i += Picture.CHANNELS) {
        if (rgb[i] != rgb[i + 1] || rgb[i] != rgb[i + 2]) {
          return false;
        }
      }
    }
    return true;
  }

  /// Puts each pixel's mean in place of its three values, which has less noise than any of them.
  ///
  /// @param at where the first pixel is
  /// @param count how many
  static void average(float[] rgb, int at, int count) {
    for (int i = at; i < at + count * Picture.CHANNELS; i += Picture.CHANNELS) {
      float mean = (rgb[i] + rgb[i + 1] + rgb[i + 2]) / Picture.CHANNELS;
      rgb[i] = mean;
      rgb[i + 1] = mean;
      rgb[i + 2] = mean;
    }
  }
}
