package dae.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dae.UserError;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What [dae.data.ImageFolder]'s test does not see: the reasons, word for word.
class PictureFileTest {
  @TempDir Path folder;

  private Path header(int width, int height) throws IOException {
    return HandmadePng.write(folder, width, height, 8, HandmadePng.RGB, "00");
  }

  private static String reason(Path file, int smallest) {
    return assertThrows(IOException.class, () -> PictureFile.inspect(file, smallest)).getMessage();
  }

  @Test
  void bothReadersHaveOneLimitOfPixels() throws IOException {
    PictureFile largest = PictureFile.inspect(header(12_000, 10_000), 1);
    assertEquals(Picture.MAX_PIXELS, largest.height() * largest.width());
    Path above = header(12_001, 10_000);
    assertEquals("12001×10000 pixels are more than 120 million", reason(above, 1));
    String named = assertThrows(UserError.class, () -> Png.read(above)).getMessage();
    assertTrue(named.contains("at most 120 megapixels"), named);
  }

  @Test
  void tooSmallIsSaidBeforeTooLarge() throws IOException {
    assertEquals("32×31 pixels are too small", reason(header(32, 31), 32));
    assertEquals("4000000×20 pixels are too small", reason(header(4_000_000, 20), 32));
  }

  @Test
  void damagedIsAnIoExceptionWhateverTheDecoderThrew() throws IOException {
    Path page = Files.writeString(folder.resolve("page.png"), "<html>");
    assertEquals("not a picture of a known format", reason(page, 1));
    PictureFile cut = PictureFile.inspect(header(2, 2), 1);
    assertThrows(Decoder.DamagedException.class, cut::rgb);
    IOException damaged =
        assertThrows(
            IOException.class,
            () ->
                Decoder.ofAny(
                    cut.path(),
                    reader -> {
                      throw new IndexOutOfBoundsException("5");
                    }));
    assertEquals("damaged: java.lang.IndexOutOfBoundsException: 5", damaged.getMessage());
  }

  /// What a decoder alone takes for whole, or for damaged.
  @Test
  void isJudgedAsWhereverElsePicturesAreRead() throws IOException {
    byte[] colors = HandmadePng.chunk("PLTE", HandmadePng.hex("102030 405060"));
    Path shortPalette = HandmadePng.write(folder, 1, 1, 8, HandmadePng.PALETTE, "00 02", colors);
    assertThrows(IOException.class, PictureFile.inspect(shortPalette, 1)::rgb);

    byte[] key = HandmadePng.chunk("tRNS", HandmadePng.hex("0001 0002 0003"));
    Path beside = HandmadePng.write(folder, 1, 1, 8, HandmadePng.RGBA, "00 01020304", key);
    assertArrayEquals(new byte[] {1, 2, 3}, PictureFile.inspect(beside, 1).rgb());

    byte[] flipped = Files.readAllBytes(beside);
    // The checksum of the pixels, in front of the end's twelve bytes.
    flipped[flipped.length - 13] ^= 1;
    Files.write(beside, flipped);
    assertThrows(IOException.class, PictureFile.inspect(beside, 1)::rgb);
  }

  /// Training pictures come from the formats that `denoise` reads, in the same colours.
  @Test
  void cropsAreWhatTheReaderReads() throws IOException {
    Picture picture = SampleFiles.smooth(40, 40, false, false);
    BufferedImage image = Samples.image(picture, SampleFiles.kept(Format.PNG, 16, false));
    List<byte[]> files =
        List.of(
            SampleFiles.cmyk(0, 217, 204, 55),
            SampleFiles.webp(40, 40, 0xFF336699, false),
            SampleFiles.tiff(image, "LZW", 1, List.of()),
            SampleFiles.bytes(picture, SampleFiles.kept(Format.PNG, 16, true), Format.PNG));
    for (byte[] file : files) {
      Path path = Files.write(folder.resolve("any"), file);
      PictureFile inspected = PictureFile.inspect(path, 32);
      byte[] crop = new byte[3 * 32 * 32];
      inspected.crop(8, 5, 32, crop, 0);
      float[] rgb = PictureReader.read(path).picture().rgb();
      for (int i = 0; i < crop.length; i++) {
        int from = (8 + i / 96) * 120 + 15 + i % 96;
        assertEquals(Math.round(rgb[from] * 255), crop[i] & 0xFF);
      }
    }
  }
}
