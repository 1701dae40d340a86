package dae.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dae.UserError;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/// Files that are not what they say: one line, whatever the decoder does.
class DamagedTest {
  /// What may be missing at the end of a file whose pixels are all there.
  private static final int TRAILER = 16;

  @TempDir private Path folder;

  private static byte[] whole(Format format) throws IOException {
    Picture picture = SampleFiles.smooth(40, 50, false, false);
    BufferedImage image = Samples.image(picture, Kept.plain(Format.PNG));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    return switch (format) {
      case JPEG -> SampleFiles.jpeg(image, 0.9f, new int[] {2, 2}, false, List.of());
      case TIFF -> SampleFiles.tiff(image, "LZW", 1, List.of());
      case WEBP -> SampleFiles.webp(40, 50, 0xFF336699, true);
      case GIF -> {
        BufferedImage few = new BufferedImage(50, 40, BufferedImage.TYPE_BYTE_INDEXED);
        few.createGraphics().drawImage(image, 0, 0, null);
        ImageIO.write(few, "gif", out);
        yield out.toByteArray();
      }
      default -> SampleFiles.bytes(picture, Kept.plain(Format.PNG), format);
    };
  }

  @ParameterizedTest
  @EnumSource(
      names = {"HEIF", "RAW", "PDF"},
      mode = Mode.EXCLUDE)
  void aFileCutShortIsRefusedOrWhole(Format format) throws IOException {
    byte[] whole = whole(format);
    float[] pixels = PictureReader.read(whole, "whole").picture().rgb();
    int step = Math.max(1, whole.length / 300);
    int refused = 0;
    int tried = 0;
    for (int length = 0; length < whole.length; length += step) {
      tried++;
      try {
        Opened read = PictureReader.read(Arrays.copyOf(whole, length), "cut");
        assertArrayEquals(pixels, read.picture().rgb(), format + " of " + length + " bytes");
      } catch (UserError e) {
        assertOneLine(e);
        refused++;
      }
    }
    assertTrue(refused >= tried - TRAILER - 1, refused + " of " + tried + " were refused");
  }

  @ParameterizedTest
  @EnumSource(
      names = {"HEIF", "RAW", "PDF"},
      mode = Mode.EXCLUDE)
  void changedBytesAreReadOrRefused(Format format) throws IOException {
    byte[] whole = whole(format);
    RandomGenerator random =
        RandomGeneratorFactory.<RandomGenerator>of("L64X128MixRandom").create(7);
    for (int i = 0; i < 400; i++) {
      byte[] changed = whole.clone();
      // The front, where the structure is, more often than the pixels.
      int within = i % 2 == 0 ? Math.min(200, whole.length) : whole.length;
      changed[random.nextInt(within)] = (byte) random.nextInt();
      try {
        // What can be read can be written.
        SampleFiles.again(PictureReader.read(changed, "changed"));
      } catch (UserError e) {
        assertOneLine(e);
      }
    }
  }

  private static void assertOneLine(UserError e) {
    assertEquals(1, e.getMessage().lines().count(), e.getMessage());
    assertTrue(e.getMessage().contains("expected"), e.getMessage());
  }

  @Test
  void aWidthOf31BitsIsJudgedByTheHeader() throws IOException {
    Path png = HandmadePng.write(folder, Integer.MAX_VALUE, 1, 8, HandmadePng.RGB, "00");
    UserError e = assertThrows(UserError.class, () -> PictureReader.read(png));
    assertTrue(e.getMessage().contains("got 2147483647 × 1"), e.getMessage());
    byte[] bmp = whole(Format.BMP);
    ByteBuffer.wrap(bmp).order(ByteOrder.LITTLE_ENDIAN).putInt(18, Integer.MAX_VALUE);
    assertOneLine(assertThrows(UserError.class, () -> PictureReader.read(bmp, "wide")));
    byte[] tiff = whole(Format.TIFF);
    ByteBuffer in =
        ByteBuffer.wrap(tiff)
            .order(tiff[0] == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    int directory = in.getInt(4);
    for (int i = 0; i < in.getShort(directory); i++) {
      int at = directory + 2 + 12 * i;
      if (in.getShort(at) == 256) {
        in.putShort(at + 2, (short) 4).putInt(at + 8, Integer.MAX_VALUE);
      }
    }
    assertOneLine(assertThrows(UserError.class, () -> PictureReader.read(tiff, "wide")));
    byte[] jpeg = whole(Format.JPEG);
    byte[] lying = jpeg.clone();
    for (int i = 0; i < jpeg.length - 9; i++) {
      if ((jpeg[i] & 0xFF) == 0xFF && (jpeg[i + 1] & 0xFF) == 0xC0) {
        ByteBuffer.wrap(lying).putShort(i + 5, (short) 60_000).putShort(i + 7, (short) 60_000);
      }
    }
    UserError bomb = assertThrows(UserError.class, () -> PictureReader.read(lying, "bomb"));
    assertTrue(bomb.getMessage().contains("60000 × 60000"), bomb.getMessage());
  }

  /// Damage within the pixels that their checksum alone tells of.
  @Test
  void theChecksumOfEachChunkOfPixelsIsChecked() throws IOException {
    byte[] file = whole(Format.PNG);
    byte[] pixels = new byte[(int) PngChunks.parse(file).pixels().length()];
    PngChunks.parse(file).pixels().readFully(pixels);
    ByteArrayOutputStream split = new ByteArrayOutputStream();
    int start = 8 + 25;
    split.write(pixels, 0, start);
    int length = ByteBuffer.wrap(pixels).getInt(start);
    for (int i = 0; i < length; i += 50) {
      int end = start + 8 + Math.min(length, i + 50);
      split.writeBytes(PngChunks.chunk("IDAT", Arrays.copyOfRange(pixels, start + 8 + i, end)));
    }
    split.writeBytes(PngChunks.chunk("IEND", new byte[0]));
    byte[] many = split.toByteArray();
    assertArrayEquals(
        PictureReader.read(file, "").picture().rgb(), PictureReader.read(many, "").picture().rgb());
    many[start + 3 * 62 + 20] ^= 1;
    UserError e = assertThrows(UserError.class, () -> PictureReader.read(many, "flipped"));
    assertTrue(e.getMessage().contains("a damaged one"), e.getMessage());
  }

  @Test
  void otherKindsOfFilesSayHowToConvertThem() throws IOException {
    Path heic =
        Files.write(folder.resolve("a.heic"), HandmadePng.hex("00000018667479706865696300"));
    assertTrue(refusal(heic).contains("heif-convert"), refusal(heic));
    Path raw = Files.write(folder.resolve("a.cr2"), HandmadePng.hex("49492a001000000043520200"));
    assertTrue(refusal(raw).contains("develop it first"), refusal(raw));
    Path dng = Files.write(folder.resolve("a.dng"), whole(Format.TIFF));
    assertTrue(refusal(dng).contains("develop it first"), refusal(dng));
    Path empty = Files.write(folder.resolve("a.jpg"), new byte[0]);
    assertTrue(refusal(empty).contains("got an empty file"), refusal(empty));
    assertTrue(refusal(folder).contains("got a folder"), refusal(folder));
  }

  private static String refusal(Path file) {
    return assertThrows(UserError.class, () -> PictureReader.read(file)).getMessage();
  }
}
