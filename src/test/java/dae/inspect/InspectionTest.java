package dae.inspect;

import static dae.tensor.Numbers.assertClose;
import static dae.tensor.Numbers.uniform;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dae.graph.Mode;
import dae.graph.Parameters;
import dae.graph.Plan;
import dae.graph.PlanDraft;
import dae.graph.Value;
import dae.kernel.Backend;
import dae.kernel.TestBackends;
import dae.model.ArticleNetwork;
import dae.model.Checkpoint;
import dae.model.Denoising;
import dae.model.Network;
import dae.model.Networks;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class InspectionTest {
  private static final int SIDE = 64;

  private static float[] picture(long seed) {
    float[] values = uniform(seed, SIDE * SIDE * 3);
    for (int i = 0; i < values.length; i++) {
      values[i] = 0.5f + 0.5f * values[i];
    }
    return values;
  }

  private static float[] denoised(
      Denoising model, Mode mode, Parameters parameters, Backend backend, float[] picture) {
    float[] result = new float[picture.length];
    try (Plan plan =
        new PlanDraft(model.graph(), List.of(model.denoised()), mode, backend, 1)
            .open(parameters)) {
      plan.run(model.noisy(), picture, 1, model.denoised(), result);
    }
    return result;
  }

  /// A difference of the denoised image between two inputs that differ in one pixel, by inference,
  /// is what the field's gradients say; and beyond the network's reach there is nothing.
  @Test
  void theReceptiveFieldIsThatOfInference() {
    Checkpoint checkpoint = Checkpoint.builtIn("article");
    Network network = checkpoint.network();
    try (Backend backend = TestBackends.simd(1).open();
        Parameters parameters = checkpoint.parameters(backend)) {
      float[] picture = picture(1);
      ReceptiveField field = ReceptiveField.of(network, parameters, backend, picture, SIDE);
      int wide = 2 * field.reach() + 1;
      assertEquals(wide * wide, field.gradients().length);
      double measured = 0;
      Denoising model = Denoising.inference(network, SIDE, SIDE);
      float h = 1f / 64;
      // The middle of the field: each of the 16 output pixels with respect to itself.
      for (int at = 0; at < 16; at++) {
        int pixel = ((SIDE - 4) / 2 + at / 4) * SIDE + (SIDE - 4) / 2 + at % 4;
        for (int c = 0; c < 3; c++) {
          double[] sums = new double[2];
          for (int side = 0; side < 2; side++) {
            float[] moved = picture.clone();
            moved[3 * pixel + c] += side == 0 ? h : -h;
            float[] out = denoised(model, Mode.PLAIN_INFERENCE, parameters, backend, moved);
            sums[side] = (double) out[3 * pixel] + out[3 * pixel + 1] + out[3 * pixel + 2];
          }
          measured += Math.abs(sums[0] - sums[1]) / (2 * h) / 16;
        }
      }
      double got = field.gradients()[field.reach() * wide + field.reach()];
      assertEquals(measured, got, 0.03 * measured);
      assertTrue(field.within(0.5) < field.within(0.99));
    }
  }

  @Test
  void nothingIsFeltFromBeyondTheReach() {
    Network network = Networks.named("plain:4");
    Denoising model = Denoising.inference(network, SIDE, SIDE);
    try (Backend backend = TestBackends.scalar().open();
        Parameters parameters = new Parameters(model.graph().params(), backend, 3)) {
      // The last layer starts at 0.
      parameters.set("tail/kernel", uniform(4, parameters.get("tail/kernel").length));
      ReceptiveField field = ReceptiveField.of(network, parameters, backend, picture(2), SIDE);
      assertTrue(network.reach(1) < field.reach());
      assertTrue(field.within(1 - 1e-12) <= network.reach(1), "" + field.within(1 - 1e-12));
    }
  }

  /// A skip that is cut off at 0 is a skip whose weights are 0.
  @Test
  void cutSkipsAreSkipsWithoutWeights() {
    Network network = new ArticleNetwork(2);
    Denoising model = Denoising.inference(network, SIDE, SIDE);
    List<Value> skips = CutSkips.skips(model.graph().tape());
    assertEquals(List.of(8, 16, 32), skips.stream().map(skip -> skip.shape().h()).toList());
    try (Backend backend = TestBackends.simd(1).open();
        Parameters parameters = new Parameters(model.graph().params(), backend, 5)) {
      Map<Value, float[]> zeros = new HashMap<>();
      skips.forEach(skip -> zeros.put(skip, new float[skip.shape().c()]));
      Mode cut = new Mode(false, List.of(tape -> CutSkips.rewrite(tape, zeros)));
      float[] got = denoised(model, cut, parameters, backend, picture(6));
      // Kernels are KH×KW×F×C, and the skip is the second half of C.
      for (int block = 2; block <= 4; block++) {
        String name = "deconv_block" + block + "/conv2d_transpose/kernel";
        float[] w = parameters.get(name);
        int channels = parameters.all().get(name).shape().extent("O");
        int skip = skips.get(block - 2).shape().c();
        for (int i = 0; i < w.length; i++) {
          w[i] = i % channels >= channels - skip ? 0 : w[i];
        }
        parameters.set(name, w);
      }
      float[] expected = denoised(model, Mode.PLAIN_INFERENCE, parameters, backend, picture(6));
      assertClose(expected, got, 1e-6, "without skips");
    }
  }

  @Test
  void sumsAreSkipsTooButNotTheImageItself() {
    Denoising unet = Denoising.inference(Networks.named("unet"), SIDE, SIDE);
    assertEquals(
        List.of(16, 32),
        CutSkips.skips(unet.graph().tape()).stream().map(skip -> skip.shape().h()).toList());
    Denoising plain = Denoising.inference(Networks.named("plain"), SIDE, SIDE);
    assertEquals(List.of(), CutSkips.skips(plain.graph().tape()));
  }

  @Test
  void thePageIsWhole() {
    Checkpoint checkpoint = Checkpoint.builtIn("article");
    try (Backend backend = TestBackends.simd(2).open()) {
      List<Inspection.Subject> subjects = List.of(new Inspection.Subject("a <b> & c", picture(7)));
      String page = Inspection.of("it", checkpoint, backend, subjects, SIDE);
      for (String part :
          List.of(
              "a &lt;b&gt; &amp; c",
              "without skips",
              "without the 8×8 skip alone",
              "Effective receptive field",
              "conv_block1/conv2d/kernel, 32 filters",
              "conv_block5/relu: 4×4, 64 of 256 channels",
              "deconv_block4/batch_normalization/gamma")) {
        assertTrue(page.contains(part), part);
      }
      assertTrue(!page.contains("src=\"http") && !page.contains("<script"), "self-contained");
      assertTrue(page.endsWith("</body></html>\n"));
    }
  }
}
