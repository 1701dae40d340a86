package dae.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dae.UserError;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageFolderTest {
  @TempDir Path folder;

  private final List<String> warnings = new ArrayList<>();

  private Dataset open() {
    return Datasets.open(folder.toString(), Path.of("nowhere"), new Cut(32, 0), warnings::add);
  }

  /// A picture of one colour, so that a crop tells which picture it comes from.
  private void write(String name, String format, int height, int width, int rgb)
      throws IOException {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        image.setRGB(x, y, rgb);
      }
    }
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    assertTrue(ImageIO.write(image, format, file.toFile()));
  }

  /// What an epoch shows, by the images' numbers.
  private static Images shown(ImageSource source, int epoch) {
    int[] order = new int[source.count()];
    source.order(1, epoch, order);
    byte[] all = new byte[source.count() * source.bytesPerImage()];
    for (int number : order) {
      source.copy(number, all, null, number * source.bytesPerImage());
    }
    assertArrayEquals(IntStream.range(0, order.length).toArray(), sorted(order));
    return new Images(source.height(), source.width(), all);
  }

  private static int[] sorted(int[] numbers) {
    int[] sorted = numbers.clone();
    Arrays.sort(sorted);
    return sorted;
  }

  private static Set<Integer> colours(Images images) {
    Set<Integer> colours = new HashSet<>();
    for (int i = 0; i < images.bytes().length; i += 3) {
      byte[] b = images.bytes();
      colours.add((b[i] & 0xFF) << 16 | (b[i + 1] & 0xFF) << 8 | b[i + 2] & 0xFF);
    }
    return colours;
  }

  @Test
  void cutsAsManyCropsAsTilesFit() throws IOException {
    for (int i = 0; i < 20; i++) {
      write("sub/p" + i + ".png", "png", 70, 100, 0x102030 + i);
    }
    Dataset dataset = open();
    assertEquals(18 * 6, dataset.training().count());
    assertEquals(2 * 6, dataset.test().count());
    Set<Integer> both = colours(shown(dataset.training(), 0));
    assertEquals(18, both.size());
    assertEquals(2, colours(dataset.test()).size());
    both.addAll(colours(dataset.test()));
    assertEquals(20, both.size());
    assertArrayEquals(shown(dataset.training(), 3).bytes(), shown(open().training(), 3).bytes());
    assertEquals(dataset.training().fingerprint(), open().training().fingerprint());
    assertTrue(warnings.isEmpty());
  }

  @Test
  void cropsLieAtDifferentPlacesWithTheirPixelsInOrder() throws IOException {
    for (int f = 0; f < 2; f++) {
      BufferedImage image = new BufferedImage(200, 150, BufferedImage.TYPE_INT_RGB);
      for (int y = 0; y < 150; y++) {
        for (int x = 0; x < 200; x++) {
          image.setRGB(x, y, y << 16 | x << 8 | f);
        }
      }
      ImageIO.write(image, "png", folder.resolve(f + ".png").toFile());
    }
    ImageSource source = open().training();
    Images images = shown(source, 0);
    assertFalse(Arrays.equals(images.bytes(), shown(source, 1).bytes()));
    assertEquals(4 * 6, images.count());
    Set<Integer> places = new HashSet<>();
    for (int n = 0; n < images.count(); n++) {
      byte[] b = images.bytes();
      int at = n * images.bytesPerImage();
      int top = b[at] & 0xFF;
      int left = b[at + 1] & 0xFF;
      places.add(top << 8 | left);
      for (int p = 0; p < 1024; p++) {
        assertEquals(top + p / 32, b[at + 3 * p] & 0xFF);
        assertEquals(left + p % 32, b[at + 3 * p + 1] & 0xFF);
      }
    }
    assertTrue(places.size() > 20, places.size() + " places");
  }

  @Test
  void readsTheCommonFormatsAndKeepsGreyAsItIs() throws IOException {
    write("a.png", "png", 32, 32, 0xFF0000);
    write("b.bmp", "bmp", 32, 32, 0x00FF00);
    write("c.GIF", "gif", 32, 32, 0x0000FF);
    write("d.jpeg", "jpg", 32, 32, 0x808080);
    BufferedImage grey = new BufferedImage(32, 32, BufferedImage.TYPE_BYTE_GRAY);
    BufferedImage grey16 = new BufferedImage(32, 32, BufferedImage.TYPE_USHORT_GRAY);
    for (int i = 0; i < 1024; i++) {
      grey.getRaster().setSample(i % 32, i / 32, 0, 100);
      grey16.getRaster().setSample(i % 32, i / 32, 0, 60 * 257);
    }
    ImageIO.write(grey, "png", folder.resolve("e.png").toFile());
    ImageIO.write(grey16, "png", folder.resolve("f.png").toFile());
    Dataset dataset = open();
    Set<Integer> colours = colours(shown(dataset.training(), 0));
    colours.addAll(colours(dataset.test()));
    assertEquals(Set.of(0xFF0000, 0x00FF00, 0x0000FF, 0x808080, 0x646464, 0x3C3C3C), colours);
  }

  @Test
  void oneBadFileIsOneWarning() throws IOException {
    for (int i = 0; i < 12; i++) {
      write("p" + i + ".png", "png", 40, 40, i);
    }
    Files.writeString(folder.resolve("page.jpg"), "<html>");
    Files.write(folder.resolve("empty.png"), new byte[0]);
    write("tiny.png", "png", 31, 400, 0);
    Files.write(folder.resolve("huge.png"), hugePng());
    Files.writeString(folder.resolve("notes.txt"), "not a picture and not looked at");
    write("cut.png", "png", 400, 400, 0);
    byte[] whole = Files.readAllBytes(folder.resolve("cut.png"));
    Files.write(folder.resolve("cut.png"), Arrays.copyOf(whole, whole.length / 2));
    Dataset dataset = open();
    Set<Integer> colours = colours(dataset.test());
    colours.addAll(colours(shown(dataset.training(), 0)));
    assertEquals(12, colours.size());
    shown(dataset.training(), 1);
    assertEquals(5, warnings.size(), warnings.toString());
    for (String word : new String[] {"page", "empty", "tiny", "huge", "cut"}) {
      List<String> lines = warnings.stream().filter(line -> line.contains(word)).toList();
      assertEquals(1, lines.size(), word);
      assertFalse(lines.getFirst().contains("\n"));
    }
  }

  @Test
  void aFileThatCannotBeOpenedIsOneWarning() throws IOException {
    for (int i = 0; i < 20; i++) {
      write("p" + i + ".png", "png", 40, 40, i);
    }
    Dataset dataset = open();
    int training = dataset.training().count();
    for (int i = 0; i < 20; i++) {
      Files.delete(folder.resolve("p" + i + ".png"));
    }
    assertThrows(UserError.class, dataset::test);
    assertThrows(UserError.class, () -> shown(dataset.training(), 0));
    assertEquals(18, training);
    assertEquals(10, warnings.size(), warnings.toString());
    assertTrue(warnings.getFirst().contains("no such file"), warnings.getFirst());
  }

  @Test
  void aFoldersNameHoldsInAnyWorkingFolder() {
    assertEquals(Path.of("src").toAbsolutePath().toString(), Datasets.absolute("./src"));
    assertEquals("leaves", Datasets.absolute("leaves"));
    assertEquals("cifar10", Datasets.absolute("cifar10"));
  }

  @Test
  void manyBadFilesAreFewWarnings() throws IOException {
    write("a.png", "png", 40, 40, 0);
    write("b.png", "png", 40, 40, 0);
    for (int i = 0; i < 40; i++) {
      Files.writeString(folder.resolve("bad" + i + ".png"), "no");
    }
    open().test();
    assertEquals(11, warnings.size());
    assertTrue(warnings.getLast().startsWith("40 pictures"), warnings.getLast());
  }

  @Test
  void refusesFoldersWithoutUsablePictures() throws IOException {
    assertTrue(error().contains("got 0"));
    write("a.png", "png", 40, 40, 0);
    assertTrue(error().contains("got 1"));
    write("b.png", "png", 8, 8, 0);
    assertTrue(error().contains("1 unusable"));
  }

  private String error() {
    String message = assertThrows(UserError.class, () -> open().training()).getMessage();
    assertFalse(message.contains("\n"));
    return message;
  }

  @Test
  void rejectsUnknownNames() {
    for (String name : new String[] {"cifar", "", folder.resolve("missing").toString(), "a\0b"}) {
      assertThrows(UserError.class, () -> Datasets.open(name, folder));
      assertFalse(Datasets.present(name, folder));
    }
    assertTrue(Datasets.present("leaves", folder));
    assertTrue(Datasets.present(folder.toString(), folder));
  }

  @Test
  void measuresOnNoMoreThanCifarHas() throws IOException {
    write("a.png", "png", 4096, 4096, 1);
    write("b.png", "png", 4096, 4096, 2);
    Dataset dataset = open();
    assertEquals(10_000, dataset.test().count());
    assertEquals(16_384, dataset.training().count());
  }

  /// A small file whose header promises 30,000 × 30,000 pixels.
  private static byte[] hugePng() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'});
    ByteBuffer header = ByteBuffer.allocate(17);
    header.put("IHDR".getBytes()).putInt(30_000).putInt(30_000);
    header.put(new byte[] {8, 2, 0, 0, 0});
    CRC32 crc = new CRC32();
    crc.update(header.array());
    out.write(ByteBuffer.allocate(4).putInt(13).array());
    out.write(header.array());
    out.write(ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
    return out.toByteArray();
  }
}
