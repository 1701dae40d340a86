package dae.model;

import static dae.op.Concat.concat;
import static dae.op.Conv2d.conv2d;
import static dae.op.Fill.fill;
import static dae.op.MeanSquaredError.meanSquaredError;
import static dae.op.Sigmoid.sigmoid;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dae.UserError;
import dae.graph.Parameters;
import dae.graph.Plan;
import dae.graph.Value;
import dae.kernel.Backend;
import dae.kernel.Poisoned;
import dae.kernel.TestBackends;
import dae.noise.Noise;
import dae.noise.Noises;
import dae.optim.Adam;
import dae.tensor.Numbers;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What a network may be besides the article's: other channels, a noise level beside the image, a
/// mask beside the result, a loss of its own; and how a second one is found by name.
class NetworkTest {
  private static final int N = 2;
  private static final int SIDE = 8;

  /// Grey images, a level, a mask.
  private record Toy() implements Network {
    @Override
    public String word() {
      return "toy";
    }

    @Override
    public int channels() {
      return 1;
    }

    @Override
    public int multiple() {
      return 1;
    }

    @Override
    public boolean takesLevel() {
      return true;
    }

    @Override
    public Cleaned denoise(Seen seen) {
      Value both = concat("both", seen.noisy(), seen.level());
      Value image = conv2d("image", both, 1, 3, 1);
      return new Cleaned(image, sigmoid("mask/sigmoid", conv2d("mask", both, 1, 3, 1)), null, null);
    }
  }

  /// The error of the image, and that of a mask which should be 0 where nothing was painted.
  private record ImageAndMask() implements Loss {
    @Override
    public String word() {
      return "image-and-mask";
    }

    @Override
    public Value of(Truth truth, Cleaned cleaned) {
      assertEquals(truth.clean(), truth.damaged(), "nothing is painted");
      return meanSquaredError(
          "loss",
          concat("found", cleaned.image(), cleaned.mask()),
          concat("truth", truth.clean(), fill("unpainted", truth.clean(), 0)));
    }
  }

  @ParameterizedTest
  @MethodSource("dae.kernel.TestBackends#all")
  void mayTakeALevelAndGiveAMask(TestBackends kind) {
    try (Backend backend = kind.open()) {
      Denoising toy =
          Denoising.training(
              new Toy(), Noises.named("gaussian:0.2"), new ImageAndMask(), SIDE, SIDE);
      Parameters parameters = new Parameters(toy.graph().params(), backend, 1);
      Plan plan = toy.training(new Poisoned(backend), N).open(parameters);
      Adam adam = new Adam(parameters, backend);
      byte[] pixels = new byte[N * SIDE * SIDE];
      Arrays.fill(pixels, (byte) 200);
      float first = step(toy, plan, adam, pixels, 0);
      float last = first;
      for (int epoch = 1; epoch < 60; epoch++) {
        last = step(toy, plan, adam, pixels, epoch);
      }
      assertTrue(last < first / 2, first + " to " + last);
      float[] weak = mask(parameters, backend, 0.05f);
      float[] strong = mask(parameters, backend, 0.5f);
      assertTrue(!Arrays.equals(weak, strong), "the level is looked at");
    }
  }

  private static float step(Denoising toy, Plan plan, Adam adam, byte[] pixels, int epoch) {
    toy.feed(plan, pixels, null, new int[] {0, 1}, 1, epoch);
    plan.forward(N);
    plan.backward();
    adam.step(0.01, 0, plan.tensor(toy.loss()));
    return plan.scalar(toy.loss());
  }

  private static float[] mask(Parameters parameters, Backend backend, float level) {
    Denoising toy = Denoising.inference(new Toy(), SIDE, SIDE);
    float[] values = new float[N * SIDE * SIDE];
    try (Plan plan = toy.inference(backend, N).open(parameters)) {
      plan.upload(toy.noisy(), Numbers.uniform(1, values.length), N);
      Arrays.fill(values, level);
      plan.upload(toy.seen().level(), values, N);
      plan.forward(N);
      plan.download(toy.cleaned().mask(), values, 0);
    }
    return values;
  }

  @Test
  void aNoiseWithoutALevelIsRefusedWhereOneIsNeeded() {
    Noise blind = Noises.named("poisson:100");
    String message =
        assertThrows(
                UserError.class,
                () -> Denoising.training(new Toy(), blind, Loss.MEAN_SQUARED_ERROR, SIDE, SIDE))
            .getMessage();
    assertTrue(message.contains("got poisson:100"), message);
  }

  /// The article's with its input laid beside its output: all that a second network takes is such a
  /// file and a line in the list of [Networks].
  private record Skip(int width) implements Network {
    static final Networks.Family FAMILY =
        new Networks.Family("skip", "skip:FILTERS", List.of(4), sizes -> new Skip(sizes.get(0)));

    private ArticleNetwork inside() {
      return new ArticleNetwork(width);
    }

    @Override
    public String word() {
      return "skip:" + width;
    }

    @Override
    public int channels() {
      return 3;
    }

    @Override
    public int multiple() {
      return inside().multiple();
    }

    @Override
    public Cleaned denoise(Seen seen) {
      Value both = concat("skip", inside().denoise(seen).image(), seen.noisy());
      return new Cleaned(conv2d("mix", both, channels(), 3, 1));
    }
  }

  @Test
  void aSecondNetworkIsAFileAndALineInTheList() {
    List<Networks.Family> families = List.of(ArticleNetwork.FAMILY, Skip.FAMILY);
    Network skip = Networks.named("skip:2", families);
    assertEquals("skip:2", skip.word());
    assertEquals(new ArticleNetwork(2).reach(1) + 1, skip.reach(1));
    assertEquals(1, new Toy().reach(1));
    Summary summary = new Summary(skip, 16, 16);
    assertEquals(
        new Summary(new ArticleNetwork(2), 16, 16).parameters() + 9 * 6 * 3 + 3,
        summary.parameters());
    try (Backend backend = TestBackends.simd(1).open()) {
      Denoising learnt =
          Denoising.training(
              skip, Noises.named("gaussian:0.1"), Loss.MEAN_SQUARED_ERROR, 2 * SIDE, 2 * SIDE);
      Parameters parameters = new Parameters(learnt.graph().params(), backend, 1);
      Plan plan = learnt.training(backend, N).open(parameters);
      byte[] pixels = new byte[N * 4 * SIDE * SIDE * 3];
      Adam adam = new Adam(parameters, backend);
      float first = step(learnt, plan, adam, pixels, 0);
      for (int epoch = 1; epoch < 30; epoch++) {
        step(learnt, plan, adam, pixels, epoch);
      }
      assertTrue(step(learnt, plan, adam, pixels, 30) < first / 2, "it learns");
    }
    assertEquals(
        "network: expected one of article:FILTERS, skip:FILTERS, got 'dense' — change --arch",
        assertThrows(UserError.class, () -> Networks.named("dense", families)).getMessage());
  }
}
