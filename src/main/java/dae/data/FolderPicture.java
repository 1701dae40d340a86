package dae.data;

import dae.UserError;
import dae.file.PlainFile;
import dae.file.Reason;
import dae.image.PictureFile;
import dae.random.Draws;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.zip.CheckedInputStream;
import java.util.zip.Checksum;

/// A picture of a folder, with what decides its place in the data set.
///
/// @param clean where it is and how large
/// @param noisy its noisy partner, of the same size; null where there is none
/// @param hash of its path inside the folder: the key of its split and of its crops
record FolderPicture(PictureFile clean, PictureFile noisy, long hash) {
  /// Decoded: interleaved RGB.
  ///
  /// @param noisy null where there is no partner
  record Pixels(int height, int width, byte[] clean, byte[] noisy) {
    /// Copies a square at a random place, and its partner's.
    ///
    /// @param draws decides where
    /// @param cleanInto takes side × side × 3 values from `offset` on
    /// @param noisyInto likewise; unused where there is no partner
    void crop(Draws draws, int side, byte[] cleanInto, byte[] noisyInto, int offset) {
      int top = draws.below(height - side + 1);
      int left = draws.below(width - side + 1);
      cut(clean, top, left, side, cleanInto, offset);
      if (noisy != null) {
        cut(noisy, top, left, side, noisyInto, offset);
      }
    }

    private void cut(byte[] from, int top, int left, int side, byte[] into, int offset) {
      int row = side * Images.CHANNELS;
      for (int y = 0; y < side; y++) {
        int at = ((top + y) * width + left) * Images.CHANNELS;
        System.arraycopy(from, at, into, offset + y * row, row);
      }
    }
  }

  /// Reads a file's dimensions.
  ///
  /// @param name in its folder
  /// @param noisy the file of its partner; null for none
  /// @param smallest the smallest height and width that are of use
  /// @throws IOException if it is not a picture that can be read, too small or too large, or not of
  ///   its partner's size
  static FolderPicture inspect(String name, Path clean, Path noisy, int smallest)
      throws IOException {
    PictureFile picture = PictureFile.inspect(clean, smallest);
    PictureFile partner = noisy == null ? null : PictureFile.inspect(noisy, smallest);
    if (partner != null
        && (partner.height() != picture.height() || partner.width() != picture.width())) {
      throw new IOException(
          "%d×%d pixels, its partner %d×%d"
              .formatted(picture.width(), picture.height(), partner.width(), partner.height()));
    }
    return new FolderPicture(picture, partner, hash(name));
  }

  /// @throws IOException if it cannot be decoded
  Pixels decode() throws IOException {
    return new Pixels(
        clean.height(), clean.width(), clean.rgb(), noisy == null ? null : noisy.rgb());
  }

  /// What decoding takes.
  long bytes() {
    long pixels = (long) clean.height() * clean.width();
    return pixels * Images.CHANNELS * (noisy == null ? 1 : 2);
  }

  /// Adds the bytes of its files.
  ///
  /// @throws UserError if they cannot be read
  void sum(Checksum checksum) {
    sum(clean.path(), checksum);
    if (noisy != null) {
      sum(noisy.path(), checksum);
    }
  }

  private static void sum(Path file, Checksum checksum) {
    try (InputStream in = new CheckedInputStream(PlainFile.open(file), checksum)) {
      in.transferTo(OutputStream.nullOutputStream());
    } catch (IOException e) {
      throw new UserError(
          "%s: expected a readable picture, got %s — check the file".formatted(file, Reason.of(e)),
          e);
    }
  }

  /// What older programs knew it by.
  String nameAndSizes() {
    return "%d %d %d %d %d;"
        .formatted(
            hash, clean.height(), clean.width(), bytes(clean), noisy == null ? 0 : bytes(noisy));
  }

  /// Not of a File, which loses names that the locale cannot write.
  private static long bytes(PictureFile file) {
    try {
      return Files.size(file.path());
    } catch (IOException e) {
      return 0;
    }
  }

  private static long hash(String name) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8));
      long hash = 0;
      for (int i = 0; i < Long.BYTES; i++) {
        hash = hash << 8 | digest[i] & 0xFF;
      }
      return hash;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
