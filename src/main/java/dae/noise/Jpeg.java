package dae.noise;

import dae.image.Canvas;
import dae.random.Draws;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageInputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/// **JPEG's artefacts**, `jpeg:30-95`: what saving a photograph costs it.
///
/// *In words.* Blocks of 8×8 pixels lose their fine waves: edges get a fringe, smooth areas show
/// the blocks, and colours, which are stored at half the size, run out a little.
///
/// *Forward.* The picture is encoded and decoded at a quality between the two numbers, evenly drawn
/// for each picture. Each wave of a block is divided by an entry of a table, rounded and multiplied
/// again; the table is that of the standard's annex K times 50/q below quality q = 50, times 2 −
/// q/50 above it (Independent JPEG Group's scale).
///
/// *Source.* ISO/IEC 10918-1; the codec is the JDK's own, with colours at half the size in both
/// directions (4:2:0).
///
/// *Costs* some 0.2 ms for 64×64 pixels. *Proved* by `PainterTest`.
final class Jpeg implements Painter {
  /// The name in front of the quality.
  static final String NAME = "jpeg";

  private final Range quality;
  private final ImageWriter writer = ImageIO.getImageWritersByFormatName(NAME).next();
  private final ImageReader reader = ImageIO.getImageReadersByFormatName(NAME).next();
  private BufferedImage image;

  /// @param quality as text, one number or two
  /// @throws dae.UserError if it is none, or not from 1 to 100
  Jpeg(String quality) {
    this(Range.parse(NAME, quality, 1, 100));
  }

  Jpeg(Range quality) {
    this.quality = quality;
  }

  @Override
  public String word() {
    return NAME + ":" + quality;
  }

  @Override
  public synchronized void paint(Canvas canvas, Draws draws) {
    float q = (float) (quality.draw(draws) / 100);
    try {
      decode(encode(canvas, q), canvas);
    } catch (IOException e) {
      throw new UncheckedIOException("memory that cannot be written", e);
    }
  }

  private byte[] encode(Canvas canvas, float q) throws IOException {
    if (image == null
        || image.getWidth() != canvas.width()
        || image.getHeight() != canvas.height()) {
      image = new BufferedImage(canvas.width(), canvas.height(), BufferedImage.TYPE_3BYTE_BGR);
    }
    byte[] pixels = bytes(image);
    canvas.write(pixels, 0);
    exchangeRedAndBlue(pixels);
    ImageWriteParam how = writer.getDefaultWriteParam();
    how.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
    how.setCompressionQuality(q);
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(file)) {
      writer.setOutput(out);
      writer.write(null, new IIOImage(image, null, null), how);
    }
    return file.toByteArray();
  }

  private void decode(byte[] file, Canvas canvas) throws IOException {
    BufferedImage decoded;
    try (MemoryCacheImageInputStream in =
        new MemoryCacheImageInputStream(new ByteArrayInputStream(file))) {
      reader.setInput(in, true, true);
      decoded = reader.read(0);
    }
    byte[] pixels = bytes(decoded);
    exchangeRedAndBlue(pixels);
    canvas.show(pixels, 0);
  }

  private static byte[] bytes(BufferedImage image) {
    return ((DataBufferByte) image.getRaster().getDataBuffer()).getData();
  }

  private static void exchangeRedAndBlue(byte[] pixels) {
    for (int i = 0; i < pixels.length; i += 3) {
      byte red = pixels[i];
      pixels[i] = pixels[i + 2];
      pixels[i + 2] = red;
    }
  }
}
