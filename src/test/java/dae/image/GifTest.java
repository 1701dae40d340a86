package dae.image;

import static dae.image.SampleFiles.again;
import static dae.image.SampleFiles.opened;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dae.UserError;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.junit.jupiter.api.Test;

/// Of a GIF the first frame is taken, at its place on the screen.
class GifTest {
  /// Four greys from pixel to pixel, the last of them transparent; and a second frame.
  private static byte[] file() throws IOException {
    byte[] levels = {0, 100, (byte) 200, 7};
    IndexColorModel greys = new IndexColorModel(2, 4, levels, levels, levels, 3);
    BufferedImage frame = new BufferedImage(8, 6, BufferedImage.TYPE_BYTE_BINARY, greys);
    for (int i = 0; i < 48; i++) {
      frame.getRaster().setSample(i % 8, i / 8, 0, i % 4);
    }
    ImageWriter writer = ImageIO.getImageWritersByFormatName("gif").next();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (MemoryCacheImageOutputStream gif = new MemoryCacheImageOutputStream(out)) {
      writer.setOutput(gif);
      writer.prepareWriteSequence(null);
      writer.writeToSequence(new IIOImage(frame, null, null), null);
      writer.writeToSequence(new IIOImage(new BufferedImage(8, 6, 13), null, null), null);
      writer.endWriteSequence();
    }
    return out.toByteArray();
  }

  /// The same with another screen and place.
  private static byte[] file(int width, int height, int left, int top) throws IOException {
    ByteBuffer file = ByteBuffer.wrap(file()).order(ByteOrder.LITTLE_ENDIAN);
    file.putShort(6, (short) width).putShort(8, (short) height);
    int at = 13;
    // The first frame: a comma, its place, its size.
    while (file.get(at) != ',' || file.getShort(at + 5) != 8 || file.getShort(at + 7) != 6) {
      at++;
    }
    return file.putShort(at + 1, (short) left).putShort(at + 3, (short) top).array();
  }

  @Test
  void theFirstFrameBecomesAPng() throws IOException {
    Opened read = opened(file());
    assertEquals(List.of("animated: its first frame was taken"), read.notes());
    Opened png = opened(again(read));
    assertTrue(png.kept().grey(), "all colours of its palette are grey");
    assertEquals(Format.PNG, png.kept().format());
    assertEquals(100 / 255f, png.picture().rgb()[3]);
    assertEquals(200 / 255f, png.picture().rgb()[6]);
    assertEquals(0, png.picture().alpha()[3]);
    assertEquals((byte) 255, png.picture().alpha()[2]);
  }

  @Test
  void aFrameLiesAtItsPlaceOnTheScreen() throws IOException {
    Opened read = opened(file(20, 10, 3, 2));
    assertEquals(
        "its first frame is smaller than its screen: the rest is transparent",
        read.notes().getFirst());
    Picture screen = opened(again(read)).picture();
    assertEquals(20, screen.width());
    assertEquals(10, screen.height());
    Picture frame = opened(file()).picture();
    for (int i = 0; i < 200; i++) {
      int x = i % 20 - 3;
      int y = i / 20 - 2;
      boolean within = x >= 0 && x < 8 && y >= 0 && y < 6;
      assertEquals(within ? frame.alpha()[y * 8 + x] : 0, screen.alpha()[i], "opacity of " + i);
      assertEquals(within ? frame.rgb()[(y * 8 + x) * 3] : 0, screen.rgb()[i * 3], "red of " + i);
    }
  }

  @Test
  void aFrameThatSticksOutMakesTheScreenLarger() throws IOException {
    Picture screen = opened(file(4, 4, 3, 2)).picture();
    assertEquals(11, screen.width());
    assertEquals(8, screen.height());
    assertEquals(8, opened(file(0, 0, 0, 0)).picture().width());
  }

  @Test
  void aLargeScreenIsJudgedBeforeItIsMade() throws IOException {
    byte[] file = file(0xFFFF, 0xFFFF, 0, 0);
    String message = assertThrows(UserError.class, () -> opened(file)).getMessage();
    assertTrue(message.contains("120 megapixels"), message);
  }
}
