package dae.baseline;

import static dae.baseline.Border.CHANNELS;

import java.util.Arrays;
import java.util.List;

/// **Median filter** (Tukey 1977): every value becomes the middle one of those around it, channel
/// by channel. Single wrong pixels vanish and edges stay; fine lines vanish too.
///
/// @param side of the window, odd
record MedianFilter(int side) implements Baseline {
  static List<Baseline> candidates() {
    return List.of(new MedianFilter(3), new MedianFilter(5));
  }

  @Override
  public String word() {
    return "median %d×%d".formatted(side, side);
  }

  @Override
  public void clean(float[] noisy, int height, int width, float[] clean) {
    int wide = width + side - 1;
    float[] padded = Border.mirrored(noisy, height, width, side / 2);
    float[] window = new float[side * side];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        for (int c = 0; c < CHANNELS; c++) {
          for (int k = 0; k < window.length; k++) {
            window[k] = padded[((y + k / side) * wide + x + k % side) * CHANNELS + c];
          }
          Arrays.sort(window);
          clean[(y * width + x) * CHANNELS + c] = window[window.length / 2];
        }
      }
    }
  }
}
