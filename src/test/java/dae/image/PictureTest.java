package dae.image;

import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class PictureTest {
  @Test
  void refusesArraysThatDoNotMatchItsSize() {
    assertThrows(IllegalArgumentException.class, () -> new Picture(1, 2, new float[3], null));
    assertThrows(
        IllegalArgumentException.class, () -> new Picture(1, 1, new float[3], new byte[2]));
  }
}
