package dae.denoise;

/// How pictures are cleaned; the same may serve any number of calls and threads.
///
/// ```java
/// denoiser.clean(in, out, Options.USUAL.withStrength(0.7).withOverwrite(true));
/// ```
///
/// @param strength how much of the change is taken over; null for all of it, where a file whose
///   picture is clean already is left as it is
/// @param ensemble whether the mean of all eight orientations is taken: a little better, in eight
///   times the time
/// @param quality of JPEG files, 1 to 100; null for the tables of the picture's own file
/// @param overwrite whether a file may be written over
/// @param progress hears of each tile; null for nobody
/// @since 0.1.0
public record Options(
    Strength strength, boolean ensemble, Integer quality, boolean overwrite, Progress progress) {
  /// The best quality of a JPEG; 1 is the worst.
  public static final int MOST_QUALITY = 100;

  /// All of the change, in one orientation, to new files.
  public static final Options USUAL = new Options(null, false, null, false, null);

  /// Checks the quality.
  ///
  /// @throws IllegalArgumentException if it is not within 1 and 100
  public Options {
    if (quality != null && (quality < 1 || quality > MOST_QUALITY)) {
      throw new IllegalArgumentException("quality: expected 1 to 100, got " + quality);
    }
  }

  /// The same with another strength.
  ///
  /// @param all how much of the change is taken over, from 0 to [Strength#MOST]
  /// @return new options
  /// @throws IllegalArgumentException if it is not within them
  public Options withStrength(double all) {
    return withStrength(new Strength(all, 1, 1));
  }

  /// The same with another strength.
  ///
  /// @param other how much of the change is taken over, or null
  /// @return new options
  public Options withStrength(Strength other) {
    return new Options(other, ensemble, quality, overwrite, progress);
  }

  /// The same in eight orientations or one.
  ///
  /// @param eight whether the mean of eight is taken
  /// @return new options
  public Options withEnsemble(boolean eight) {
    return new Options(strength, eight, quality, overwrite, progress);
  }

  /// The same with another quality of JPEG files.
  ///
  /// @param percent 1 to 100, or null
  /// @return new options
  /// @throws IllegalArgumentException if it is not within them
  public Options withQuality(Integer percent) {
    return new Options(strength, ensemble, percent, overwrite, progress);
  }

  /// The same for files that may be there already, or may not.
  ///
  /// @param allowed whether a file may be written over
  /// @return new options
  public Options withOverwrite(boolean allowed) {
    return new Options(strength, ensemble, quality, allowed, progress);
  }

  /// The same with another listener.
  ///
  /// @param listener hears of each tile, or null
  /// @return new options
  public Options withProgress(Progress listener) {
    return new Options(strength, ensemble, quality, overwrite, listener);
  }
}
