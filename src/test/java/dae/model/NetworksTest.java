package dae.model;

import static dae.tensor.Numbers.assertClose;
import static dae.tensor.Numbers.distance;
import static dae.tensor.Numbers.doubles;
import static dae.tensor.Numbers.norm;
import static dae.tensor.Numbers.uniform;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dae.UserError;
import dae.graph.Mode;
import dae.graph.Param;
import dae.graph.Parameters;
import dae.graph.Plan;
import dae.graph.PlanDraft;
import dae.graph.Training;
import dae.kernel.Backend;
import dae.kernel.Poisoned;
import dae.kernel.TestBackends;
import dae.op.Fusion;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// All networks that have a name.
class NetworksTest {
  private static final int N = 2;
  private static final int SIDE = 32;
  private static final int COUNT = N * SIDE * SIDE * 3;

  /// Parameters, and multiply-adds of a 32×32 image.
  @ParameterizedTest
  @CsvSource({
    "article, 2155139, 30597120",
    "residual, 2155139, 30597120",
    "plain, 109763, 28016640",
    "dense, 119395, 30523392",
    "edsr, 117923, 30081024",
    "unet, 436251, 27992064",
    "restore, 1185623, 43418112"
  })
  void sizes(String name, long parameters, long multiplyAdds) {
    Network network = Networks.named(name);
    Summary summary = new Summary(network, SIDE, SIDE);
    assertEquals(parameters, summary.parameters());
    assertEquals(multiplyAdds, summary.multiplyAdds());
    assertEquals(3, network.channels());
    assertEquals(0, SIDE % network.multiple());
  }

  /// Networks that only denoise are compared at one cost; the one that restores, too, takes more.
  @Test
  void nonePaysMoreThanTheArticles() {
    long article = new Summary(Networks.named(Networks.DEFAULT), SIDE, SIDE).multiplyAdds();
    List<Network> all = Networks.all();
    assertEquals(7, all.size(), "sizes() has a line for each");
    for (Network network : all) {
      double most = network instanceof RestoreNetwork ? 1.5 : 1;
      assertTrue(new Summary(network, SIDE, SIDE).multiplyAdds() <= most * article, network.word());
    }
  }

  @Test
  void everyWordIsFoundAgain() {
    for (Network network : Networks.all()) {
      assertEquals(network, Networks.named(network.word()));
      String family = network.word().substring(0, network.word().indexOf(':'));
      assertEquals(network, Networks.named(family), "its usual sizes");
    }
    assertEquals(new DenseNetwork(7, 3), Networks.named("dense:7,3"));
    assertEquals(new UNet(3, 2, 1), Networks.named("unet:3,2,1"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "unet:1,2|expected unet:HALF,QUARTER,EIGHTH, got 'unet:1,2'",
        "unet:1,2,3,4|expected unet:HALF,QUARTER,EIGHTH, got 'unet:1,2,3,4'",
        "dense:48|expected dense:FILTERS,GROWTH, got 'dense:48'",
        "dense:48,|expected dense:FILTERS,GROWTH, got 'dense:48,'",
        "plain:many|expected plain:FILTERS, got 'plain:many'",
        "residual:|expected residual:FILTERS, got 'residual:'",
        "dense:48,0|expected 1 to 512, got 0 in dense:48,0",
        "unet:8,8,513|expected 1 to 512, got 513 in unet:8,8,513",
        "wide:3|expected one of article:FILTERS, residual:FILTERS, plain:FILTERS, dense:FILTERS,GROWTH,"
            + " edsr:FILTERS,BLOCKS, unet:HALF,QUARTER,EIGHTH,"
            + " restore:FILTERS,BLOCKS,QUARTER,EIGHTH,SIXTEENTH,THIRTYSECOND, got 'wide:3'"
      })
  void otherWordsAreRefused(String word, String expected) {
    String message = assertThrows(UserError.class, () -> Networks.named(word)).getMessage();
    assertTrue(message.startsWith("network: " + expected + " — change --arch"), message);
  }

  /// What finds the noise at half the size starts with finding none.
  @ParameterizedTest
  @ValueSource(strings = {"plain:5", "dense:6,2", "edsr:6,2", "unet:4,8,16", "restore:4,2,4,4,4,4"})
  void aFreshOnePassesOnWhatItGets(String word) {
    Denoising model = Denoising.inference(Networks.named(word), SIDE, SIDE);
    float[] noisy = uniform(1, COUNT);
    float[] expected = noisy.clone();
    for (int i = 0; i < COUNT; i++) {
      noisy[i] *= 2;
      expected[i] = Math.clamp(noisy[i], 0, 1);
    }
    try (Backend backend = TestBackends.simd(1).open();
        Parameters parameters = new Parameters(model.graph().params(), backend, 1)) {
      assertArrayEquals(expected, denoised(model, Fusion.INFERENCE, backend, parameters, noisy));
    }
  }

  /// One batch with fixed noise. So few channels at half the size cannot carry the noise of the
  /// twelve values of each pixel there, so none is asked to find it all.
  @ParameterizedTest
  @MethodSource("dae.model.SmallNetworks#all")
  void learns(Network network) {
    try (Backend backend = TestBackends.simd(2).open()) {
      Training training = new Training(backend, network, 4);
      training.gradients(4, 0);
      float first = training.loss();
      for (int step = 0; step < 300 && training.loss() > 0.8 * first; step++) {
        training.adam.step(5e-3, 1, training.plan.tensor(training.model.loss()));
        training.gradients(4, 0);
      }
      assertTrue(training.loss() <= 0.8 * first, "loss from " + first + " to " + training.loss());
    }
  }

  @ParameterizedTest
  @MethodSource("dae.kernel.TestBackends#all")
  void fusedPlansGiveWhatPlainOnesDo(TestBackends kind) {
    try (Backend backend = kind.open()) {
      for (Network network : SmallNetworks.all()) {
        fusedIsPlain(network, backend);
      }
    }
  }

  @Test
  void fusedPlansOfTheUsualSizesGiveWhatPlainOnesDo() {
    try (Backend backend = TestBackends.simd(2).open()) {
      for (Network network : Networks.all()) {
        fusedIsPlain(network, backend);
      }
    }
  }

  private static void fusedIsPlain(Network network, Backend backend) {
    Training plain = new Training(backend, network, N, Mode.PLAIN_TRAINING);
    Training fused = new Training(backend, network, N, Fusion.TRAINING);
    SmallNetworks.awake(plain.parameters);
    SmallNetworks.awake(fused.parameters);
    plain.gradients(N, 0);
    fused.gradients(N, 0);
    assertEquals(plain.loss(), fused.loss(), 1e-5 * plain.loss(), network.word());
    assertClose(plain.denoised(N), fused.denoised(N), 1e-6, network.word());
    double all = norm(doubles(plain.gradients(backend)));
    for (Param param : plain.parameters.all().values()) {
      if (param.trainable()) {
        double[] expected = doubles(plain.gradient(backend, param));
        double off = distance(expected, fused.gradient(backend, param));
        // A bias in front of a batch norm has no gradient but rounding.
        String what = network.word() + ", " + param.name() + ": off by " + off;
        assertTrue(off <= 1e-5 * norm(expected) + 1e-6 * all, what);
      }
    }
    Denoising model = Denoising.inference(network, SIDE, SIDE);
    float[] noisy = uniform(3, COUNT);
    assertClose(
        denoised(model, Mode.PLAIN_INFERENCE, backend, plain.parameters, noisy),
        denoised(model, Fusion.INFERENCE, backend, plain.parameters, noisy),
        1e-5,
        network.word() + ", inference");
  }

  private static float[] denoised(
      Denoising model, Mode mode, Backend backend, Parameters parameters, float[] noisy) {
    List<dae.graph.Value> roots = List.of(model.denoised());
    float[] values = new float[COUNT];
    try (Plan plan =
        new PlanDraft(model.graph(), roots, mode, new Poisoned(backend), N).open(parameters)) {
      plan.upload(model.noisy(), noisy, N);
      plan.forward(N);
      plan.download(model.denoised(), values, 0);
    }
    return values;
  }
}
