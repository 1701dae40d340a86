package dae.graph;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dae.kernel.Backend;
import dae.kernel.TestBackends;
import org.junit.jupiter.api.Test;

/// Does it learn? One batch with fixed noise must be learnt by heart.
class OverfitTest {
  @Test
  void oneBatchIsLearntByHeart() {
    try (Backend backend = TestBackends.simd(2).open()) {
      Training training = new Training(backend, 4);
      training.step(4, 0);
      float first = training.loss();
      for (int step = 0; step < 150; step++) {
        training.step(4, 0);
      }
      float last = training.loss();
      assertTrue(last < first / 50, "loss from " + first + " to " + last);
    }
  }
}
