package peers;

import java.util.Random;

/// A fixed batch: random images and the same with noise. N×H×W×C, or as [#planes] has it.
record Images(int batch, float[] clean, float[] noisy) {
  static final int SIDE = 32;
  static final int CHANNELS = 3;

  static Images random(int batch) {
    Random random = new Random(1);
    float[] clean = new float[batch * SIDE * SIDE * CHANNELS];
    float[] noisy = new float[clean.length];
    for (int i = 0; i < clean.length; i++) {
      clean[i] = random.nextFloat();
      noisy[i] = clean[i] + 0.1f * (float) random.nextGaussian();
    }
    return new Images(batch, clean, noisy);
  }

  /// N×C×H×W.
  ///
  /// @param mirrored both ways, see [Torch]
  Images planes(boolean mirrored) {
    return new Images(batch, planes(clean, mirrored), planes(noisy, mirrored));
  }

  private float[] planes(float[] from, boolean mirrored) {
    int pixels = SIDE * SIDE;
    float[] to = new float[from.length];
    for (int n = 0; n < batch; n++) {
      for (int p = 0; p < pixels; p++) {
        for (int c = 0; c < CHANNELS; c++) {
          int q = mirrored ? pixels - 1 - p : p;
          to[(n * CHANNELS + c) * pixels + q] = from[(n * pixels + p) * CHANNELS + c];
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
