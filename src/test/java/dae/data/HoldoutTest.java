package dae.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dae.UserError;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class HoldoutTest {
  private static final Dataset LEAVES = new DeadLeaves();

  @Test
  void theLastTrainingImagesTakeTheTestImagesPlace() {
    Images all = (Images) LEAVES.training();
    Dataset split = new Holdout(LEAVES, 100);
    int from = (all.count() - 100) * all.bytesPerImage();
    assertEquals(all.count() - 100, split.training().count());
    assertArrayEquals(
        Arrays.copyOf(all.bytes(), from), Arrays.copyOf(((Images) split.training()).bytes(), from));
    assertEquals(100, split.test().count());
    byte[] last = Arrays.copyOfRange(all.bytes(), from, all.count() * all.bytesPerImage());
    assertArrayEquals(last, split.test().bytes());
  }

  @Test
  void somethingMustBeLeftToLearnFrom() {
    int count = LEAVES.training().count();
    assertEquals(
        "leaves: expected to hold out fewer than its %d training images, got %d — change --holdout"
            .formatted(count, count),
        assertThrows(UserError.class, () -> new Holdout(LEAVES, count).training()).getMessage());
  }
}
