package dae.image;

import static dae.image.SampleFiles.again;
import static dae.image.SampleFiles.opened;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What a file has is in the file that is written: the matrix *format × property kept*.
class KeptTest {
  private static BufferedImage image(boolean grey) {
    return Samples.image(
        SampleFiles.smooth(SampleFiles.HEIGHT, SampleFiles.WIDTH, grey, false),
        SampleFiles.kept(Format.PNG, 8, grey));
  }

  private static List<byte[]> segments() {
    byte[] icc = SampleFiles.icc("RGB ", 300);
    return List.of(
        SampleFiles.segment(0xE0, "JFIF\0", new byte[] {1, 2, 1, 1, 44, 1, 44, 0, 0}),
        SampleFiles.segment(0xE1, "Exif\0\0", SampleFiles.exif(6)),
        SampleFiles.segment(0xE1, JpegSegments.XMP, SampleFiles.xmp()),
        SampleFiles.segment(0xE2, "ICC_PROFILE\0\1\1", icc),
        SampleFiles.segment(0xED, "Photoshop 3.0\0", new byte[] {1, 2, 3}),
        SampleFiles.segment(0xFE, "a comment", new byte[0]));
  }

  @ParameterizedTest
  @CsvSource({"8,true", "8,false", "16,true", "16,false"})
  void samplesOfAPngComeBackToTheBit(int bits, boolean grey) throws IOException {
    for (boolean alpha : new boolean[] {false, true}) {
      Picture picture = SampleFiles.smooth(9, 13, grey, alpha);
      byte[] file =
          SampleFiles.bytes(picture, SampleFiles.kept(Format.PNG, bits, grey), Format.PNG);
      Opened first = opened(file);
      assertEquals(bits, first.kept().bits());
      assertEquals(grey, first.kept().grey());
      Opened second = opened(again(first));
      assertArrayEquals(first.picture().rgb(), second.picture().rgb());
      assertArrayEquals(first.picture().alpha(), second.picture().alpha());
      assertEquals(bits, second.kept().bits());
      assertEquals(grey, second.kept().grey());
      float most = (1 << bits) - 1;
      float expected = Math.round(picture.rgb()[5] * most) / most;
      assertEquals(expected, first.picture().rgb()[5], 0);
    }
  }

  @Test
  void opacitiesOf16BitsComeBackToTheBit(@TempDir Path folder) throws IOException {
    Path file =
        HandmadePng.write(
            folder, 2, 1, 16, HandmadePng.RGBA, "00 0001000200038001 ffff00000102fffe");
    Opened first = PictureReader.read(file);
    assertArrayEquals(new short[] {(short) 0x8001, (short) 0xFFFE}, first.kept().opacities());
    assertArrayEquals(first.kept().opacities(), opened(again(first)).kept().opacities());
  }

  @Test
  void chunksOfAPngComeBackInTheirPlaces() throws IOException {
    PngChunks chunks =
        new PngChunks(
            List.of(
                PngChunks.chunk("gAMA", new byte[] {0, 1, (byte) 0x86, (byte) 0xA0}),
                PngChunks.chunk("cHRM", new byte[32]),
                PngChunks.chunk("sRGB", new byte[1]),
                PngChunks.chunk("pHYs", new byte[] {0, 0, 46, 35, 0, 0, 46, 35, 1}),
                PngChunks.chunk("eXIf", SampleFiles.exif(6)),
                PngChunks.chunk("cICP", new byte[] {9, 16, 0, 1})),
            List.of(
                PngChunks.chunk("tEXt", "Author\0me".getBytes(StandardCharsets.US_ASCII)),
                PngChunks.chunk("abCd", new byte[] {7}),
                PngChunks.chunk("tIME", new byte[7])));
    byte[] plain = SampleFiles.bytes(SampleFiles.smooth(), Kept.plain(Format.PNG), Format.PNG);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (var spliced = chunks.into(out)) {
      spliced.write(plain, 0, 20);
      for (int i = 20; i < 60; i++) {
        spliced.write(plain[i]);
      }
      spliced.write(plain, 60, plain.length - 60);
    }
    byte[] file = out.toByteArray();
    Opened read = opened(file);
    assertEquals(6, read.kept().orientation());
    assertArrayEquals(file, again(read));
  }

  @Test
  void whatSpeaksOfTheOldSamplesEnds() throws IOException {
    PngChunks chunks =
        new PngChunks(
            List.of(
                PngChunks.chunk("sBIT", new byte[] {5, 5, 5}),
                PngChunks.chunk("abCD", new byte[] {7}),
                PngChunks.chunk("bKGD", new byte[6])),
            List.of());
    byte[] plain = SampleFiles.bytes(SampleFiles.smooth(), Kept.plain(Format.PNG), Format.PNG);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (var spliced = chunks.into(out)) {
      spliced.write(plain);
    }
    assertArrayEquals(plain, again(opened(out.toByteArray())));
  }

  @ParameterizedTest
  @CsvSource({"0.3,2,2,false", "0.75,2,1,false", "0.95,1,1,false", "0.8,2,2,true"})
  void aJpegKeepsQualitySamplingAndSegments(float quality, int h, int v, boolean progressive)
      throws IOException {
    byte[] file =
        SampleFiles.jpeg(image(false), quality, new int[] {h, v}, progressive, segments());
    Opened read = opened(file);
    JpegSegments before = (JpegSegments) read.kept().own();
    JpegSegments after = JpegSegments.parse(again(read)).kept();
    assertEquals(segments().size() + 1, before.kept().size(), "the encoder's JFIF is the last");
    for (int i = 0; i < before.kept().size(); i++) {
      assertArrayEquals(before.kept().get(i), after.kept().get(i));
    }
    assertEquals(before.kept().size(), after.kept().size());
    assertArrayEquals(before.tables(), after.tables());
    assertArrayEquals(before.sampling(), after.sampling());
    assertEquals(progressive, before.progressive());
    assertEquals(progressive, after.progressive());
    assertEquals(6, read.kept().orientation());
    Opened second = opened(again(read));
    assertEquals(SampleFiles.HEIGHT, second.picture().height(), "pixels as they are stored");
    assertTrue(difference(read.picture(), second.picture()) < 0.03);
  }

  private static double difference(Picture a, Picture b) {
    double sum = 0;
    for (int i = 0; i < a.rgb().length; i++) {
      sum += Math.abs(a.rgb()[i] - b.rgb()[i]);
    }
    return sum / a.rgb().length;
  }

  @Test
  void anotherQualityIsTakenWhenAsked() throws IOException {
    Opened read = opened(SampleFiles.jpeg(image(false), 0.5f, new int[] {2, 2}, false, List.of()));
    int low = JpegSegments.parse(again(read, Format.JPEG, 20)).kept().tables()[0][0];
    int high = JpegSegments.parse(again(read, Format.JPEG, 95)).kept().tables()[0][0];
    assertEquals(40, low);
    assertEquals(2, high);
  }

  /// Any factors that a header may name, also those that encoders do not make.
  @Test
  void everySamplingIsWritten() throws IOException {
    Opened read = opened(SampleFiles.jpeg(image(false), 0.8f, new int[] {2, 2}, false, List.of()));
    JpegSegments own = (JpegSegments) read.kept().own();
    for (int factors = 0; factors < 256; factors++) {
      int[] luma = {1 + (factors & 3), 1 + (factors >> 2 & 3), 0};
      int[] chroma = {1 + (factors >> 4 & 3), 1 + (factors >> 6 & 3), 1};
      JpegSegments odd =
          new JpegSegments(own.kept(), own.tables(), new int[][] {luma, chroma, chroma}, false);
      Kept kept = new Kept(Format.JPEG, 8, false, null, 1, read.kept().blocks(), odd);
      Opened again = opened(SampleFiles.bytes(read.picture(), kept, Format.JPEG));
      assertEquals(SampleFiles.WIDTH, again.picture().width());
      assertTrue(difference(read.picture(), again.picture()) < 0.05, factors + " is another");
    }
  }

  @Test
  void aGreyJpegStaysGrey() throws IOException {
    Opened read = opened(SampleFiles.jpeg(image(true), 0.8f, null, false, segments()));
    assertTrue(read.kept().grey());
    JpegSegments after = JpegSegments.parse(again(read)).kept();
    assertEquals(1, after.sampling().length);
    assertNull(after.data(JpegSegments.ICC, 2), "a profile of colours does not fit");
  }

  @Test
  void inksBecomeColours() throws IOException {
    Opened read = opened(SampleFiles.cmyk(0, 217, 204, 55));
    float[] rgb = read.picture().rgb();
    assertEquals(200, rgb[0] * 255, 4);
    assertEquals(30, rgb[1] * 255, 4);
    assertEquals(40, rgb[2] * 255, 4);
    Opened second = opened(again(read));
    assertEquals(200, second.picture().rgb()[0] * 255, 4);
    assertEquals(3, JpegSegments.parse(again(read)).kept().sampling().length);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aBmpKeepsSamplesAndDensity(boolean grey) throws IOException {
    Picture picture = SampleFiles.smooth(SampleFiles.HEIGHT, SampleFiles.WIDTH, grey, false);
    Kept kept =
        new Kept(
            Format.BMP,
            8,
            grey,
            null,
            1,
            new Kept.Blocks(null, null, null, new Kept.Density(300, 200)),
            null);
    Opened read = opened(SampleFiles.bytes(picture, kept, Format.BMP));
    assertEquals(grey, read.kept().grey());
    assertEquals(300, read.kept().blocks().density().x(), 0.02);
    assertEquals(200, read.kept().blocks().density().y(), 0.02);
    byte[] file = again(read);
    assertArrayEquals(file, again(opened(file)));
    assertArrayEquals(read.picture().rgb(), opened(file).picture().rgb());
  }

  @Test
  void opacitiesOfABmpComeBackToTheBit() throws IOException {
    Picture picture = SampleFiles.smooth(SampleFiles.HEIGHT, SampleFiles.WIDTH, false, true);
    Kept kept = SampleFiles.kept(Format.BMP, 8, false);
    Opened read = opened(SampleFiles.bytes(picture, kept, Format.BMP));
    assertArrayEquals(picture.alpha(), read.picture().alpha());
    byte[] file = again(read);
    assertArrayEquals(file, again(opened(file)));
    assertArrayEquals(read.picture().rgb(), opened(file).picture().rgb());
    Opened png = opened(again(read, Format.PNG, null));
    assertArrayEquals(picture.alpha(), png.picture().alpha());
  }

  @Test
  void opacitiesOfABmpThatAreAllZeroAreNone() throws IOException {
    Picture hidden = new Picture(2, 2, new float[12], new byte[4]);
    Opened read =
        opened(SampleFiles.bytes(hidden, SampleFiles.kept(Format.BMP, 8, false), Format.BMP));
    assertNull(read.picture().alpha());
  }

  @Test
  void aWebpBecomesAPngWithAllThatItHad() throws IOException {
    Opened read = opened(SampleFiles.webp(34, 21, 0x80C81E28, true));
    assertEquals(21, read.picture().height());
    assertEquals(34, read.picture().width());
    assertEquals(200 / 255f, read.picture().rgb()[0]);
    assertEquals((byte) 0x80, read.picture().alpha()[0]);
    Opened png = opened(again(read));
    assertEquals(Format.PNG, png.kept().format());
    assertArrayEquals(read.picture().rgb(), png.picture().rgb());
    assertArrayEquals(read.picture().alpha(), png.picture().alpha());
    assertArrayEquals(SampleFiles.exif(6), png.kept().blocks().exif());
    assertArrayEquals(SampleFiles.icc("RGB ", 200), png.kept().blocks().icc());
    assertArrayEquals(SampleFiles.xmp(), png.kept().blocks().xmp());
  }

  @Test
  void betweenFormatsBlocksGoAlongAndPixelsTurnOnlyWhereNothingSaysSo() throws IOException {
    Opened jpeg = opened(SampleFiles.jpeg(image(false), 0.9f, new int[] {2, 2}, false, segments()));
    Opened png = opened(again(jpeg, Format.PNG, null));
    assertArrayEquals(SampleFiles.exif(6), png.kept().blocks().exif());
    assertArrayEquals(SampleFiles.icc("RGB ", 300), png.kept().blocks().icc());
    assertArrayEquals(SampleFiles.xmp(), png.kept().blocks().xmp());
    assertEquals(300, png.kept().blocks().density().x(), 0.02);
    assertEquals(SampleFiles.HEIGHT, png.picture().height());
    Opened back = opened(again(png, Format.JPEG, 90));
    assertArrayEquals(SampleFiles.exif(6), back.kept().blocks().exif());
    assertArrayEquals(SampleFiles.icc("RGB ", 300), back.kept().blocks().icc());
    assertArrayEquals(SampleFiles.xmp(), back.kept().blocks().xmp());
    Opened tiff = opened(again(jpeg, Format.TIFF, null));
    Opened bmp = opened(again(jpeg, Format.BMP, null));
    for (Opened turned : List.of(tiff, bmp)) {
      assertEquals(1, turned.kept().orientation());
      assertEquals(SampleFiles.WIDTH, turned.picture().height());
      assertEquals(300, turned.kept().blocks().density().x(), 0.02);
      // To be shown turned to the right: the first pixel comes to lie in the upper right corner.
      int corner = 3 * (SampleFiles.HEIGHT - 1);
      assertEquals(jpeg.picture().rgb()[0], turned.picture().rgb()[corner]);
    }
    assertArrayEquals(SampleFiles.icc("RGB ", 300), tiff.kept().blocks().icc());
  }

  @Test
  void opacitiesOf16BitsAreTurnedWithTheirPixels() throws Exception {
    short[] opacities = {1, 2, 3, 4, 5, 6};
    Picture picture = new Picture(2, 3, new float[18], new byte[6]);
    Kept kept = new Kept(Format.TIFF, 16, false, opacities, 6, Kept.Blocks.NONE, null);
    Opened turned = SampleFiles.opened(SampleFiles.bytes(picture, kept, Format.PNG));
    // EXIF's 6: what lies at the left comes to the top.
    assertArrayEquals(new short[] {4, 1, 5, 2, 6, 3}, turned.kept().opacities());
  }

  /// Filtered as an encoder does, each way.
  @Test
  void opacitiesOfWebPThatAreNotCompressedAreRead() throws Exception {
    int width = 5;
    byte[] opacities = new byte[4 * width];
    for (int i = 0; i < opacities.length; i++) {
      opacities[i] = (byte) (i * 37);
    }
    for (int filter = 0; filter < 4; filter++) {
      byte[] chunk = new byte[1 + opacities.length];
      chunk[0] = (byte) (filter << 2);
      for (int i = 0; i < opacities.length; i++) {
        int left = i % width > 0 ? opacities[i - 1] & 0xFF : 0;
        int above = i >= width ? opacities[i - width] & 0xFF : 0;
        boolean inside = i % width > 0 && i >= width;
        int expected =
            switch (i % width == 0 && i > 0 ? -1 : i < width ? -2 : filter) {
              case -1 -> above;
              case -2, 1 -> left;
              case 2 -> above;
              default ->
                  inside ? Math.clamp(left + above - (opacities[i - width - 1] & 0xFF), 0, 255) : 0;
            };
        chunk[1 + i] = (byte) (opacities[i] - (filter == 0 ? 0 : expected));
      }
      assertArrayEquals(opacities, WebP.plain(chunk, 4, width), "filter " + filter);
    }
    assertNull(WebP.plain(new byte[] {1, 0}, 1, 1));
  }

  @Test
  void bitmapsOf16BitsKeepTheirOpacities() throws Exception {
    ByteBuffer file = ByteBuffer.allocate(14 + 108 + 8).order(ByteOrder.LITTLE_ENDIAN);
    file.put((byte) 'B').put((byte) 'M').putInt(file.capacity()).putInt(0).putInt(122);
    file.putInt(108).putInt(1).putInt(2).putShort((short) 1).putShort((short) 16);
    file.putInt(3).putInt(8).putInt(0).putInt(0).putInt(0).putInt(0);
    file.putInt(0x7C00).putInt(0x3E0).putInt(0x1F).putInt(0x8000);
    // From the bottom to the top, each row of four bytes.
    file.position(122).putInt(0xFC00).putInt(0x03E0);
    Opened opened = SampleFiles.opened(file.array());
    assertArrayEquals(new byte[] {0, (byte) 255}, opened.picture().alpha());
    assertEquals(1, opened.picture().rgb()[1]);
    assertEquals(1, opened.picture().rgb()[3]);
  }
}
