package dae.image;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageReader;
import javax.imageio.metadata.IIOMetadata;
import org.w3c.dom.Element;

/// Reads the first frame of a GIF, as viewers show it: at its place on the screen. Nobody writes
/// GIFs here: 256 colours would bring the noise back.
final class Gif {
  private Gif() {}

  /// Reads a file's bytes.
  static Opened read(byte[] file, PictureReader.Limit limit) throws IOException {
    return Decoder.of(
        Format.GIF,
        file,
        reader -> {
          Screen screen = screen(reader);
          int height = screen.height;
          int width = screen.width;
          limit.check(height, width, Samples.bytes(reader));
          Samples samples = Samples.take(reader.read(0));
          Picture picture = samples.picture();
          List<String> notes = new ArrayList<>();
          if (picture.height() < height || picture.width() < width) {
            picture = placed(picture, screen.top, screen.left, height, width);
            notes.add("its first frame is smaller than its screen: the rest is transparent");
          }
          if (hasSecond(reader)) {
            notes.add("animated: its first frame was taken");
          }
          Kept.Blocks none = Kept.Blocks.NONE;
          Kept kept = new Kept(Format.GIF, 8, samples.grey(), null, Kept.UPRIGHT, none, null);
          return new Opened(picture, kept, notes);
        });
  }

  /// @param top where the first frame lies
  /// @param left where the first frame lies
  /// @param height of the whole
  /// @param width of the whole
  record Screen(int top, int left, int height, int width) {}

  static Screen screen(ImageReader reader) throws IOException {
    Element at = find(reader.getImageMetadata(0), "ImageDescriptor");
    Element screen = find(reader.getStreamMetadata(), "LogicalScreenDescriptor");
    int left = number(at, "imageLeftPosition");
    int top = number(at, "imageTopPosition");
    // A frame that sticks out makes the screen larger.
    return new Screen(
        top,
        left,
        Math.max(number(screen, "logicalScreenHeight"), top + reader.getHeight(0)),
        Math.max(number(screen, "logicalScreenWidth"), left + reader.getWidth(0)));
  }

  private static Element find(IIOMetadata metadata, String name) {
    Element tree = (Element) metadata.getAsTree(metadata.getNativeMetadataFormatName());
    return (Element) tree.getElementsByTagName(name).item(0);
  }

  private static int number(Element element, String attribute) {
    return Integer.parseInt(element.getAttribute(attribute));
  }

  private static Picture placed(Picture frame, int top, int left, int height, int width) {
    byte[] seen = frame.alpha();
    if (seen == null) {
      seen = new byte[frame.height() * frame.width()];
      Arrays.fill(seen, (byte) 0xFF);
    }
    Picture opaque = new Picture(frame.height(), frame.width(), frame.colors(), seen);
    Picture screen = opaque.blank(height, width);
    for (int y = 0; y < frame.height(); y++) {
      opaque.copy(y * frame.width(), frame.width(), screen, (top + y) * width + left);
    }
    return screen;
  }

  private static boolean hasSecond(ImageReader reader) throws IOException {
    try {
      return reader.getWidth(1) > 0;
    } catch (IndexOutOfBoundsException e) {
      return false;
    }
  }
}
