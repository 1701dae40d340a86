package dae.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dae.model.Checkpoint;
import java.util.List;
import org.junit.jupiter.api.Test;

class WarmUpTest {
  @Test
  void theKernelsAreThoseOfTheDefaultModel() {
    assertEquals(Checkpoint.builtIn(Checkpoint.PHOTO).network().word(), WarmUp.NETWORK);
  }

  @Test
  void onlyForTheModelAndTheProcessorThatItKnows() {
    assertTrue(WarmUp.pays(List.of("denoise", "a.png", "-q"), 2));
    assertFalse(WarmUp.pays(List.of("denoise", "a.png", "--model", "restore"), 2));
    assertFalse(WarmUp.pays(List.of("denoise", "a.png", "--backend=scalar"), 2));
    assertFalse(WarmUp.pays(List.of("denoise", "a.png"), 1));
    assertFalse(WarmUp.pays(List.of("train"), 2));
    assertFalse(WarmUp.pays(List.of(), 2));
  }
}
