package dae.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dae.UserError;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MixtureTest {
  /// One pixel each, whose red counts and whose green tells the set.
  private static Images images(int count, int set) {
    byte[] bytes = new byte[count * 3];
    for (int i = 0; i < count; i++) {
      bytes[3 * i] = (byte) i;
      bytes[3 * i + 1] = (byte) set;
    }
    return new Images(1, 1, bytes);
  }

  /// How often which image of which set is shown, and in which order the sets come.
  private static int[][] counts(ImageSource source, int epoch, StringBuilder sets) {
    int[] order = new int[source.count()];
    source.order(3, epoch, order);
    int[] sorted = order.clone();
    Arrays.sort(sorted);
    int[][] counts = new int[2][20];
    for (int i = 0; i < order.length; i++) {
      assertEquals(i, sorted[i]);
      byte[] pixel = new byte[3];
      source.copy(order[i], pixel, null, 0);
      counts[pixel[1]][pixel[0]]++;
      sets.append(pixel[1]);
    }
    return counts;
  }

  @Test
  void showsAllOfEachInARandomOrder() {
    Mixture mixture = new Mixture(List.of(images(20, 0), images(10, 1)));
    StringBuilder sets = new StringBuilder();
    int[][] counts = counts(mixture, 0, sets);
    assertTrue(Arrays.stream(counts[0]).allMatch(n -> n == 1));
    assertEquals(10, Arrays.stream(counts[1]).sum());
    assertTrue(sets.substring(0, 15).contains("1") && sets.substring(15).contains("1"), "" + sets);
    StringBuilder next = new StringBuilder();
    counts(mixture, 1, next);
    assertFalse(sets.compareTo(next) == 0);
  }

  @Test
  void weightsRepeatAndThin() {
    int[] seen = new int[20];
    for (int epoch = 0; epoch < 100; epoch++) {
      StringBuilder sets = new StringBuilder();
      int[][] counts =
          counts(
              new Mixture(List.of(images(20, 0).weighted(0.25), images(10, 1).weighted(2.5))),
              epoch,
              sets);
      assertEquals(30, sets.length());
      for (int i = 0; i < 10; i++) {
        assertTrue(counts[1][i] == 2 || counts[1][i] == 3);
      }
      for (int i = 0; i < 20; i++) {
        assertTrue(counts[0][i] <= 1);
        seen[i] += counts[0][i];
      }
    }
    assertEquals(500, Arrays.stream(seen).sum());
    assertTrue(Arrays.stream(seen).allMatch(n -> n > 5), Arrays.toString(seen));
  }

  @Test
  void refusesImagesOfDifferentSizes() {
    Images wide = new Images(1, 2, new byte[6]);
    String message =
        assertThrows(UserError.class, () -> new Mixture(List.of(images(2, 0), wide))).getMessage();
    assertTrue(message.contains("1×1 and 2×1") && message.contains("--patch"), message);
  }

  @Test
  void wordsHaveWeights() {
    String words = Datasets.join(List.of("cifar100", "leaves=0.5", "x=y=3"));
    assertEquals(
        List.of(new Weighted("cifar100", 1), new Weighted("leaves", 0.5), new Weighted("x=y", 3)),
        Weighted.parse(words));
    assertEquals(words.replace("=3", "=3.0"), Datasets.absolute(words));
    assertTrue(Datasets.anyFolder(words));
    assertFalse(Datasets.anyFolder("cifar10" + File.pathSeparator + "leaves"));
  }

  @Test
  void aNameThatIsThereHasNoWeightAndANameMayHaveAnEquals(@TempDir Path folder) throws IOException {
    Path there = Files.createDirectory(folder.resolve("iso=3"));
    assertEquals(List.of(new Weighted("" + there, 1)), Weighted.parse("" + there));
    assertEquals(List.of(new Weighted("" + there, 2)), Weighted.parse(there + "=2"));
    assertEquals("" + there, Datasets.absolute("" + there));
    assertEquals(List.of(new Weighted("x=y", 1)), Weighted.parse("x=y"));
    assertEquals("*=noisy", Datasets.withoutFolders("/photos=2/*=noisy"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"leaves=0", "leaves=-1", "leaves=", "leaves=NaN", "leaves=many"})
  void refusesWeightsWithoutSense(String word) {
    String message = assertThrows(UserError.class, () -> Weighted.parse(word)).getMessage();
    assertTrue(message.contains("weight") && !message.contains("\n"), message);
  }

  @Test
  void measuresOnTheImagesOfAll() {
    Images both = Images.together(List.of(images(3, 0), images(2, 1)));
    assertArrayEquals(new byte[] {0, 0, 0, 1, 0, 0, 2, 0, 0, 0, 1, 0, 1, 1, 0}, both.bytes());
  }
}
