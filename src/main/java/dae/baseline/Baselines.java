package dae.baseline;

import java.util.List;
import java.util.stream.IntStream;

/// All of them, each with the parameters that do best.
public final class Baselines {
  private Baselines() {}

  /// Chooses the parameters of each method by the mean squared error on noisy training images.
  ///
  /// @param examples training images, to learn from
  /// @param clean some of them, one after the other
  /// @param noisy the same with noise
  public static List<Baseline> tuned(Examples examples, float[] clean, float[] noisy) {
    return List.of(
            GaussianBlur.candidates(),
            MedianFilter.candidates(),
            BilateralFilter.candidates(),
            NonLocalMeans.candidates(),
            HaarShrinkage.candidates(),
            PatchPca.candidates(examples),
            ImagePca.candidates(examples))
        .stream()
        .map(candidates -> best(candidates, examples.height(), examples.width(), clean, noisy))
        .toList();
  }

  private static Baseline best(
      List<Baseline> candidates, int height, int width, float[] clean, float[] noisy) {
    double[] errors =
        IntStream.range(0, candidates.size())
            .parallel()
            .mapToDouble(i -> error(candidates.get(i), height, width, clean, noisy))
            .toArray();
    int best = 0;
    for (int i = 1; i < errors.length; i++) {
      best = errors[i] < errors[best] ? i : best;
    }
    return candidates.get(best);
  }

  private static double error(
      Baseline baseline, int height, int width, float[] clean, float[] noisy) {
    int length = height * width * Border.CHANNELS;
    float[] image = new float[length];
    float[] cleaned = new float[length];
    double sum = 0;
    for (int at = 0; at < noisy.length; at += length) {
      System.arraycopy(noisy, at, image, 0, length);
      baseline.clean(image, height, width, cleaned);
      for (int i = 0; i < length; i++) {
        double difference = cleaned[i] - clean[at + i];
        sum += difference * difference;
      }
    }
    return sum / noisy.length;
  }
}
