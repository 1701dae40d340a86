package dae.image;

import static dae.image.SampleFiles.again;
import static dae.image.SampleFiles.opened;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dae.UserError;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.List;
import javax.imageio.plugins.tiff.BaselineTIFFTagSet;
import javax.imageio.plugins.tiff.ExifParentTIFFTagSet;
import javax.imageio.plugins.tiff.ExifTIFFTagSet;
import javax.imageio.plugins.tiff.TIFFDirectory;
import javax.imageio.plugins.tiff.TIFFField;
import javax.imageio.plugins.tiff.TIFFTag;
import javax.imageio.plugins.tiff.TIFFTagSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The rows of the matrix *format × property kept* that are TIFF's.
class TiffTest {
  private static List<TIFFField> fields() {
    TIFFTagSet base = BaselineTIFFTagSet.getInstance();
    TIFFTag icc = new TIFFTag("ICC", 34675, 1 << TIFFTag.TIFF_UNDEFINED);
    TIFFTag xmp = new TIFFTag("XMP", 700, 1 << TIFFTag.TIFF_BYTE);
    TIFFTagSet exifTags = ExifTIFFTagSet.getInstance();
    TIFFDirectory exif =
        new TIFFDirectory(
            new TIFFTagSet[] {exifTags},
            ExifParentTIFFTagSet.getInstance().getTag(ExifParentTIFFTagSet.TAG_EXIF_IFD_POINTER));
    exif.addTIFFField(new TIFFField(exifTags.getTag(ExifTIFFTagSet.TAG_ISO_SPEED_RATINGS), 6400));
    byte[] profile = SampleFiles.icc("RGB ", 300);
    return List.of(
        new TIFFField(icc, TIFFTag.TIFF_UNDEFINED, profile.length, profile),
        new TIFFField(xmp, TIFFTag.TIFF_BYTE, SampleFiles.xmp().length, SampleFiles.xmp()),
        new TIFFField(base.getTag(BaselineTIFFTagSet.TAG_ORIENTATION), 6),
        new TIFFField(
            base.getTag(BaselineTIFFTagSet.TAG_X_RESOLUTION),
            TIFFTag.TIFF_RATIONAL,
            1,
            new long[][] {{300, 1}}),
        new TIFFField(
            base.getTag(BaselineTIFFTagSet.TAG_Y_RESOLUTION),
            TIFFTag.TIFF_RATIONAL,
            1,
            new long[][] {{300, 1}}),
        new TIFFField(base.getTag(BaselineTIFFTagSet.TAG_RESOLUTION_UNIT), 2),
        new TIFFField(
            base.getTag(BaselineTIFFTagSet.TAG_ARTIST), TIFFTag.TIFF_ASCII, 1, new String[] {"me"}),
        new TIFFField(
            ExifParentTIFFTagSet.getInstance().getTag(ExifParentTIFFTagSet.TAG_EXIF_IFD_POINTER),
            TIFFTag.TIFF_LONG,
            1L,
            exif));
  }

  @ParameterizedTest
  @CsvSource({
    "8,LZW,false",
    "16,LZW,false",
    "8,ZLib,true",
    "16,Deflate,true",
    "8,PackBits,false",
    "16,PackBits,false"
  })
  void aTiffKeepsDepthCompressionAndFields(int bits, String compression, boolean grey)
      throws IOException {
    Picture picture = SampleFiles.smooth(SampleFiles.HEIGHT, SampleFiles.WIDTH, grey, false);
    BufferedImage image = Samples.image(picture, SampleFiles.kept(Format.TIFF, bits, grey));
    Opened read = opened(SampleFiles.tiff(image, compression, 1, fields()));
    Opened second = opened(again(read));
    for (Opened each : List.of(read, second)) {
      assertEquals(List.of(), each.notes());
      assertEquals(bits, each.kept().bits());
      assertEquals(grey, each.kept().grey());
      assertEquals(6, each.kept().orientation());
      assertEquals(SampleFiles.HEIGHT, each.picture().height());
      assertEquals(300, each.kept().blocks().density().x(), 1e-6);
      assertArrayEquals(SampleFiles.xmp(), each.kept().blocks().xmp());
      assertArrayEquals(
          grey ? null : SampleFiles.icc("RGB ", 300), each.kept().blocks().icc(), "profile");
      Tiff.Fields own = (Tiff.Fields) each.kept().own();
      assertEquals(compression, own.compression());
      assertEquals("me", field(own.fields(), BaselineTIFFTagSet.TAG_ARTIST).getAsString(0));
      TIFFDirectory exif =
          field(own.fields(), ExifParentTIFFTagSet.TAG_EXIF_IFD_POINTER).getDirectory();
      assertEquals(6400, exif.getTIFFField(ExifTIFFTagSet.TAG_ISO_SPEED_RATINGS).getAsInt(0));
    }
    assertArrayEquals(read.picture().rgb(), second.picture().rgb());
  }

  @Test
  void everyMeaningOfATiffsSamplesBecomesColours() throws IOException {
    byte[] inks = new byte[4 * 6 * 5];
    for (int i = 0; i < inks.length; i++) {
      inks[i] = (byte) new int[] {0, 217, 204, 55}[i % 4];
    }
    Opened cmyk = opened(SampleFiles.tiff(5, 4, 8, 6, 5, inks));
    assertEquals(200, cmyk.picture().rgb()[0] * 255, 4);
    assertEquals(30, cmyk.picture().rgb()[1] * 255, 4);
    assertEquals(40, cmyk.picture().rgb()[2] * 255, 4);
    Opened again = opened(again(cmyk));
    assertArrayEquals(cmyk.picture().rgb(), again.picture().rgb());

    byte[] greys = {0, 51, (byte) 204, (byte) 255};
    Opened negative = opened(SampleFiles.tiff(0, 1, 8, 4, 1, greys));
    assertTrue(negative.kept().grey());
    for (int i = 0; i < greys.length; i++) {
      float expected = 1 - (greys[i] & 0xFF) / 255f;
      assertEquals(expected, negative.picture().rgb()[3 * i], 1e-6f);
      assertEquals(expected, opened(again(negative)).picture().rgb()[3 * i], 1e-6f);
    }
    Opened fax = opened(SampleFiles.tiff(0, 1, 1, 8, 1, new byte[] {0x0F}));
    assertTrue(fax.kept().grey());
    assertEquals(1, fax.picture().rgb()[0]);
    assertEquals(0, fax.picture().rgb()[12]);
    assertArrayEquals(fax.picture().rgb(), opened(again(fax)).picture().rgb());
  }

  @Test
  void coloursMultipliedByTheirOpacityAreDivided() throws Exception {
    byte[] data = {(byte) 100, 50, 0, (byte) 128, 20, 30, 40, (byte) 255};
    Opened multiplied = opened(SampleFiles.tiff(2, 4, 8, 2, 1, data, 1, 1));
    float[] rgb = multiplied.picture().rgb();
    assertEquals(199 / 255.0, rgb[0], 1.5 / 255);
    assertEquals(100 / 255.0, rgb[1], 1.5 / 255);
    assertEquals(0, rgb[2]);
    assertEquals(20 / 255.0, rgb[3], 1e-6);
    assertArrayEquals(new byte[] {(byte) 128, (byte) 255}, multiplied.picture().alpha());
    float[] plain = opened(SampleFiles.tiff(2, 4, 8, 2, 1, data, 1, 2)).picture().rgb();
    assertEquals(100 / 255.0, plain[0], 1e-6);
  }

  @Test
  void whatIsWholeButNotReadIsNotCalledDamaged() {
    byte[] few = SampleFiles.tiff(2, 3, 4, 2, 1, new byte[] {1, 2, 3});
    assertTrue(assertThrows(UserError.class, () -> opened(few)).getMessage().contains("got 4"));
    byte[] packed = SampleFiles.tiff(2, 3, 8, 1, 1, new byte[] {1, 2, 3}, 50_000, 0);
    String message = assertThrows(UserError.class, () -> opened(packed)).getMessage();
    assertTrue(message.contains("compression 50000"), message);
    byte[] signed = SampleFiles.tiff(2, 3, 8, 1, 1, new byte[] {1, 2, -3});
    // The last of ten fields says what kind of numbers they are.
    signed[8 + 2 + 9 * 12 + 8] = 2;
    message = assertThrows(UserError.class, () -> opened(signed)).getMessage();
    assertTrue(message.contains("without a sign"), message);
  }

  private static TIFFField field(List<TIFFField> fields, int tag) {
    return fields.stream().filter(f -> f.getTagNumber() == tag).findFirst().orElseThrow();
  }

  @ParameterizedTest
  @ValueSource(ints = {8, 16})
  void opacitiesOfATiffComeBack(int bits) throws IOException {
    Picture picture = SampleFiles.smooth(9, 13, false, true);
    byte[] file =
        SampleFiles.bytes(picture, SampleFiles.kept(Format.TIFF, bits, false), Format.TIFF);
    Opened read = opened(file);
    assertArrayEquals(picture.alpha(), read.picture().alpha());
    Opened second = opened(again(read));
    assertArrayEquals(read.picture().rgb(), second.picture().rgb());
    assertArrayEquals(picture.alpha(), second.picture().alpha());
  }

  @Test
  void ofSeveralPagesTheFirstIsTakenAndSaid() throws IOException {
    BufferedImage image = Samples.image(SampleFiles.smooth(), Kept.plain(Format.TIFF));
    Opened read = opened(SampleFiles.tiff(image, "LZW", 3, List.of()));
    assertEquals(List.of("3 pages: the first was taken"), read.notes());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void fractionsAreNotCalledDamage(int samples) {
    byte[] file =
        SampleFiles.tiff(samples == 1 ? 1 : 2, samples, 32, 2, 2, new byte[4 * 4 * samples]);
    UserError e = assertThrows(UserError.class, () -> PictureReader.read(file, "a.tif"));
    assertEquals(
        "a.tif: expected whole numbers of at most 16 bits, got fractions of 32 bits — save it as 16"
            + " bits",
        e.getMessage());
  }
}
