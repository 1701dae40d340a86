package dae.data;

/// What an epoch of training goes through: images of one size, each by its number. [Images] hold
/// the same in every epoch; crops of photographs are cut anew ([PictureCrops]).
///
/// For one thread at a time, which asks for the order of an epoch before its images.
public interface ImageSource {
  /// Images of an epoch.
  int count();

  /// Rows of each image.
  int height();

  /// Columns of each image.
  int width();

  /// H · W · 3.
  default int bytesPerImage() {
    return height() * width() * Images.CHANNELS;
  }

  /// Decides in which order an epoch shows them.
  ///
  /// @param into takes each number from 0 to [#count] − 1 once
  void order(long seed, int epoch, int[] into);

  /// Copies one image of the epoch whose [#order] was asked for last.
  ///
  /// @param clean takes the image from `offset` on, interleaved RGB
  /// @param noisy takes its noisy partner where there are [#pairs]; else unused
  void copy(int number, byte[] clean, byte[] noisy, int offset);

  /// Whether each image comes with a noisy partner.
  default boolean pairs() {
    return false;
  }

  /// The same with n images in an epoch, or as they are if there are fewer.
  ImageSource first(int n);

  /// The same, shown `weight` times in each epoch.
  ///
  /// @param weight more than 0; of a fraction, another part in each epoch
  ImageSource weighted(double weight);

  /// Tells these images from others, so that a run goes on with its own.
  String fingerprint();

  /// Whether a fingerprint, of this program or an older one, is that of these images.
  default boolean has(String fingerprint) {
    return fingerprint.equals(fingerprint());
  }

  /// What is taken while they are read, beyond what they hold already.
  default long bufferBytes() {
    return 0;
  }
}
