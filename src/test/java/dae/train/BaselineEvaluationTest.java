package dae.train;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dae.data.Images;
import dae.train.Evaluation.Samples;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class BaselineEvaluationTest {
  private static final int COUNT = 10;

  /// In two batches they are what they are in one, and what cleaning them says.
  @Test
  void measuresWhatTheyMakeOfEachImage() {
    Images images = SmallRuns.images(COUNT, 1);
    int length = images.bytesPerImage();
    float[] clean = new float[COUNT * length];
    float[] noisy = new float[COUNT * length];
    for (int i = 0; i < clean.length; i++) {
      clean[i] = (images.bytes()[i] & 0xff) / 255f;
      noisy[i] = clean[i] + (i % 2 == 0 ? 0.1f : -0.1f);
    }
    Samples all = samples(images, COUNT, clean, noisy);
    BaselineEvaluation baselines = new BaselineEvaluation(images, all);
    baselines.add(samples(images, 7, clean, noisy));
    int rest = 7 * length;
    baselines.add(
        samples(
            images,
            3,
            Arrays.copyOfRange(clean, rest, clean.length),
            Arrays.copyOfRange(noisy, rest, noisy.length)));
    List<BaselineEvaluation.Result> results = baselines.results();
    List<float[]> cleaned = baselines.clean(all);
    assertEquals(baselines.words(), results.stream().map(BaselineEvaluation.Result::word).toList());
    for (int k = 0; k < results.size(); k++) {
      Metrics expected = Metrics.withSsim(images.height(), images.width());
      expected.add(clean, 0, cleaned.get(k), 0, COUNT);
      assertEquals(COUNT, results.get(k).cleaned().images());
      assertEquals(expected.mse(), results.get(k).cleaned().mse(), results.get(k).word());
      assertEquals(expected.ssim(), results.get(k).cleaned().ssim(), results.get(k).word());
    }
  }

  private static Samples samples(Images images, int count, float[] clean, float[] noisy) {
    return new Samples(count, images.height(), images.width(), clean, noisy, noisy);
  }
}
