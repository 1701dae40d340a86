package dae.image;

/// What a picture file holds besides the colours that are cleaned, so that it can be written again
/// as it was.
///
/// @param format of the file
/// @param bits of a sample, 8 or 16; fewer are read as 8
/// @param grey whether one sample stands for all three colours
/// @param opacities height × width of 16 bits, where the file has so many; null otherwise
/// @param orientation how the stored pixels are to be turned for a viewer, EXIF's 1 to 8; 1 as they
///   are
/// @param blocks what several formats can hold
/// @param own what only the file's own format can hold; null where that is nothing
public record Kept(
    Format format,
    int bits,
    boolean grey,
    short[] opacities,
    int orientation,
    Blocks blocks,
    Own own) {
  /// The pixels are to be shown as they are stored.
  static final int UPRIGHT = 1;

  /// Bytes as they lie in the file, each null where it has none.
  ///
  /// @param exif a TIFF structure, from its byte order mark on
  /// @param icc a colour profile
  /// @param xmp a packet of XML
  /// @param density pixels per inch
  record Blocks(byte[] exif, byte[] icc, byte[] xmp, Density density) {
    static final Blocks NONE = new Blocks(null, null, null, null);
  }

  /// Pixels per inch in each direction.
  record Density(double x, double y) {
    private static final double INCH = 0.0254;

    static Density perMetre(double x, double y) {
      return x > 0 && y > 0 ? new Density(x * INCH, y * INCH) : null;
    }

    /// Pixels per metre.
    int metreX() {
      return (int) Math.round(x / INCH);
    }

    /// Pixels per metre.
    int metreY() {
      return (int) Math.round(y / INCH);
    }
  }

  /// What only one format can hold, byte for byte.
  sealed interface Own permits PngChunks, JpegSegments, Tiff.Fields {}

  /// Of a picture in memory that comes from no file.
  ///
  /// @param format to write it in
  public static Kept plain(Format format) {
    return new Kept(format, 8, false, null, UPRIGHT, Blocks.NONE, null);
  }

  /// The same for a part of the picture, so many times side by side.
  ///
  /// @param columns of the whole picture
  /// @param part left, top, width and height
  /// @param times how often
  public Kept part(int columns, int[] part, int times) {
    if (opacities == null) {
      return this;
    }
    int width = part[2];
    int runs = part[3] * times;
    short[] cut = new short[runs * width];
    for (int run = 0; run < runs; run++) {
      int from = (part[1] + run / times) * columns + part[0];
      System.arraycopy(opacities, from, cut, run * width, width);
    }
    return new Kept(format, bits, grey, cut, orientation, blocks, own);
  }

  /// The same for pixels that have been turned as the orientation asks.
  ///
  /// @param height of the picture before
  /// @param width of the picture before
  Kept upright(int height, int width) {
    short[] turned = Exif.upright(opacities, height, width, orientation);
    return new Kept(format, bits, grey, turned, UPRIGHT, blocks, own);
  }
}
