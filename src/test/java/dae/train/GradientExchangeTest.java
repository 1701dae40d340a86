package dae.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dae.backend.Backends;
import dae.data.Images;
import dae.kernel.Backend;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What is exchanged between backward pass and update decides the update.
class GradientExchangeTest {
  private static final Images IMAGES = SmallRuns.images(40, 1);

  @Test
  void isAskedBetweenBackwardAndUpdate() {
    try (Backend backend = Backends.open("simd", 1)) {
      TrainerDraft draft = new TrainerDraft(SmallRuns.settings(1, "simd"), IMAGES, IMAGES, backend);
      List<Integer> batches = new ArrayList<>();
      GradientExchange nothingFound =
          (gradients, statistics, loss, images) -> {
            batches.add(images);
            backend.upload(new float[gradients.shape().size()], 0, gradients, 1);
            backend.upload(new float[] {0.25f}, 0, loss, 1);
          };
      try (Trainer trainer = new Trainer(draft, nothingFound)) {
        String kernel = "conv_block1/conv2d/kernel";
        float[] before = trainer.parameters().get(kernel);
        History.Row row = trainer.epoch(new Listener() {}, () -> false).orElseThrow();
        assertEquals(List.of(16, 16, 8), batches);
        assertArrayEquals(before, trainer.parameters().get(kernel), "no gradient, no step");
        assertEquals(0.25, row.loss(), "the loss is what all have found");
      }
    }
  }
}
