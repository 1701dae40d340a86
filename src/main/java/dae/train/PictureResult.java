package dae.train;

import dae.image.Picture;

/// What was measured of a picture.
///
/// @param name what it is called
/// @param height rows
/// @param width columns
/// @param noisy the noisy picture against the clean one
/// @param denoised what the model made of it, likewise
/// @param shift what the model did to its colours
/// @param covered where damage hides it; null where nothing does
/// @param seconds that the model took
public record PictureResult(
    String name,
    int height,
    int width,
    Quality noisy,
    Quality denoised,
    Shift shift,
    Covered covered,
    double seconds) {
  private static final double WHITE = 255;

  /// How close a picture is to another.
  ///
  /// @param psnr peak signal-to-noise ratio in dB, infinite where they are the same
  /// @param ssim structural similarity, 1 where they are the same
  public record Quality(double psnr, double ssim) {
    /// Of two pictures in 8 bits, height × width × 3, interleaved.
    static Quality of(byte[] clean, byte[] other, int height, int width) {
      long squares = 0;
      for (int i = 0; i < clean.length; i++) {
        squares += square(clean[i], other[i]);
      }
      double mse = squares / (WHITE * WHITE * clean.length);
      double ssim = new Ssim(height, width).of(clean, other);
      return new Quality(Metrics.psnr(mse), ssim);
    }

    /// What another has more, in dB; 0 where both are without error.
    double gainTo(Quality other) {
      return psnr == other.psnr ? 0 : other.psnr - psnr;
    }
  }

  /// The same for those pixels alone that damage hides.
  ///
  /// @param share of all pixels, more than 0
  /// @param noisy PSNR of the damaged picture there, in dB
  /// @param denoised of the cleaned one
  public record Covered(double share, double noisy, double denoised) {
    /// A pixel counts if so much of it is covered.
    private static final float LEAST = 0.05f;

    /// @return null where nothing is covered
    static Covered of(PictureSet.Sample sample, byte[] denoised) {
      long pixels = 0;
      long before = 0;
      long after = 0;
      for (int i = 0; i < denoised.length; i++) {
        if (sample.cover()[i / Picture.CHANNELS] >= LEAST) {
          pixels += i % Picture.CHANNELS == 0 ? 1 : 0;
          before += square(sample.clean()[i], sample.noisy()[i]);
          after += square(sample.clean()[i], denoised[i]);
        }
      }
      double values = Picture.CHANNELS * pixels * WHITE * WHITE;
      double share = (double) pixels / sample.cover().length;
      return pixels == 0
          ? null
          : new Covered(share, Metrics.psnr(before / values), Metrics.psnr(after / values));
    }
  }

  /// How much brighter a picture is than another in the mean of all pixels, in steps of 8 bits.
  ///
  /// @param red negative where it is darker; the others likewise
  public record Shift(double red, double green, double blue) {
    /// Of two pictures in 8 bits, interleaved RGB.
    static Shift of(byte[] clean, byte[] other) {
      long[] sums = new long[Picture.CHANNELS];
      for (int i = 0; i < clean.length; i++) {
        sums[i % Picture.CHANNELS] += (other[i] & 0xFF) - (clean[i] & 0xFF);
      }
      double pixels = clean.length / Picture.CHANNELS;
      return new Shift(sums[0] / pixels, sums[1] / pixels, sums[2] / pixels);
    }

    /// The one that is farthest from 0.
    public double largest() {
      double most = Math.abs(green) > Math.abs(red) ? green : red;
      return Math.abs(blue) > Math.abs(most) ? blue : most;
    }
  }

  private static int square(byte clean, byte other) {
    int difference = (other & 0xFF) - (clean & 0xFF);
    return difference * difference;
  }

  /// What it gained, in dB: minus infinity where a picture without error got one.
  public double gain() {
    return noisy.gainTo(denoised);
  }
}
