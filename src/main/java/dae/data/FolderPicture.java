package dae.data;

import dae.image.PictureFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// A picture of an [ImageFolder], with what decides its place in the data set.
///
/// @param file where it is and how large
/// @param hash of its path inside the folder: the key of its split and of its crops
record FolderPicture(PictureFile file, long hash) {
  /// Reads a file's dimensions.
  ///
  /// @param smallest the smallest height and width that are of use
  /// @throws IOException if it is not a picture that can be read, too small or too large
  static FolderPicture inspect(Path folder, Path file, int smallest) throws IOException {
    return new FolderPicture(
        PictureFile.inspect(file, smallest), hash(PictureFiles.name(folder, file)));
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
