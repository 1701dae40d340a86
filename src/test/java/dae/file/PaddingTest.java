package dae.file;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PaddingTest {
  @ParameterizedTest
  @CsvSource({"1, 16", "15, 16", "16, 16", "17, 32", "1000, 1008"})
  void extentIsTheNextMultiple(int side, int expected) {
    assertEquals(expected, Padding.extent(side, 16));
  }

  @ParameterizedTest
  @CsvSource({
    "1, 0 0 0 0 0 0 0 0",
    "2, 0 1 0 1 0 1 0 1",
    "3, 0 1 2 1 0 1 2 1",
    "5, 0 1 2 3 4 3 2 1",
    "8, 0 1 2 3 4 5 6 7"
  })
  void mirrorsWithoutRepeatingTheEdge(int side, String expected) {
    float[] row = Padding.mirror(picture(1, side), 1, side, 8);
    float[] column = Padding.mirror(picture(side, 1), side, 1, 8);
    for (int i = 0; i < 8; i++) {
      float value = Float.parseFloat(expected.split(" ")[i]);
      assertArrayEquals(new float[] {value, value + 0.25f, value + 0.5f}, pixel(row, i));
      assertArrayEquals(new float[] {value, value + 0.25f, value + 0.5f}, pixel(column, i * 8));
    }
  }

  @Test
  void mirrorsBothWaysInTheCorner() {
    float[] padded = Padding.mirror(picture(3, 2), 3, 2, 4);
    // Row 3 mirrors row 1, column 3 mirrors column 1; picture(3, 2) counts its pixels row by row.
    assertEquals(3, padded[(3 * 4 + 3) * 3]);
    assertEquals(2, padded[(3 * 4 + 2) * 3]);
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "5, 7", "16, 16", "17, 3", "33, 48"})
  void cropGivesThePictureBack(int height, int width) {
    float[] picture = picture(height, width);
    float[] padded = Padding.mirror(picture, height, width, 16);
    assertEquals(Padding.extent(height, 16) * Padding.extent(width, 16) * 3, padded.length);
    assertArrayEquals(picture, Padding.crop(padded, height, width, 16));
  }

  private static float[] picture(int height, int width) {
    float[] picture = new float[height * width * 3];
    for (int i = 0; i < picture.length; i++) {
      picture[i] = i / 3 + 0.25f * (i % 3);
    }
    return picture;
  }

  private static float[] pixel(float[] picture, int index) {
    return new float[] {picture[index * 3], picture[index * 3 + 1], picture[index * 3 + 2]};
  }
}
