package dae.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dae.UserError;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PngTest {
  private static final byte[] PLTE = HandmadePng.chunk("PLTE", HandmadePng.hex("102030 405060"));

  @TempDir Path folder;

  @Test
  void readsRgbOf8And16Bits() throws IOException {
    Picture eight = Png.read(png(2, 1, 8, HandmadePng.RGB, "00 0a80ff 010203"));
    assertEquals(1, eight.height());
    assertEquals(2, eight.width());
    assertArrayEquals(over(255, 10, 128, 255, 1, 2, 3), eight.rgb());
    assertNull(eight.alpha());
    Picture sixteen = Png.read(png(1, 1, 16, HandmadePng.RGB, "00 0102 8000 ffff"));
    assertArrayEquals(over(65535, 0x0102, 0x8000, 0xFFFF), sixteen.rgb());
  }

  @Test
  void readsGrayAsItIsStored() throws IOException {
    float[] eight = Png.read(png(2, 1, 8, HandmadePng.GRAY, "00 80 21")).rgb();
    assertArrayEquals(over(255, 128, 128, 128, 33, 33, 33), eight);
    float[] sixteen = Png.read(png(1, 1, 16, HandmadePng.GRAY, "00 8001")).rgb();
    assertArrayEquals(over(65535, 0x8001, 0x8001, 0x8001), sixteen);
    float[] four = Png.read(png(2, 1, 4, HandmadePng.GRAY, "00 5f")).rgb();
    assertArrayEquals(over(15, 5, 5, 5, 15, 15, 15), four);
    float[] one = Png.read(png(2, 1, 1, HandmadePng.GRAY, "00 40")).rgb();
    assertArrayEquals(over(1, 0, 0, 0, 1, 1, 1), one);
  }

  @Test
  void keepsOpacityAside() throws IOException {
    Picture rgba = Png.read(png(1, 2, 8, HandmadePng.RGBA, "00 01020304 00 05060700"));
    assertEquals(2, rgba.height());
    assertArrayEquals(over(255, 1, 2, 3, 5, 6, 7), rgba.rgb());
    assertArrayEquals(new byte[] {4, 0}, rgba.alpha());
    Picture deep = Png.read(png(1, 1, 16, HandmadePng.RGBA, "00 0001 0002 0003 8000"));
    assertArrayEquals(over(65535, 1, 2, 3), deep.rgb());
    assertArrayEquals(new byte[] {(byte) 128}, deep.alpha());
    Picture gray = Png.read(png(1, 1, 8, HandmadePng.GRAY_ALPHA, "00 90 7f"));
    assertArrayEquals(over(255, 0x90, 0x90, 0x90), gray.rgb());
    assertArrayEquals(new byte[] {127}, gray.alpha());
  }

  @Test
  void readsPalettesWithAndWithoutTransparency() throws IOException {
    Picture opaque = Png.read(png(2, 1, 8, HandmadePng.PALETTE, "00 01 00", PLTE));
    assertArrayEquals(over(255, 0x40, 0x50, 0x60, 0x10, 0x20, 0x30), opaque.rgb());
    assertNull(opaque.alpha());
    Picture clear =
        Png.read(
            png(
                2,
                1,
                8,
                HandmadePng.PALETTE,
                "00 01 00",
                PLTE,
                HandmadePng.chunk("tRNS", HandmadePng.hex("40"))));
    assertArrayEquals(new byte[] {(byte) 255, 0x40}, clear.alpha());
    Picture key =
        Png.read(
            png(
                2,
                1,
                8,
                HandmadePng.RGB,
                "00 010203 040506",
                HandmadePng.chunk("tRNS", HandmadePng.hex("0001 0002 0003"))));
    assertArrayEquals(over(255, 1, 2, 3, 4, 5, 6), key.rgb());
    assertArrayEquals(new byte[] {0, (byte) 255}, key.alpha());
  }

  /// Of grey with fewer than 8 bits ImageIO scales the samples, but not the transparent one.
  @ParameterizedTest
  @CsvSource({
    "1, 0001, 5a",
    "2, 0002, 1b",
    "4, 0003, 1234",
    "8, 0003, 01030203",
    "16, 0003, 00030103"
  })
  void oneGreyIsTransparent(int bits, String key, String row) throws IOException {
    int width = row.length() * 4 / bits;
    byte[] trns = HandmadePng.chunk("tRNS", HandmadePng.hex(key));
    Picture picture = Png.read(png(width, 1, bits, HandmadePng.GRAY, "00" + row, trns));
    BigInteger samples = new BigInteger(row, 16);
    int most = (1 << bits) - 1;
    for (int x = 0; x < width; x++) {
      int sample = samples.shiftRight((width - 1 - x) * bits).intValue() & most;
      assertEquals(sample / (float) most, picture.rgb()[3 * x], 1e-6f);
      int expected = sample == Integer.parseInt(key, 16) ? 0 : 255;
      assertEquals(expected, picture.alpha()[x] & 0xFF, "sample " + sample);
    }
  }

  @Test
  void aTransparentColourBesideOpacitiesIsIgnored() throws IOException {
    byte[] trns = HandmadePng.chunk("tRNS", HandmadePng.hex("0001 0002 0003"));
    Picture rgba = Png.read(png(1, 1, 8, HandmadePng.RGBA, "00 01020304", trns));
    assertArrayEquals(new byte[] {4}, rgba.alpha());
    assertArrayEquals(over(255, 1, 2, 3), rgba.rgb());
  }

  /// As libpng does.
  @ParameterizedTest
  @CsvSource({"0, 00 07, 0001 0002", "2, 00 010203, 0001", "3, 00 01, 404040", "3, 00 01, ''"})
  void transparencyOfAnotherLengthIsIgnored(int type, String row, String data) throws IOException {
    byte[] trns = HandmadePng.chunk("tRNS", HandmadePng.hex(data));
    byte[][] chunks = type == HandmadePng.PALETTE ? new byte[][] {PLTE, trns} : new byte[][] {trns};
    assertNull(Png.read(png(1, 1, 8, type, row, chunks)).alpha());
  }

  @ParameterizedTest
  @CsvSource({"1, 00 80", "2, 00 80", "4, 00 20", "8, 00 02", "8, 00 ff"})
  void aPaletteThatIsTooShortIsRefused(int bits, String row) throws IOException {
    byte[] two = bits == 1 ? HandmadePng.chunk("PLTE", HandmadePng.hex("405060")) : PLTE;
    Path file = png(1, 1, bits, HandmadePng.PALETTE, row, two);
    String said = assertThrows(UserError.class, () -> Png.read(file)).getMessage();
    assertTrue(said.contains("expected a whole PNG"), said);
  }

  /// A capital letter in front says that a picture cannot be shown without it.
  @ParameterizedTest
  @CsvSource({"ABCD, false, true", "PLTE, true, true", "aBCD, false, false", "tEXt, true, false"})
  void aChunkThatIsNeededMustBeKnownAndWhole(String name, boolean flipped, boolean needed)
      throws IOException {
    byte[] chunk = HandmadePng.chunk(name, HandmadePng.hex("610062"));
    chunk[chunk.length - 1] ^= (byte) (flipped ? 1 : 0);
    Path file = png(1, 1, 8, HandmadePng.RGB, "00 010203", chunk);
    if (needed) {
      assertThrows(UserError.class, () -> Png.read(file));
    } else {
      assertArrayEquals(over(255, 1, 2, 3), Png.read(file).rgb());
    }
  }

  @Test
  void writesAndReadsBackTheSame() throws IOException {
    float[] rgb = new float[256 * 2 * 3];
    byte[] alpha = new byte[256 * 2];
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = (i * 7 % 256) / 255f;
      alpha[i / 3] = (byte) i;
    }
    Path target = folder.resolve("out.png");
    Png.write(new Picture(256, 2, rgb, alpha), target);
    Picture clear = Png.read(target);
    assertArrayEquals(rgb, clear.rgb());
    assertArrayEquals(alpha, clear.alpha());
    Png.write(new Picture(2, 256, rgb, null), target);
    Picture opaque = Png.read(target);
    assertEquals(2, opaque.height());
    assertArrayEquals(rgb, opaque.rgb());
    assertNull(opaque.alpha());
  }

  @Test
  void roundsAndClipsWhenWriting() throws IOException {
    Path target = folder.resolve("out.png");
    Png.write(new Picture(1, 1, new float[] {-3, 0.5f, 1.2f}, null), target);
    assertArrayEquals(over(255, 0, 128, 255), Png.read(target).rgb());
  }

  @ParameterizedTest
  @CsvSource({"12001, 10000", "65536, 1", "1, 65536", "1000000, 1000000"})
  void judgesTheSizeBeforeUnpacking(int width, int height) throws IOException {
    Path file = png(width, height, 8, HandmadePng.RGB, "00");
    UserError e = assertThrows(UserError.class, () -> Png.read(file));
    assertTrue(e.getMessage().contains(width + " × " + height), e.getMessage());
  }

  @ParameterizedTest
  @CsvSource({
    "ffd8ffe0, a JPEG",
    "47494638, a GIF",
    "424d0000, a BMP",
    "5249464600000000 57454250, a WebP",
    "49492a00, a TIFF",
    "00000018 66747970, a HEIC or AVIF",
    "25504446, a PDF",
    "'', an empty file",
    "0102, something else"
  })
  void saysWhatElseAFileIs(String bytes, String words) throws IOException {
    Path file = Files.write(folder.resolve("photo.png"), HandmadePng.hex(bytes));
    UserError e = assertThrows(UserError.class, () -> Png.read(file));
    assertTrue(e.getMessage().startsWith(file + ": expected a PNG picture, got " + words + " — "));
  }

  @Test
  void saysWhenThereIsNoFile() {
    Path none = folder.resolve("none.png");
    String message = assertThrows(UserError.class, () -> Png.read(none)).getMessage();
    assertEquals(none + ": expected a PNG picture, got no file — check the path", message);
  }

  @Test
  void aTruncatedPictureIsRefusedOrWhole() throws IOException {
    BufferedImage image = new BufferedImage(20, 20, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < 400; i++) {
      image.setRGB(i % 20, i / 20, i * 0x9E3779B1);
    }
    Path file = folder.resolve("cut.png");
    assertTrue(ImageIO.write(image, "png", file.toFile()));
    byte[] whole = Files.readAllBytes(file);
    float[] pixels = Png.read(file).rgb();
    int refused = 0;
    for (int length = 0; length < whole.length; length++) {
      Files.write(file, Arrays.copyOf(whole, length));
      try {
        assertArrayEquals(pixels, Png.read(file).rgb(), "length " + length);
      } catch (UserError e) {
        assertEquals(1, e.getMessage().lines().count(), e.getMessage());
        refused++;
      }
    }
    // All pixels are there before the last checksums, whose absence need not be noticed.
    assertTrue(refused > whole.length - 30, refused + " of " + whole.length + " were refused");
  }

  @Test
  void everyChangedByteIsReadOrRefused() throws IOException {
    byte[] whole = Files.readAllBytes(png(2, 2, 8, HandmadePng.PALETTE, "00 0100 04 0101", PLTE));
    Path file = folder.resolve("changed.png");
    for (int i = 0; i < whole.length; i++) {
      for (int value : new int[] {0, 1, 0x7F, 0x80, 0xFF, whole[i] ^ 4}) {
        byte[] changed = whole.clone();
        changed[i] = (byte) value;
        Files.write(file, changed);
        try {
          Png.read(file);
        } catch (UserError e) {
          assertEquals(1, e.getMessage().lines().count(), e.getMessage());
        }
      }
    }
  }

  private static float[] over(float most, int... values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      floats[i] = values[i] / most;
    }
    return floats;
  }

  private Path png(int width, int height, int bits, int type, String rows, byte[]... chunks)
      throws IOException {
    return HandmadePng.write(folder, width, height, bits, type, rows, chunks);
  }
}
