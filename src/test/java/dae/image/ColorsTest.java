package dae.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Values in the depth of their source, and the arrays of decoders that become a picture's.
class ColorsTest {
  private static final List<Colors> DEPTHS =
      List.of(
          new Colors.Bytes(new byte[0x10000]),
          new Colors.Shorts(new short[0x10000]),
          new Colors.Floats(new float[0x10000]));

  @Test
  void everyValueComesBack() {
    for (Colors colors : DEPTHS) {
      int most = colors.bytes() == 1 ? 255 : 65_535;
      float[] values = new float[most + 3];
      for (int i = 0; i <= most; i++) {
        values[i + 2] = i / (float) most;
      }
      colors.write(values, 2, most + 1, 0);
      float[] back = new float[values.length];
      colors.read(0, most + 1, back, 2);
      assertArrayEquals(values, back);
      Colors copy = colors.blank(7);
      colors.copy(100, 5, copy, 1);
      float[] expected = {0, values[102], values[103], values[104], values[105], values[106], 0};
      assertArrayEquals(expected, copy.floats());
    }
    assertThrows(ClassCastException.class, () -> DEPTHS.getFirst().copy(0, 1, DEPTHS.getLast(), 0));
  }

  @Test
  void wholeNumbersAreClippedAndRounded() {
    float[] values = {-3, 0.5f, 1.2f, 0.5f / 255, 0.49f / 255, Float.POSITIVE_INFINITY};
    Colors bytes = new Colors.Bytes(new byte[6]);
    bytes.write(values, 0, 6, 0);
    assertArrayEquals(new byte[] {0, (byte) 128, -1, 1, 0, -1}, ((Colors.Bytes) bytes).values());
    Colors shorts = new Colors.Shorts(new short[3]);
    shorts.write(values, 0, 3, 0);
    assertArrayEquals(new short[] {0, (short) 32_768, -1}, ((Colors.Shorts) shorts).values());
  }

  @Test
  void floatsAreThePicturesOwn() {
    float[] rgb = {0.1f, -2, 3};
    Picture picture = new Picture(1, 1, rgb, null);
    assertSame(rgb, picture.rgb());
    picture.colors().write(new float[] {7}, 0, 1, 2);
    assertEquals(7, rgb[2]);
  }

  /// A decoder's array is taken over or copied; the values are the same.
  @Test
  void whatIsTakenOverIsWhatWouldBeCopied() throws IOException {
    int[] types = {
      BufferedImage.TYPE_3BYTE_BGR,
      BufferedImage.TYPE_4BYTE_ABGR,
      BufferedImage.TYPE_INT_RGB,
      BufferedImage.TYPE_INT_ARGB,
      BufferedImage.TYPE_BYTE_GRAY,
      BufferedImage.TYPE_USHORT_GRAY,
      BufferedImage.TYPE_USHORT_565_RGB,
      BufferedImage.TYPE_BYTE_INDEXED
    };
    for (int type : types) {
      BufferedImage image = new BufferedImage(13, 9, type);
      for (int i = 0; i < 13 * 9; i++) {
        image.setRGB(i % 13, i / 13, 0x80FF0000 + 0x01030509 * i);
      }
      checkTaken(image);
    }
    for (int bits : new int[] {8, 16}) {
      Picture picture = SampleFiles.smooth(9, 13, false, false);
      checkTaken(Samples.image(picture, SampleFiles.kept(Format.PNG, bits, false)));
    }
  }

  private static void checkTaken(BufferedImage image) throws IOException {
    Samples copied = Samples.of(image);
    Samples taken = Samples.take(image);
    assertArrayEquals(copied.picture().rgb(), taken.picture().rgb(), "type " + image.getType());
    assertArrayEquals(copied.picture().alpha(), taken.picture().alpha());
    assertEquals(copied.bits(), taken.bits());
    assertEquals(copied.grey(), taken.grey());
    assertEquals(
        copied.picture().colors().getClass(), taken.picture().colors().getClass(), "depth");
  }

  @Test
  void aPictureSharesItsArrayWithTheEncoder() throws IOException {
    Colors.Bytes colors = new Colors.Bytes(new byte[9 * 13 * 3]);
    Picture picture = new Picture(9, 13, colors, null);
    BufferedImage image = Samples.image(picture, Kept.plain(Format.PNG));
    colors.values()[5] = 77;
    assertEquals(77, image.getRaster().getSample(1, 0, 2));
    assertSame(colors.values(), ((Colors.Bytes) Samples.take(image).picture().colors()).values());
  }
}
