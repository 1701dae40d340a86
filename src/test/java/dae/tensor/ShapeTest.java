package dae.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class ShapeTest {
  @Test
  void axesHaveNames() {
    Shape image = Shape.image(16, 8, 32);
    assertEquals("N×H16×W8×C32", image.toString());
    assertEquals(16 * 8 * 32, image.size());
    assertEquals(16 * 8, image.pixels());
    assertEquals(8, image.extent("W"));
    assertEquals("KH3×KW2×I5×O7", Shape.filter(3, 2, 5, 7).toString());
    assertEquals("scalar", Shape.scalar().toString());
    assertEquals(1, Shape.scalar().size());
    assertEquals(
        "shape: expected an axis H, got C7",
        assertThrows(IllegalArgumentException.class, () -> Shape.vector(7).h()).getMessage());
    assertNotEquals(Shape.image(3, 2, 5), Shape.image(2, 3, 5));
    assertEquals(Shape.image(3, 2, 5), Shape.image(3, 2, 5));
    assertEquals(Shape.image(3, 2, 5).hashCode(), Shape.image(3, 2, 5).hashCode());
  }

  @Test
  void impossibleExtentsAreRejected() {
    assertThrows(IllegalArgumentException.class, () -> Shape.image(0, 1, 1));
    assertThrows(IllegalArgumentException.class, () -> Shape.vector(-1));
    assertThrows(IllegalArgumentException.class, () -> Shape.image(1 << 16, 1 << 15, 1));
    assertThrows(ArithmeticException.class, () -> Shape.image(1 << 30, 1 << 30, Integer.MAX_VALUE));
  }

  @Test
  void aSliceIsAWindowOnItsOwnChannels() {
    Tensor whole = Tensor.onHeap(Shape.image(1, 2, 5), 1);
    Tensor slice = whole.slice(1, 3);
    HeapCopy.upload(new float[] {1, 2, 3, 4, 5, 6}, 0, slice, 1);
    assertArrayEquals(new float[] {0, 1, 2, 3, 0, 0, 4, 5, 6, 0}, whole.floats());
    float[] back = new float[7];
    HeapCopy.download(slice, 1, back, 1);
    assertArrayEquals(new float[] {0, 1, 2, 3, 4, 5, 6}, back);
    assertThrows(IllegalArgumentException.class, () -> whole.slice(3, 3));
    assertThrows(
        IllegalArgumentException.class,
        () -> new Tensor(whole.storage(), 0, Shape.image(1, 2, 5), 4));
  }
}
