package peers;

import java.util.Random;

/// A fixed batch: random square images and the same with noise. N×H×W×C, or as [#planes] has it.
record Images(int batch, int side, float[] clean, float[] noisy) {
  static final int CHANNELS = 3;

  static Images random(int batch, int side) {
    Random random = new Random(1);
    float[] clean = new float[batch * side * side * CHANNELS];
    float[] noisy = new float[clean.length];
    for (int i = 0; i < clean.length; i++) {
      clean[i] = random.nextFloat();
      noisy[i] = clean[i] + 0.1f * (float) random.nextGaussian();
    }
    return new Images(batch, side, clean, noisy);
  }

  /// N×C×H×W.
  ///
  /// @param mirrored both ways, see [Torch]
  Images planes(boolean mirrored) {
    return new Images(batch, side, planes(clean, mirrored), planes(noisy, mirrored));
  }

  private float[] planes(float[] from, boolean mirrored) {
    return swapped(from, batch, side * side, CHANNELS, mirrored);
  }

  /// N×P×C as N×C×P: pixels and channels, or channels and pixels.
  ///
  /// @param mirrored P backwards
  static float[] swapped(float[] from, int batch, int ps, int cs, boolean mirrored) {
    float[] to = new float[from.length];
    for (int n = 0; n < batch; n++) {
      for (int p = 0; p < ps; p++) {
        for (int c = 0; c < cs; c++) {
          int q = mirrored ? ps - 1 - p : p;
          to[(n * cs + c) * ps + q] = from[(n * ps + p) * cs + c];
        }
      }
    }
    return to;
  }

  double error(float[] denoised) {
    double sum = 0;
    for (int i = 0; i < clean.length; i++) {
      double difference = denoised[i] - clean[i];
      sum += difference * difference;
    }
    return sum / clean.length;
  }
}
