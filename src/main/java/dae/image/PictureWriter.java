package dae.image;

import dae.UserError;
import java.io.IOException;
import java.io.OutputStream;

/// Writes a picture as its file was: format, depth, grey or colours, and what lay beside the
/// pixels, which stay as they are stored, with their orientation. Only where the format has no
/// place for that are they turned.
public final class PictureWriter {
  private PictureWriter() {}

  /// Writes a picture.
  ///
  /// @param picture without opacities where the format is JPEG
  /// @param kept of the file it comes from; of the picture's size where it has opacities
  /// @param format to write, one that [Format#written] names
  /// @param quality of a JPEG, 1 to 100; null for that of its file
  /// @param out stays open
  /// @throws IOException when it cannot be written
  public static void write(
      Picture picture, Kept kept, Format format, Integer quality, OutputStream out)
      throws IOException {
    boolean same = format == kept.format();
    Kept whole =
        same
            ? kept
            : new Kept(
                format,
                kept.bits(),
                kept.grey(),
                kept.opacities(),
                kept.orientation(),
                kept.blocks(),
                null);
    Picture shown = picture;
    boolean says =
        same || kept.blocks().exif() != null && (format == Format.PNG || format == Format.JPEG);
    if (!says && kept.orientation() != Kept.UPRIGHT) {
      shown = Exif.upright(picture, kept.orientation());
      whole = whole.upright(picture.height(), picture.width());
    }
    switch (format) {
      case PNG -> Png.write(shown, whole, out);
      case JPEG -> Jpeg.write(shown, whole, quality, out);
      case BMP -> Bmp.write(shown, whole, out);
      case TIFF -> Tiff.write(shown, whole, out);
      default ->
          throw new UserError(
              "%s: expected PNG, JPEG, BMP or TIFF to write, got it — name another"
                  .formatted(format.suffix()));
    }
  }
}
