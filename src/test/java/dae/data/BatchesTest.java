package dae.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dae.UserError;
import dae.image.Orientation;
import dae.random.Shuffle;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class BatchesTest {
  private static final int PER_IMAGE = 2 * 2 * 3;

  /// Images of 2×2 pixels whose bytes tell their number and place.
  private static Images images(int count) {
    byte[] bytes = new byte[count * PER_IMAGE];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (i / PER_IMAGE * 31 + i % PER_IMAGE);
    }
    return new Images(2, 2, bytes);
  }

  /// All image numbers from a batch on, checking each image's pixels on the way.
  private static int[] walk(Batches batches, int epoch, int firstBatch) {
    List<Integer> numbers = new ArrayList<>();
    try (Batches.Epoch open = batches.epoch(epoch, firstBatch)) {
      for (Batch batch = open.next(); batch != null; batch = open.next()) {
        for (int i = 0; i < batch.size(); i++) {
          int number = batch.indices()[i];
          for (int p = 0; p < PER_IMAGE; p++) {
            assertEquals((byte) (number * 31 + p), batch.pixels()[i * PER_IMAGE + p]);
          }
          numbers.add(number);
        }
      }
    }
    return numbers.stream().mapToInt(Integer::intValue).toArray();
  }

  @Test
  void shuffledByEpochWithTheLastPartialBatch() {
    Batches batches = new Batches(images(103), 10, 77, false, false);
    assertEquals(11, batches.count());
    for (int epoch = 0; epoch < 3; epoch++) {
      assertArrayEquals(Shuffle.permutation(103, 77, epoch), walk(batches, epoch, 0));
    }
  }

  @Test
  void aRandomHalfIsMirroredAndAnotherOneInTheNextEpoch() {
    Batches batches = new Batches(images(200), 16, 77, true, false);
    boolean[][] mirrored = new boolean[2][200];
    for (int epoch = 0; epoch < 2; epoch++) {
      try (Batches.Epoch open = batches.epoch(epoch, 0)) {
        for (Batch batch = open.next(); batch != null; batch = open.next()) {
          for (int i = 0; i < batch.size(); i++) {
            int number = batch.indices()[i];
            mirrored[epoch][number] = batch.pixels()[i * PER_IMAGE] != (byte) (number * 31);
            int[] places =
                mirrored[epoch][number]
                    ? new int[] {3, 4, 5, 0, 1, 2, 9, 10, 11, 6, 7, 8}
                    : IntStream.range(0, PER_IMAGE).toArray();
            for (int p = 0; p < PER_IMAGE; p++) {
              assertEquals((byte) (number * 31 + places[p]), batch.pixels()[i * PER_IMAGE + p]);
            }
          }
        }
      }
      int count = 0;
      for (boolean flipped : mirrored[epoch]) {
        count += flipped ? 1 : 0;
      }
      assertTrue(count > 70 && count < 130, count + " of 200");
    }
    assertFalse(Arrays.equals(mirrored[0], mirrored[1]));
  }

  /// Which of the eight orientations each image of an epoch has; every one must have one.
  private static Orientation[] orientations(Batches batches, int epoch, int count) {
    Orientation[] found = new Orientation[count];
    try (Batches.Epoch open = batches.epoch(epoch, 0)) {
      for (Batch batch = open.next(); batch != null; batch = open.next()) {
        for (int i = 0; i < batch.size(); i++) {
          int number = batch.indices()[i];
          int from = i * PER_IMAGE;
          byte[] pixels = Arrays.copyOfRange(batch.pixels(), from, from + PER_IMAGE);
          found[number] =
              Orientation.ALL.stream()
                  .filter(each -> Arrays.equals(pixels, lying(number, each)))
                  .findFirst()
                  .orElseThrow();
        }
      }
    }
    return found;
  }

  private static byte[] lying(int number, Orientation orientation) {
    byte[] pixels = new byte[PER_IMAGE];
    int[] from = orientation.pixels(2, 2);
    for (int p = 0; p < PER_IMAGE; p++) {
      pixels[p] = (byte) (number * 31 + from[p / 3] * 3 + p % 3);
    }
    return pixels;
  }

  @Test
  void eachIsTurnedAsChanceSays() {
    Batches turning = new Batches(images(400), 16, 77, false, true);
    Orientation[] first = orientations(turning, 0, 400);
    for (int turns = 0; turns < 4; turns++) {
      Orientation turned = new Orientation(false, turns);
      long count = Arrays.stream(first).filter(turned::equals).count();
      assertTrue(count > 65 && count < 135, count + " of 400: " + turned);
    }
    assertArrayEquals(first, orientations(turning, 0, 400));
    assertFalse(Arrays.equals(first, orientations(turning, 1, 400)));
  }

  @Test
  void turningChangesNothingAboutWhichAreMirrored() {
    Orientation[] flipped = orientations(new Batches(images(400), 16, 77, true, false), 3, 400);
    Orientation[] turned = orientations(new Batches(images(400), 16, 77, false, true), 3, 400);
    Orientation[] both = orientations(new Batches(images(400), 16, 77, true, true), 3, 400);
    for (int i = 0; i < 400; i++) {
      assertEquals(new Orientation(flipped[i].mirrored(), turned[i].turns()), both[i]);
    }
    assertEquals(8, Arrays.stream(both).distinct().count());
  }

  @Test
  void onlySquareImagesAreTurned() {
    Images wide = new Images(2, 3, new byte[5 * 2 * 3 * 3]);
    assertEquals(
        "train: expected square images with --turn, got 3×2 — leave it out",
        assertThrows(UserError.class, () -> new Batches(wide, 2, 1, true, true)).getMessage());
    assertEquals(3, new Batches(wide, 2, 1, true, false).count());
  }

  @Test
  void lastBatchIsSmaller() {
    Batches batches = Batches.sequential(images(7), 3);
    try (Batches.Epoch epoch = batches.epoch(0, 1)) {
      assertEquals(3, epoch.next().size());
      assertEquals(1, epoch.next().size());
      assertNull(epoch.next());
      assertNull(epoch.next());
    }
  }

  @Test
  void sequentialKeepsTheOrder() {
    assertArrayEquals(
        IntStream.range(0, 25).toArray(), walk(Batches.sequential(images(25), 4), 5, 0));
  }

  @Test
  void resumingContinuesTheSameOrder() {
    Batches batches = new Batches(images(50), 8, 3, false, false);
    int[] whole = walk(batches, 2, 0);
    for (int first = 0; first <= batches.count(); first++) {
      int[] rest = walk(new Batches(images(50), 8, 3, false, false), 2, first);
      assertArrayEquals(Arrays.copyOfRange(whole, Math.min(8 * first, 50), 50), rest);
    }
    assertThrows(IllegalArgumentException.class, () -> batches.epoch(0, batches.count() + 1));
  }

  @Test
  void resumingReadsNothingBeforeItsStart() {
    Images images = images(20);
    boolean[] read = new boolean[20];
    Batches batches =
        new Batches(
            new Spied(
                images,
                image -> {
                  read[image] = true;
                }),
            5,
            0,
            false,
            false);
    walk(batches, 0, 3);
    for (int i = 0; i < 20; i++) {
      assertEquals(i >= 15, read[i], "image " + i);
    }
  }

  @Test
  void anEpochMayStopEarlyAndTheNextIsUntouchedByIt() {
    Batches batches = new Batches(images(100), 4, 1, false, false);
    for (int epoch = 0; epoch < 200; epoch++) {
      Batches.Epoch open = batches.epoch(epoch, 0);
      assertNotNull(open.next());
    }
    assertArrayEquals(Shuffle.permutation(100, 1, 200), walk(batches, 200, 0));
  }

  @Test
  void aClosedEpochIsOver() {
    Batches batches = new Batches(images(100), 4, 1, false, false);
    Batches.Epoch epoch = batches.epoch(0, 0);
    epoch.next();
    batches.close();
    assertNull(epoch.next());
  }

  @Test
  void anErrorOfTheReaderReachesTheConsumerInItsPlace() {
    Images images = images(20);
    IllegalStateException broken = new IllegalStateException("broken disk");
    Batches batches =
        new Batches(
            new Spied(
                images,
                image -> {
                  if (image == 13) {
                    throw broken;
                  }
                }),
            5,
            0,
            false,
            false);
    try (Batches.Epoch epoch = batches.epoch(0, 0)) {
      assertEquals(0, epoch.next().indices()[0]);
      assertEquals(5, epoch.next().indices()[0]);
      assertSame(broken, assertThrows(IllegalStateException.class, epoch::next).getCause());
    }
  }

  @Test
  void anInterruptIsKeptForTheCaller() {
    Batches batches = new Batches(images(20), 5, 1, false, false);
    Thread.currentThread().interrupt();
    int[] numbers = walk(batches, 0, 0);
    assertTrue(Thread.interrupted());
    assertEquals(20, numbers.length);
  }

  @Test
  void nothingIsAllocatedPerBatch() {
    Images images = images(4000);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    AtomicReference<Thread> reader = new AtomicReference<>();
    long[] readerBytes = new long[4000];
    Batches batches =
        new Batches(
            new Spied(
                images,
                image -> {
                  reader.set(Thread.currentThread());
                  readerBytes[image] = threads.getCurrentThreadAllocatedBytes();
                }),
            1,
            0,
            false,
            false);
    long bytes = 0;
    try (Batches.Epoch epoch = batches.epoch(0, 0)) {
      for (int b = 0; b < 4000; b++) {
        if (b == 2000) {
          bytes = threads.getCurrentThreadAllocatedBytes();
        }
        epoch.next();
      }
      bytes = threads.getCurrentThreadAllocatedBytes() - bytes;
    }
    assertTrue(bytes < 1000, "consumer allocated " + bytes);
    long read = readerBytes[3999] - readerBytes[2000];
    assertTrue(read < 1000, "reader allocated " + read);
    assertFalse(reader.get().isAlive());
    assertTrue(reader.get().isDaemon());
  }

  @Test
  void noImagesMeansNoBatches() {
    assertEquals(0, walk(new Batches(images(0), 5, 1, false, false), 0, 0).length);
  }

  /// On the image as its epoch sees it, with the key of that image, and beside it.
  @Test
  void theReaderPaints() {
    Batches batches =
        new Batches(images(20), 8, 5, true, false)
            .painted((canvas, epoch, image) -> {
              canvas.rgb()[0] = image / 255f;
              canvas.rgb()[1] = epoch / 255f;
              canvas.rgb()[2] = 2;
            });
    int size = images(20).bytesPerImage();
    try (Batches.Epoch epoch = batches.epoch(6, 0)) {
      for (Batch batch = epoch.next(); batch != null; batch = epoch.next()) {
        for (int i = 0; i < batch.size(); i++) {
          byte[] clean = Arrays.copyOfRange(batch.pixels(), i * size, (i + 1) * size);
          byte[] damaged = Arrays.copyOfRange(batch.damaged(), i * size, (i + 1) * size);
          assertEquals(batch.indices()[i], damaged[0]);
          assertEquals(6, damaged[1]);
          assertEquals((byte) 255, damaged[2]);
          assertArrayEquals(
              Arrays.copyOfRange(clean, 3, size), Arrays.copyOfRange(damaged, 3, size));
        }
      }
    }
    try (Batches.Epoch epoch = new Batches(images(20), 8, 5, true, false).epoch(6, 0)) {
      assertNull(epoch.next().damaged());
    }
  }

  @Test
  void theReaderKeepsWhatIsCovered() {
    int pixels = images(20).height() * images(20).width();
    Batches batches =
        new Batches(images(20), 8, 5, true, false)
            .painted((canvas, epoch, image) -> canvas.blend(image % pixels, 0, 0, 0, image / 40f))
            .covered(true);
    long without = new Batches(images(20), 8, 5, true, false).painted((c, e, i) -> {}).bytes();
    assertEquals(without + 2 * 8 * pixels, batches.bytes());
    try (Batches.Epoch epoch = batches.epoch(6, 0)) {
      for (Batch batch = epoch.next(); batch != null; batch = epoch.next()) {
        for (int i = 0; i < batch.size(); i++) {
          byte[] expected = new byte[pixels];
          int image = batch.indices()[i];
          expected[image % pixels] = (byte) Math.round(255 * (image / 40f));
          assertArrayEquals(
              expected, Arrays.copyOfRange(batch.cover(), i * pixels, (i + 1) * pixels));
        }
      }
    }
    try (Batches.Epoch epoch = new Batches(images(20), 8, 5, true, false).epoch(6, 0)) {
      assertNull(epoch.next().cover());
    }
  }
}
