package dae.image;

import java.nio.charset.StandardCharsets;

/// Colour profiles, of which only the header matters here.
final class Icc {
  private static final int SPACE = 16;
  private static final int HEADER = 128;

  private Icc() {}

  /// Whether a profile speaks of pixels of this kind; so does none at all.
  ///
  /// @param profile whole, or null
  /// @param grey whether the pixels are grey, else RGB
  static boolean fits(byte[] profile, boolean grey) {
    if (profile == null) {
      return true;
    }
    return profile.length >= HEADER
        && new String(profile, SPACE, 4, StandardCharsets.ISO_8859_1)
            .equals(grey ? "GRAY" : "RGB ");
  }
}
