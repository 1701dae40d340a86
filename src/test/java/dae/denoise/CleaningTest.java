package dae.denoise;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dae.image.Format;
import dae.image.Kept;
import dae.image.Opened;
import dae.image.Picture;
import dae.image.PictureReader;
import dae.image.PictureWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What is written of a part, and of a picture beside itself.
class CleaningTest {
  private static final int HEIGHT = 20;
  private static final int WIDTH = 30;

  /// Opacities that 8 bits cannot say.
  private static int opacity(int y, int x) {
    return 257 * (y * 7 + x) + 1 + x;
  }

  private static byte[] png() throws IOException {
    byte[] alpha = new byte[HEIGHT * WIDTH];
    short[] opacities = new short[alpha.length];
    for (int i = 0; i < alpha.length; i++) {
      opacities[i] = (short) opacity(i / WIDTH, i % WIDTH);
      alpha[i] = (byte) (opacities[i] >> 8);
    }
    Kept plain = Kept.plain(Format.PNG);
    Kept kept = new Kept(Format.PNG, 16, false, opacities, 1, plain.blocks(), null);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Picture picture = new Picture(HEIGHT, WIDTH, new float[HEIGHT * WIDTH * 3], alpha);
    PictureWriter.write(picture, kept, Format.PNG, null, out);
    return out.toByteArray();
  }

  private static void assertKept(int[] preview, Cleaning.Shows shows, int columns, int rows)
      throws IOException {
    Cleaning cleaning = new Cleaning(Options.USUAL.withStrength(0), preview, shows);
    // At this strength nothing is computed.
    Cleaning.Cleaned cleaned = cleaning.clean(Cleaning.load(png(), "a.png"), null);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    cleaning.encode(cleaned, Format.PNG, out);
    Opened written = PictureReader.read(out.toByteArray(), "b.png");
    int times = shows == Cleaning.Shows.BOTH ? 2 : 1;
    assertEquals(columns * times, written.picture().width());
    assertEquals(rows, written.picture().height());
    int left = preview == null ? 0 : preview[0];
    int top = preview == null ? 0 : preview[1];
    for (int i = 0; i < rows * columns * times; i++) {
      int y = top + i / (columns * times);
      int x = left + i % columns;
      assertEquals(opacity(y, x), written.kept().opacities()[i] & 0xFFFF, "at " + x + ", " + y);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Cleaning.Shows.class,
      names = {"CLEAN", "BOTH"})
  void aPartKeepsItsOpacitiesOf16Bits(Cleaning.Shows shows) throws IOException {
    assertKept(new int[] {5, 3, 11, 9}, shows, 11, 9);
  }

  @Test
  void bothBesideEachOtherKeepTheirs() throws IOException {
    assertKept(null, Cleaning.Shows.BOTH, WIDTH, HEIGHT);
  }
}
