package dae.image;

import com.twelvemonkeys.imageio.metadata.CompoundDirectory;
import com.twelvemonkeys.imageio.metadata.Directory;
import com.twelvemonkeys.imageio.metadata.Entry;
import com.twelvemonkeys.imageio.metadata.tiff.TIFF;
import com.twelvemonkeys.imageio.metadata.tiff.TIFFReader;
import com.twelvemonkeys.imageio.stream.ByteArrayImageInputStream;
import java.io.IOException;

/// What a camera wrote about a picture. Kept as bytes; only the orientation is looked up.
final class Exif {
  private static final int LAST = 8;

  private Exif() {}

  /// How the stored pixels are to be turned, 1 to 8; 1 where nothing says so.
  ///
  /// @param block from its byte order mark on; null where there is none
  static int orientation(byte[] block) {
    if (block == null) {
      return Kept.UPRIGHT;
    }
    try (ByteArrayImageInputStream in = new ByteArrayImageInputStream(block)) {
      Directory all = new TIFFReader().read(in);
      Directory first = all instanceof CompoundDirectory pages ? pages.getDirectory(0) : all;
      Entry entry = first.getEntryById(TIFF.TAG_ORIENTATION);
      int value = entry != null && entry.getValue() instanceof Number n ? n.intValue() : 0;
      return value >= Kept.UPRIGHT && value <= LAST ? value : Kept.UPRIGHT;
    } catch (IOException | RuntimeException e) {
      // Damaged: it is kept as it is, and nobody can tell how the picture lies.
      return Kept.UPRIGHT;
    }
  }

  /// The picture as a viewer shows it.
  static Picture upright(Picture picture, int orientation) {
    Orientation turn = turn(orientation);
    boolean exchanged = turn.exchangesSides();
    int height = exchanged ? picture.width() : picture.height();
    int width = exchanged ? picture.height() : picture.width();
    Picture upright = picture.blank(height, width);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int from = turn.pixel(y, x, picture.height(), picture.width());
        picture.copy(from, 1, upright, y * width + x);
      }
    }
    return upright;
  }

  /// The same for opacities of 16 bits; null where there are none.
  static short[] upright(short[] opacities, int height, int width, int orientation) {
    if (opacities == null) {
      return null;
    }
    int[] from = turn(orientation).pixels(height, width);
    short[] upright = new short[from.length];
    for (int i = 0; i < from.length; i++) {
      upright[i] = opacities[from[i]];
    }
    return upright;
  }

  private static Orientation turn(int orientation) {
    return switch (orientation) {
      case 2 -> new Orientation(true, 0);
      case 3 -> new Orientation(false, 2);
      case 4 -> new Orientation(true, 2);
      case 5 -> new Orientation(true, 1);
      case 6 -> new Orientation(false, 3);
      case 7 -> new Orientation(true, 3);
      case 8 -> new Orientation(false, 1);
      default -> new Orientation(false, 0);
    };
  }
}
