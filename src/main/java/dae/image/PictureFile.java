package dae.image;

import dae.file.PlainFile;
import java.io.IOException;
import java.nio.file.Path;

/// A picture file of any format that ImageIO knows, whose header was read, but not its pixels.
///
/// @param path where it is
/// @param height rows
/// @param width columns
public record PictureFile(Path path, int height, int width) {
  /// Reads a file's dimensions.
  ///
  /// @param smallest the smallest height and width that are of use
  /// @throws IOException if it is not a picture that can be read, too small or too large
  public static PictureFile inspect(Path path, int smallest) throws IOException {
    PictureFile picture =
        Decoder.ofAny(
            path,
            reader -> {
              if (reader.getFormatName().equalsIgnoreCase(Format.GIF.name())) {
                Gif.Screen screen = Gif.screen(reader);
                return new PictureFile(path, screen.height(), screen.width());
              }
              return new PictureFile(path, reader.getHeight(0), reader.getWidth(0));
            });
    if (Math.min(picture.height, picture.width) < smallest) {
      throw new IOException(picture.size() + " pixels are too small");
    }
    if ((long) picture.height * picture.width > Picture.MAX_PIXELS) {
      throw new IOException(
          "%s pixels are more than %d million"
              .formatted(picture.size(), Picture.MAX_PIXELS / 1_000_000));
    }
    return picture;
  }

  private String size() {
    return width + "×" + height;
  }

  /// Decodes the whole picture.
  ///
  /// @return height × width × 3 bytes of interleaved RGB; transparency is ignored
  /// @throws IOException if they cannot be decoded, or are not as many as the header said
  public byte[] rgb() throws IOException {
    byte[] rgb = new byte[height * width * Picture.CHANNELS];
    copy(0, 0, height, width, rgb, 0);
    return rgb;
  }

  /// Decodes the picture and copies a square of it as interleaved RGB; transparency is ignored.
  ///
  /// @param into takes side × side × 3 values from `offset` on
  /// @throws IOException as [#rgb]
  public void crop(int top, int left, int side, byte[] into, int offset) throws IOException {
    copy(top, left, side, side, into, offset);
  }

  private void copy(int top, int left, int h, int w, byte[] into, int offset) throws IOException {
    Picture picture = PictureReader.decoded(PlainFile.bytes(path));
    if (picture.height() != height || picture.width() != width) {
      throw new IOException("its header says " + size() + ", its content something else");
    }
    float[] line = new float[w * Picture.CHANNELS];
    for (int y = 0; y < h; y++) {
      picture.colors().read(((top + y) * width + left) * Picture.CHANNELS, line.length, line, 0);
      for (int i = 0; i < line.length; i++) {
        into[offset + y * line.length + i] = (byte) Math.round(line[i] * 255);
      }
    }
  }
}
