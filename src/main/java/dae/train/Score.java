package dae.train;

import dae.train.Bootstrap.Estimate;
import java.util.Arrays;
import java.util.List;

/// What a way to clean images leaves of a noise, in the mean over the images.
///
/// @param noise its word
/// @param method what cleaned them, `noisy` for nothing
/// @param images how many
/// @param mse mean squared error
/// @param psnr mean of the images' PSNR in dB
/// @param ssim mean structural similarity
public record Score(
    String noise, String method, int images, Estimate mse, Estimate psnr, Estimate ssim) {
  /// What noisy images are called.
  public static final String NOISY = "noisy";

  /// Of test images.
  ///
  /// @param metrics with SSIM
  public static Score of(String noise, String method, Metrics metrics) {
    return of(noise, method, metrics.mses(), metrics.psnrs(), metrics.ssims());
  }

  /// Of values image by image.
  static Score of(String noise, String method, double[] mses, double[] psnrs, double[] ssims) {
    List<Estimate> means = Bootstrap.means(mses, psnrs, ssims);
    return new Score(noise, method, mses.length, means.get(0), means.get(1), means.get(2));
  }

  /// How much higher the PSNR of one way is than that of another, image by image.
  ///
  /// @param gain mean difference in dB
  /// @param better images on which it is higher
  public record Duel(Estimate gain, int better, int images) {
    /// Compares values of the same images in the same order; a PSNR without error counts as
    /// [PictureResults#EXACT].
    public static Duel of(double[] psnrs, double[] others) {
      double[] gains = new double[psnrs.length];
      Arrays.setAll(gains, i -> PictureResults.finite(psnrs[i]) - PictureResults.finite(others[i]));
      int better = (int) Arrays.stream(gains).filter(gain -> gain > 0).count();
      return new Duel(Bootstrap.means(gains).getFirst(), better, gains.length);
    }
  }
}
