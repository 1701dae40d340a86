package dae.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dae.image.PictureFile;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Twelve pictures whose red tells which, and whose green and blue tell where.
class PictureCropsTest {
  private static final int SIDE = 40;
  private static final int PATCH = 8;
  private static final int BYTES = PATCH * PATCH * 3;
  private static final int TILES = 25;

  @TempDir Path folder;

  private final List<FolderPicture> pictures = new ArrayList<>();
  private final List<String> skipped = new ArrayList<>();

  @BeforeEach
  void paint() throws IOException {
    for (int p = 0; p < 12; p++) {
      BufferedImage image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
      for (int i = 0; i < SIDE * SIDE; i++) {
        image.setRGB(i % SIDE, i / SIDE, p << 16 | i / SIDE << 8 | i % SIDE);
      }
      Path file = folder.resolve(p + ".png");
      ImageIO.write(image, "png", file.toFile());
      pictures.add(FolderPicture.inspect(p + "", file, null, PATCH));
    }
  }

  /// @param pool how many pictures' crops fill one
  private PictureCrops crops(int crops, int pool, boolean keep) {
    long room = (long) pool * Math.max(crops == 0 ? TILES : crops, 16) * BYTES;
    return new PictureCrops(
        pictures,
        new Cut(PATCH, crops),
        (picture, e) -> skipped.add("" + picture.clean().path().getFileName()),
        room,
        keep ? Long.MAX_VALUE : 0,
        Integer.MAX_VALUE);
  }

  /// What an epoch shows, in its order.
  private static List<byte[]> shown(ImageSource source, int epoch) {
    int[] order = new int[source.count()];
    source.order(7, epoch, order);
    return Arrays.stream(order)
        .mapToObj(number -> {
          byte[] image = new byte[source.bytesPerImage()];
          source.copy(number, image, null, 0);
          return image;
        })
        .toList();
  }

  private static Map<Integer, Integer> perPicture(List<byte[]> images) {
    Map<Integer, Integer> counts = new HashMap<>();
    images.forEach(image -> counts.merge((int) image[0], 1, Integer::sum));
    return counts;
  }

  @Test
  void everyEpochCutsEveryPictureElsewhere() {
    PictureCrops crops = crops(0, 3, false);
    assertEquals(12 * TILES, crops.count());
    Set<Integer> places = new HashSet<>();
    for (int epoch = 0; epoch < 3; epoch++) {
      List<byte[]> images = shown(crops, epoch);
      assertTrue(perPicture(images).values().stream().allMatch(n -> n == TILES));
      for (byte[] image : images) {
        places.add(image[1] * SIDE + image[2]);
        for (int i = 0; i < PATCH * PATCH; i++) {
          assertEquals(image[0], image[3 * i]);
          assertEquals(image[1] + i / PATCH, image[3 * i + 1]);
          assertEquals(image[2] + i % PATCH, image[3 * i + 2]);
        }
      }
    }
    assertTrue(places.size() > 500, places.size() + " places");
  }

  /// However the memory is divided, the same epoch; but not in the same order.
  @Test
  void aPoolIsAllThatIsHeld() {
    List<byte[]> images = shown(crops(0, 3, false), 5);
    for (int pool = 0; pool < 4; pool++) {
      List<byte[]> of = images.subList(pool * 3 * TILES, (pool + 1) * 3 * TILES);
      assertEquals(3, perPicture(of).size());
      assertNotEquals(1, perPicture(of.subList(0, TILES)).size(), "mixed");
    }
  }

  @Test
  void anEpochIsAFunctionOfSeedAndNumber() {
    List<byte[]> images = shown(crops(20, 2, false), 4);
    PictureCrops other = crops(20, 2, false);
    shown(other, 3);
    List<byte[]> again = shown(other, 4);
    for (int i = 0; i < images.size(); i++) {
      assertArrayEquals(images.get(i), again.get(i));
    }
    int[] order = new int[other.count()];
    other.order(7, 4, order);
    for (int i = 150; i < order.length; i++) {
      byte[] image = new byte[BYTES];
      other.copy(order[i], image, null, 0);
      assertArrayEquals(images.get(i), image, "gone on with from the middle");
    }
    List<byte[]> kept = shown(crops(20, 2, true), 4);
    assertArrayEquals(images.get(17), kept.get(17));
  }

  /// One decoding serves at least 16 crops: an epoch visits a part, and four visit all.
  @Test
  void fewCropsOfEachPictureComeFromFewPictures() {
    PictureCrops crops = crops(4, 2, false);
    assertEquals(12 * 4, crops.count());
    Map<Integer, Integer> all = new HashMap<>();
    for (int epoch = 0; epoch < 4; epoch++) {
      Map<Integer, Integer> some = perPicture(shown(crops, epoch));
      assertEquals(3, some.size());
      some.forEach((picture, n) -> all.merge(picture, n, Integer::sum));
    }
    assertEquals(12, all.size());
    assertTrue(all.values().stream().allMatch(n -> n == 16));
    assertEquals(12, perPicture(shown(crops(4, 2, true), 0)).size(), "kept in memory");
  }

  @Test
  void theNextGoodPictureStandsInForADamagedOne() throws IOException {
    Files.write(folder.resolve("3.png"), new byte[100]);
    PictureCrops crops = crops(0, 3, false);
    for (int epoch = 0; epoch < 3; epoch++) {
      Map<Integer, Integer> shown = perPicture(shown(crops, epoch));
      assertEquals(11, shown.size());
      assertFalse(shown.containsKey(3));
      assertEquals(12 * TILES, shown.values().stream().mapToInt(n -> n).sum());
    }
    assertEquals(List.of("3.png"), skipped);
  }

  @Test
  void aLimitCutsTheEpoch() {
    ImageSource crops = crops(0, 3, false).first(100);
    assertEquals(100, crops.count());
    assertEquals(100, shown(crops, 0).size());
    assertEquals(4, perPicture(shown(crops, 1)).size());
    assertEquals(12 * TILES * 3, crops(0, 3, false).weighted(3).count());
  }

  private PictureFile replaced() throws IOException {
    Path file = folder.resolve("replaced.png");
    ImageIO.write(new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB), "png", file.toFile());
    return PictureFile.inspect(file, PATCH);
  }

  @Test
  void otherFilesAreOtherImages() throws IOException {
    String all = crops(0, 3, false).fingerprint();
    assertEquals(all, crops(0, 2, true).fingerprint());
    assertNotEquals(all, crops(3, 2, true).fingerprint());
    pictures.set(0, new FolderPicture(replaced(), null, pictures.get(0).hash()));
    assertNotEquals(all, crops(0, 3, false).fingerprint(), "another file of that name and size");
    pictures.removeLast();
    assertNotEquals(all, crops(0, 3, false).fingerprint());
  }
}
