package dae.image;

import static dae.image.SampleFiles.again;
import static dae.image.SampleFiles.opened;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import com.twelvemonkeys.imageio.metadata.CompoundDirectory;
import com.twelvemonkeys.imageio.metadata.Directory;
import com.twelvemonkeys.imageio.metadata.exif.EXIF;
import com.twelvemonkeys.imageio.metadata.tiff.TIFF;
import com.twelvemonkeys.imageio.metadata.tiff.TIFFReader;
import com.twelvemonkeys.imageio.stream.ByteArrayImageInputStream;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ExifFieldsTest {
  private static BufferedImage image() {
    return Samples.image(SampleFiles.smooth(), SampleFiles.kept(Format.PNG, 8, false));
  }

  /// Read back by another library; `camera` is in the first directory, `date` in EXIF's own.
  @Test
  void whatACameraWroteGoesAlongToATiffAndBack() throws IOException {
    byte[] camera = "A camera\0".getBytes(StandardCharsets.US_ASCII);
    byte[] date = "2019:07:14 12:34:56\0".getBytes(StandardCharsets.US_ASCII);
    ByteBuffer exif = ByteBuffer.allocate(68 + camera.length + date.length);
    exif.put("MM".getBytes(StandardCharsets.US_ASCII)).putShort((short) 42).putInt(8);
    exif.putShort((short) 3);
    exif.putShort((short) TIFF.TAG_MODEL).putShort((short) 2).putInt(camera.length).putInt(68);
    exif.putShort((short) TIFF.TAG_ORIENTATION).putShort((short) 3).putInt(1).putInt(6 << 16);
    exif.putShort((short) TIFF.TAG_EXIF_IFD).putShort((short) 4).putInt(1).putInt(50).putInt(0);
    exif.putShort((short) 1);
    exif.putShort((short) EXIF.TAG_DATE_TIME_ORIGINAL).putShort((short) 2).putInt(date.length);
    exif.putInt(68 + camera.length).putInt(0).put(camera).put(date);
    List<byte[]> segments = List.of(SampleFiles.segment(0xE1, "Exif\0\0", exif.array()));
    Opened jpeg = opened(SampleFiles.jpeg(image(), 0.9f, new int[] {2, 2}, false, segments));
    assertEquals(6, jpeg.kept().orientation());

    byte[] file = again(jpeg, Format.TIFF, null);
    assertEquals("[A camera, null, 2019:07:14 12:34:56]", told(file));
    Opened tiff = opened(file);
    assertEquals(SampleFiles.WIDTH, tiff.picture().height(), "turned");
    for (Format format : List.of(Format.JPEG, Format.PNG)) {
      Opened back = opened(again(tiff, format, 90));
      assertEquals("[A camera, null, 2019:07:14 12:34:56]", told(back.kept().blocks().exif()));
      assertNull(first(back.kept().blocks().exif()).getEntryById(TIFF.TAG_IMAGE_WIDTH));
    }
    Opened plain = opened(again(opened(SampleFiles.webp(9, 9, -1, false)), Format.TIFF, null));
    assertNull(plain.kept().blocks().exif(), "nothing to tell");
  }

  private static String told(byte[] tiff) throws IOException {
    Directory all = first(tiff);
    Directory own = (Directory) all.getEntryById(TIFF.TAG_EXIF_IFD).getValue();
    return Stream.of(
            all.getEntryById(TIFF.TAG_MODEL),
            all.getEntryById(TIFF.TAG_ORIENTATION),
            own.getEntryById(EXIF.TAG_DATE_TIME_ORIGINAL))
        .map(entry -> entry == null ? null : entry.getValue())
        .toList()
        .toString();
  }

  private static Directory first(byte[] tiff) throws IOException {
    Directory all = new TIFFReader().read(new ByteArrayImageInputStream(tiff));
    return all instanceof CompoundDirectory pages ? pages.getDirectory(0) : all;
  }

  /// What cannot be followed is left out, and the picture is written.
  @Test
  void damagedExifIsNone() throws IOException {
    byte[] exif = SampleFiles.exif(1);
    for (int at = 0; at < exif.length; at++) {
      byte[] damaged = exif.clone();
      damaged[at] ^= (byte) 0xFF;
      List<byte[]> segments = List.of(SampleFiles.segment(0xE1, "Exif\0\0", damaged));
      Opened jpeg = opened(SampleFiles.jpeg(image(), 0.9f, new int[] {1, 1}, false, segments));
      assertEquals(
          jpeg.picture().rgb()[0], opened(again(jpeg, Format.TIFF, null)).picture().rgb()[0]);
    }
  }
}
