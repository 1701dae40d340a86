package dae.train;

import dae.baseline.Baseline;
import dae.baseline.Baselines;
import dae.baseline.Examples;
import dae.data.Images;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// Measures the denoisers of the textbooks on the very images that a model is measured on.
public final class BaselineEvaluation {
  private final List<Baseline> baselines;
  private final List<Metrics> metrics;
  private final long[] nanos;

  /// What was found.
  ///
  /// @param milliseconds an image takes, all cores at work
  public record Result(String word, Metrics cleaned, double milliseconds) {}

  /// Chooses their parameters on training images.
  ///
  /// @param training all of them, without noise; as large as those to measure
  /// @param tuning of some of these, with noise
  public BaselineEvaluation(Images training, Evaluation.Samples tuning) {
    int height = training.height();
    int width = training.width();
    int floats = tuning.count() * training.bytesPerImage();
    baselines =
        Baselines.tuned(
            new Examples(training.count(), height, width, i -> image(training, i)),
            Arrays.copyOf(tuning.clean(), floats),
            Arrays.copyOf(tuning.noisy(), floats));
    metrics = baselines.stream().map(each -> Metrics.withSsim(height, width)).toList();
    nanos = new long[baselines.size()];
  }

  private static float[] image(Images images, int i) {
    float[] values = new float[images.bytesPerImage()];
    for (int k = 0; k < values.length; k++) {
      values[k] = (images.bytes()[i * values.length + k] & 0xff) / 255f;
    }
    return values;
  }

  /// Names and parameters, in order.
  public List<String> words() {
    return baselines.stream().map(Baseline::word).toList();
  }

  /// Cleans and measures more images.
  public void add(Evaluation.Samples batch) {
    for (int i = 0; i < nanos.length; i++) {
      long start = System.nanoTime();
      float[] cleaned = clean(baselines.get(i), batch);
      nanos[i] += System.nanoTime() - start;
      metrics.get(i).add(batch.clean(), 0, cleaned, 0, batch.count());
    }
  }

  /// MSE, PSNR and SSIM of each on all images that were added.
  public List<Result> results() {
    return IntStream.range(0, nanos.length)
        .mapToObj(i -> {
          double milliseconds = nanos[i] / 1e6 / metrics.get(i).images();
          return new Result(baselines.get(i).word(), metrics.get(i), milliseconds);
        })
        .toList();
  }

  /// What they make of some images, one after the other.
  public List<float[]> clean(Evaluation.Samples samples) {
    return baselines.stream().map(baseline -> clean(baseline, samples)).toList();
  }

  private static float[] clean(Baseline baseline, Evaluation.Samples batch) {
    int length = batch.height() * batch.width() * Images.CHANNELS;
    float[] all = new float[batch.count() * length];
    IntStream.range(0, batch.count())
        .parallel()
        .forEach(i -> {
          float[] cleaned = new float[length];
          float[] noisy = Arrays.copyOfRange(batch.noisy(), i * length, (i + 1) * length);
          baseline.clean(noisy, batch.height(), batch.width(), cleaned);
          System.arraycopy(cleaned, 0, all, i * length, length);
        });
    return all;
  }
}
