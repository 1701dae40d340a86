package dae.train;

import java.util.Arrays;

/// Image quality over a set: mean squared error (MSE), peak signal-to-noise ratio (PSNR) and, when
/// asked for, structural similarity ([Ssim]). All in double, image by image, so that the digits do
/// not depend on the batch size.
///
/// PSNR in decibels for pictures in [0, 1]: 10 · log10(1 / MSE). The mean of the images' PSNR is
/// never below the PSNR of their mean MSE (Jensen's inequality: −log is convex); papers report
/// either, so both are given.
public final class Metrics {
  private final int imageLength;
  private final Ssim ssim;
  private long images;
  private double mseSum;
  private double psnrSum;
  private double ssimSum;
  private double[] mses = new double[1024];
  private double[] ssims;

  private Metrics(int imageLength, Ssim ssim) {
    this.imageLength = imageLength;
    this.ssim = ssim;
    ssims = new double[ssim == null ? 0 : mses.length];
  }

  /// MSE and PSNR of pictures of height × width × 3.
  public static Metrics of(int height, int width) {
    return new Metrics(height * width * Ssim.CHANNELS, null);
  }

  /// The same and SSIM, which takes far longer; both sides must be at least [Ssim#WINDOW].
  public static Metrics withSsim(int height, int width) {
    return new Metrics(height * width * Ssim.CHANNELS, new Ssim(height, width));
  }

  /// Adds `count` images that lie one after the other in each array.
  ///
  /// @param clean the images as they should be, interleaved, in [0, 1]
  /// @param other the noisy or denoised images
  public void add(float[] clean, int cleanOffset, float[] other, int otherOffset, int count) {
    for (int i = 0; i < count; i++) {
      int a = cleanOffset + i * imageLength;
      int b = otherOffset + i * imageLength;
      add(mse(clean, a, other, b, imageLength));
      if (ssim != null) {
        double similarity = ssim.of(clean, a, other, b);
        ssims[(int) images - 1] = similarity;
        ssimSum += similarity;
      }
    }
  }

  /// Adds an image by its MSE.
  void add(double mse) {
    int at = Math.toIntExact(images);
    if (at == mses.length) {
      mses = Arrays.copyOf(mses, 2 * at);
      ssims = Arrays.copyOf(ssims, ssim == null ? 0 : mses.length);
    }
    mses[at] = mse;
    mseSum += mse;
    psnrSum += psnr(mse);
    images++;
  }

  /// The number of images so far.
  public long images() {
    return images;
  }

  /// The MSE of each image, in the order they came; a copy.
  public double[] mses() {
    return Arrays.copyOf(mses, (int) images);
  }

  /// The PSNR of each image; infinite where one was matched exactly.
  public double[] psnrs() {
    return Arrays.stream(mses()).map(Metrics::psnr).toArray();
  }

  /// The SSIM of each image; a copy.
  ///
  /// @throws IllegalStateException when these metrics were made without SSIM
  public double[] ssims() {
    requireSsim();
    return Arrays.copyOf(ssims, (int) images);
  }

  /// The mean of all images' MSE; NaN without images.
  public double mse() {
    return mseSum / images;
  }

  /// The mean of all images' PSNR; infinite as soon as one image was matched exactly.
  public double meanPsnr() {
    return psnrSum / images;
  }

  /// The PSNR of the mean MSE.
  public double psnrOfMean() {
    return psnr(mse());
  }

  /// The mean of all images' SSIM.
  ///
  /// @throws IllegalStateException when these metrics were made without SSIM
  public double ssim() {
    requireSsim();
    return ssimSum / images;
  }

  private void requireSsim() {
    if (ssim == null) {
      throw new IllegalStateException("Metrics: made without SSIM; use Metrics.withSsim");
    }
  }

  /// The mean squared difference of `length` values. Four sums run side by side: one alone would
  /// wait for itself at every value.
  public static double mse(float[] a, int aOffset, float[] b, int bOffset, int length) {
    double sum0 = 0;
    double sum1 = 0;
    double sum2 = 0;
    double sum3 = 0;
    int i = 0;
    for (; i <= length - 4; i += 4) {
      sum0 += squaredDifference(a[aOffset + i], b[bOffset + i]);
      sum1 += squaredDifference(a[aOffset + i + 1], b[bOffset + i + 1]);
      sum2 += squaredDifference(a[aOffset + i + 2], b[bOffset + i + 2]);
      sum3 += squaredDifference(a[aOffset + i + 3], b[bOffset + i + 3]);
    }
    for (; i < length; i++) {
      sum0 += squaredDifference(a[aOffset + i], b[bOffset + i]);
    }
    return (sum0 + sum1 + sum2 + sum3) / length;
  }

  private static double squaredDifference(double a, double b) {
    return (a - b) * (a - b);
  }

  /// Decibels below the peak 1; infinite for an MSE of 0.
  public static double psnr(double mse) {
    return 10 * Math.log10(1 / mse);
  }
}
