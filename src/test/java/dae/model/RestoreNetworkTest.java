package dae.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dae.graph.Parameters;
import dae.graph.Plan;
import dae.graph.Value;
import dae.kernel.Backend;
import dae.kernel.Poisoned;
import dae.kernel.TestBackends;
import dae.noise.Noises;
import dae.optim.Adam;
import dae.tensor.Numbers;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A network that repaints, and what it learns from.
class RestoreNetworkTest {
  private static final int N = 2;
  private static final int SIDE = 32;
  private static final int PIXELS = SIDE * SIDE;
  private static final Network NETWORK = Networks.named("restore:8,2,4,4,4,4");

  /// Grey images with a black square, a quarter of each, in different places.
  private static final byte[] CLEAN = new byte[N * PIXELS * 3];

  private static final byte[] PAINTED = new byte[CLEAN.length];
  private static final byte[] COVER = new byte[N * PIXELS];

  static {
    for (int i = 0; i < N * PIXELS; i++) {
      int row = i % PIXELS / SIDE;
      int column = i % SIDE;
      int first = i < PIXELS ? 4 : 12;
      boolean hidden = row >= first && row < first + 16 && column >= first && column < first + 16;
      COVER[i] = (byte) (hidden ? 255 : 0);
      for (int c = 0; c < 3; c++) {
        CLEAN[3 * i + c] = (byte) 160;
        PAINTED[3 * i + c] = (byte) (hidden ? 0 : 160);
      }
    }
  }

  private static Denoising model() {
    return Denoising.training(
        NETWORK, Noises.named("scratches"), Losses.named("repair"), SIDE, SIDE);
  }

  private static float[] mask(Parameters parameters, Backend backend) {
    float[] noisy = new float[PAINTED.length];
    for (int i = 0; i < noisy.length; i++) {
      noisy[i] = (PAINTED[i] & 0xFF) / 255f;
    }
    return output(NETWORK, Cleaned::mask, noisy, parameters, backend);
  }

  private static float[] output(
      Network network,
      Function<Cleaned, Value> what,
      float[] noisy,
      Parameters parameters,
      Backend backend) {
    Denoising model = Denoising.inference(network, SIDE, SIDE);
    Value value = what.apply(model.cleaned());
    float[] output = new float[N * value.shape().size()];
    try (Plan plan = model.inference(new Poisoned(backend), N).open(parameters)) {
      plan.upload(model.noisy(), noisy, N);
      plan.forward(N);
      plan.download(value, output, 0);
    }
    return output;
  }

  /// As long as it changes nothing by its mask and adds nothing from below.
  @ParameterizedTest
  @MethodSource("dae.kernel.TestBackends#all")
  void cleansAtFirstAsTheModelItStartsFrom(TestBackends kind, @TempDir Path folder)
      throws Exception {
    Network part = Networks.named("edsr:8,2");
    float[] noisy = Numbers.uniform(3, N * PIXELS * 3);
    for (int i = 0; i < noisy.length; i++) {
      noisy[i] = Math.abs(noisy[i]);
    }
    try (Backend backend = kind.open();
        Parameters trained =
            new Parameters(Denoising.inference(part, 2, 2).graph().params(), backend, 7);
        Parameters parameters = new Parameters(model().graph().params(), backend, 1)) {
      SmallNetworks.awake(trained);
      Path file = folder.resolve("part.safetensors");
      Checkpoint.save(file, part, trained, Map.of(), false);
      Checkpoint.load(file).copyTo(parameters);
      float[] expected = output(part, Cleaned::image, noisy, trained, backend);
      assertFalse(Arrays.equals(noisy, expected), "nothing cleaned");
      assertArrayEquals(expected, output(NETWORK, Cleaned::image, noisy, parameters, backend));
      SmallNetworks.awake(parameters);
      float[] learnt = output(NETWORK, Cleaned::image, noisy, parameters, backend);
      assertFalse(Arrays.equals(expected, learnt), "nothing learnt");
    }
  }

  @Test
  void aFreshMaskIsSmallAndNotZero() {
    try (Backend backend = TestBackends.simd(1).open();
        Parameters parameters = new Parameters(model().graph().params(), backend, 1)) {
      float[] expected = new float[N * PIXELS];
      Arrays.fill(expected, 0.1192f);
      assertArrayEquals(expected, mask(parameters, backend), 1e-4f);
    }
  }

  @Test
  void learnsToRepairAndToSayWhere() {
    Denoising model = model();
    try (Backend backend = TestBackends.simd(2).open();
        Parameters parameters = new Parameters(model.graph().params(), backend, 1);
        Plan plan = model.training(new Poisoned(backend), N).open(parameters)) {
      Adam adam = new Adam(parameters, backend);
      float first = 0;
      float last = 0;
      for (int step = 0; step < 150; step++) {
        model.feed(plan, CLEAN, PAINTED, COVER, new int[] {0, 1}, 1, step);
        plan.forward(N);
        plan.backward();
        adam.step(0.01, 1, plan.tensor(model.loss()));
        last = plan.scalar(model.loss());
        first = step == 0 ? last : first;
      }
      // A quarter is off by 160/255, and the mask says 0.12 everywhere.
      double error = 0.25 * Math.pow(160 / 255.0, 2);
      double entropy = -0.25 * Math.log(0.1192) - 0.75 * Math.log(1 - 0.1192);
      assertEquals(2 * Math.log(1 + error / 1e-5) + entropy, first, 1e-4 * first);
      // A hundredth of the error, whose logarithm counts.
      assertTrue(last < first - Math.log(100), first + " to " + last);
      float[] mask = mask(parameters, backend);
      double inside = 0;
      double outside = 0;
      for (int i = 0; i < mask.length; i++) {
        inside += COVER[i] == 0 ? 0 : mask[i] / (N * PIXELS / 4.0);
        outside += COVER[i] == 0 ? mask[i] / (N * PIXELS * 3 / 4.0) : 0;
      }
      assertTrue(inside > 5 * outside, inside + ", " + outside);
    }
  }
}
