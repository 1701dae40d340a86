package dae.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dae.UserError;
import dae.graph.Graph;
import dae.graph.Param;
import dae.graph.Parameters;
import dae.graph.Plan;
import dae.graph.PlanDraft;
import dae.kernel.Backend;
import dae.kernel.Conv2dSpec;
import dae.kernel.TestBackends;
import dae.noise.Noises;
import dae.op.Fusion;
import dae.tensor.Numbers;
import dae.tensor.Shape;
import java.util.List;
import org.junit.jupiter.api.Test;

class ArticleNetworkTest {
  private static final Denoising ARTICLE =
      Denoising.uploaded(new ArticleNetwork(32), Loss.MEAN_SQUARED_ERROR, 32, 32);

  @Test
  void hasTheArticlesParameters() {
    int all = 0;
    int trainable = 0;
    for (Param param : ARTICLE.graph().params()) {
      all += param.shape().size();
      trainable += param.trainable() ? param.shape().size() : 0;
    }
    assertEquals(2_155_139, all);
    assertEquals(2_152_707, trainable);
  }

  @Test
  void hasTheArticlesMultiplyAdds() {
    long flops = 0;
    for (Graph.Entry entry : ARTICLE.graph().tape()) {
      flops += entry.op().label().contains("conv2d") ? entry.op().flops() : 0;
    }
    assertEquals(30.6e6, flops / 2.0, 0.01e6);
    long nominal = 0;
    long real = 0;
    for (Conv2dSpec spec : products()) {
      nominal += spec.multiplyAdds();
      real += spec.realMultiplyAdds();
    }
    assertEquals(flops / 2, nominal);
    assertEquals(25.87e6, real, 0.005e6);
  }

  private static List<Conv2dSpec> products() {
    return List.of(
        Conv2dSpec.same(32, 32, 3, 32, 3, 2),
        Conv2dSpec.same(16, 16, 32, 64, 3, 2),
        Conv2dSpec.same(8, 8, 64, 128, 3, 2),
        Conv2dSpec.same(4, 4, 128, 256, 3, 2),
        Conv2dSpec.same(2, 2, 256, 256, 3, 1),
        Conv2dSpec.transposed(2, 2, 256, 256, 3, 2),
        Conv2dSpec.transposed(4, 4, 384, 128, 3, 2),
        Conv2dSpec.transposed(8, 8, 192, 64, 3, 2),
        Conv2dSpec.transposed(16, 16, 96, 32, 3, 2),
        Conv2dSpec.transposed(32, 32, 32, 3, 3, 1));
  }

  @Test
  void sameWeightsRunOnEveryMultipleOf16() {
    try (Backend backend = TestBackends.simd(2).open()) {
      Denoising small =
          Denoising.training(
              new ArticleNetwork(4), Noises.named("gaussian:0.1"), Loss.MEAN_SQUARED_ERROR, 32, 32);
      Parameters parameters = new Parameters(small.graph().params(), backend, 1);
      Denoising large = Denoising.uploaded(new ArticleNetwork(4), Loss.MEAN_SQUARED_ERROR, 48, 80);
      assertEquals(Shape.image(48, 80, 3), large.denoised().shape());
      Plan plan =
          new PlanDraft(large.graph(), List.of(large.denoised()), Fusion.INFERENCE, backend, 1)
              .open(parameters);
      plan.upload(large.noisy(), Numbers.uniform(1, 48 * 80 * 3), 1);
      plan.forward(1);
      float[] denoised = new float[48 * 80 * 3];
      plan.download(large.denoised(), denoised, 0);
      for (float value : denoised) {
        assertTrue(value > 0 && value < 1, () -> "a pixel is " + value);
      }
    }
  }

  @Test
  void otherSizesAreRejected() {
    assertEquals(
        "model: expected height and width in multiples of 16, got 40×32 — pad the image",
        assertThrows(
                IllegalArgumentException.class,
                () -> Denoising.uploaded(new ArticleNetwork(8), Loss.MEAN_SQUARED_ERROR, 40, 32))
            .getMessage());
    assertThrows(UserError.class, () -> new ArticleNetwork(0));
  }
}
