package dae.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dae.UserError;
import dae.noise.Noise;
import dae.noise.Noises;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LossesTest {
  @ParameterizedTest
  @ValueSource(strings = {"mse", "l1", "psnr", "repair"})
  void everyWordIsFoundAgain(String word) {
    assertEquals(word, Losses.named(word).word());
  }

  @Test
  void otherWordsAreRefused() {
    assertEquals(
        "loss: expected one of mse, l1, psnr, repair, got 'l2' — change --loss",
        assertThrows(UserError.class, () -> Losses.named("l2")).getMessage());
  }

  private static String refusal(String network, String noise) {
    Noise damage = Noises.named(noise);
    Loss repair = Losses.named("repair");
    return assertThrows(
            UserError.class,
            () -> Denoising.training(Networks.named(network), damage, repair, 32, 32))
        .getMessage();
  }

  @Test
  void aRepairNeedsAMaskAndDamage() {
    assertEquals(
        "loss: expected a network with a mask for repair, got one without — take --arch restore,"
            + " or another loss",
        refusal("unet:2,2,2", "scratches"));
    assertEquals(
        "loss: expected damage that is painted for repair, got gaussian:0.1 — take another noise"
            + " or loss",
        refusal("restore:2,1,2,2,2,2", "gaussian:0.1"));
  }
}
