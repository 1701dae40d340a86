package dae.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dae.graph.Parameters;
import dae.graph.Plan;
import dae.kernel.Backend;
import dae.kernel.TestBackends;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// How far networks look. On the scalar kernels NaN goes wherever a pixel does, even through a
/// weight of 0.
class ReachTest {
  @Test
  void theArticlesLooksAsFarAsEver() {
    assertEquals(47, Networks.named("article:32").reach(1));
    assertEquals(47, Networks.named("article:2").reach(1));
  }

  @ParameterizedTest
  @MethodSource("dae.model.SmallNetworks#all")
  void asFarAsItSaysUpAndDown(Network network) {
    assertEquals(network.reach(1), farthest(network, true));
  }

  @ParameterizedTest
  @MethodSource("dae.model.SmallNetworks#all")
  void asFarAsItSaysSideways(Network network) {
    assertEquals(network.reach(1), farthest(network, false));
  }

  /// Every line of pixels in the middle of an image that is long in one direction, in turn.
  private static int farthest(Network network, boolean tall) {
    int across = network.multiple();
    int along = (2 * network.reach(1) / across + 4) * across;
    int h = tall ? along : across;
    int w = tall ? across : along;
    Denoising model = Denoising.inference(network, h, w);
    float[] image = new float[h * w * 3];
    int farthest = 0;
    try (Backend backend = TestBackends.scalar().open();
        Parameters parameters = new Parameters(model.graph().params(), backend, 1);
        Plan plan = model.inference(backend, 1).open(parameters)) {
      int middle = along / 2 / across * across;
      for (int line = middle; line < middle + across; line++) {
        Arrays.fill(image, 0.5f);
        for (int i = 0; i < image.length; i++) {
          image[i] = line(i, w, tall) == line ? Float.NaN : image[i];
        }
        plan.upload(model.noisy(), image, 1);
        plan.forward(1);
        plan.download(model.denoised(), image, 0);
        for (int i = 0; i < image.length; i++) {
          if (Float.isNaN(image[i])) {
            farthest = Math.max(farthest, Math.abs(line(i, w, tall) - line));
          }
        }
      }
    }
    return farthest;
  }

  private static int line(int i, int w, boolean tall) {
    return tall ? i / 3 / w : i / 3 % w;
  }
}
