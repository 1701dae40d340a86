package dae.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dae.graph.Parameters;
import dae.graph.Plan;
import dae.kernel.Backend;
import dae.kernel.Poisoned;
import dae.kernel.TestBackends;
import dae.noise.Noises;
import dae.optim.Adam;
import org.junit.jupiter.api.Test;

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
    Denoising model = Denoising.inference(NETWORK, SIDE, SIDE);
    float[] mask = new float[N * PIXELS];
    try (Plan plan = model.inference(new Poisoned(backend), N).open(parameters)) {
      plan.upload(model.noisy(), noisy, N);
      plan.forward(N);
      plan.download(model.cleaned().mask(), mask, 0);
    }
    return mask;
  }

  @Test
  void aFreshMaskIsSmallAndNotZero() {
    try (Backend backend = TestBackends.simd(1).open();
        Parameters parameters = new Parameters(model().graph().params(), backend, 1)) {
      float[] expected = new float[N * PIXELS];
      java.util.Arrays.fill(expected, 0.1192f);
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
      assertEquals(Math.log(1 + error / 3e-5) + entropy, first, 1e-4 * first);
      assertTrue(last < first / 4, first + " to " + last);
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
