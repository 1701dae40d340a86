package dae.noise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dae.UserError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NoisesTest {
  @ParameterizedTest
  @ValueSource(strings = {"gaussian:0.1", "gaussian:1e-1", "0.1", "0.10", ".1"})
  void aWordAndItsSigmaAloneAreTheSame(String word) {
    assertEquals(new GaussianNoise(0.1), Noises.named(word));
    assertEquals("gaussian:0.1", Noises.named(word).word());
  }

  @Test
  void theDefaultIsTheArticles() {
    assertEquals(new GaussianNoise(0.1), Noises.named(Noises.DEFAULT));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "1-2",
        "fog:1",
        ":0.1",
        "gaussian",
        "gaussian:",
        "gaussian:a",
        "2",
        "gaussian:-1",
        "NaN"
      })
  void anythingElseIsOneLine(String word) {
    String message = assertThrows(UserError.class, () -> Noises.named(word)).getMessage();
    assertTrue(message.startsWith("noise: expected "), message);
    assertEquals(1, message.lines().count(), message);
  }
}
