package dae.train;

import dae.train.PictureResult.Covered;
import dae.train.PictureResult.Quality;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/// What was measured of a model on some pictures, and what that is in the mean.
///
/// @param model its name
/// @param noise what was done to the pictures
/// @param pictures at least one
public record PictureResults(String model, String noise, List<PictureResult> pictures) {
  /// What the PSNR of a picture without error counts as in a mean, in dB, beside others that have
  /// errors: infinity would hide those.
  public static final double EXACT = 100;

  /// The mean over all noisy pictures.
  public Quality noisy() {
    return mean(PictureResult::noisy);
  }

  /// The mean over all denoised pictures.
  public Quality denoised() {
    return mean(PictureResult::denoised);
  }

  /// The noisy pictures, with intervals.
  public Score noisyScore() {
    return score(Score.NOISY, PictureResult::noisy);
  }

  /// The denoised pictures, likewise.
  public Score denoisedScore() {
    return score(model, PictureResult::denoised);
  }

  private Score score(String method, Function<PictureResult, Quality> which) {
    double[] ssims = pictures.stream().map(which).mapToDouble(Quality::ssim).toArray();
    double[] psnrs = psnrs(which);
    double[] exact = pictures.stream().map(which).mapToDouble(Quality::psnr).toArray();
    double[] mses = Arrays.stream(exact).map(psnr -> Math.pow(10, -psnr / 10)).toArray();
    return Score.of(noise, method, mses, psnrs, ssims);
  }

  /// What the pictures are called.
  public List<String> names() {
    return pictures.stream().map(PictureResult::name).toList();
  }

  /// The PSNR of each denoised picture.
  public double[] psnrs() {
    return psnrs(PictureResult::denoised);
  }

  private double[] psnrs(Function<PictureResult, Quality> which) {
    double[] psnrs = pictures.stream().map(which).mapToDouble(Quality::psnr).toArray();
    boolean exact = Arrays.stream(psnrs).allMatch(Double::isInfinite);
    return exact ? psnrs : Arrays.stream(psnrs).map(PictureResults::finite).toArray();
  }

  private Quality mean(Function<PictureResult, Quality> which) {
    double psnr = Arrays.stream(psnrs(which)).average().orElseThrow();
    double ssim = pictures.stream().map(which).mapToDouble(Quality::ssim).average().orElseThrow();
    return new Quality(psnr, ssim);
  }

  /// The mean over all pictures of which damage hides something; nothing where there is none.
  public Optional<Covered> covered() {
    List<Covered> all =
        pictures.stream().map(PictureResult::covered).filter(Objects::nonNull).toList();
    if (all.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Covered(
            mean(all, Covered::share), mean(all, Covered::noisy), mean(all, Covered::denoised)));
  }

  private static double mean(List<Covered> all, ToDoubleFunction<Covered> of) {
    return all.stream().mapToDouble(of).map(v -> Math.min(v, EXACT)).average().orElseThrow();
  }

  /// A PSNR as it counts beside others.
  static double finite(double psnr) {
    return Double.isInfinite(psnr) ? EXACT : psnr;
  }

  /// Whether a mean counts a picture as [#EXACT].
  public boolean countsExact() {
    long exact =
        pictures.stream().filter(picture -> Double.isInfinite(picture.denoised().psnr())).count();
    return exact > 0 && exact < pictures.size();
  }

  /// What the means gain, in dB.
  public double gain() {
    return noisy().gainTo(denoised());
  }

  /// The largest of all pictures' shifts.
  public double shift() {
    return pictures.stream()
        .map(picture -> picture.shift().largest())
        .max(Comparator.comparing(Math::abs))
        .orElseThrow();
  }

  /// The picture that gained least; among those that were without error, the worst.
  public PictureResult worst() {
    return pictures.stream()
        .min(
            Comparator.comparingDouble(PictureResult::gain)
                .thenComparingDouble(picture -> picture.denoised().psnr()))
        .orElseThrow();
  }

  /// Millions of pixels that the model cleaned in a second.
  public double megapixelsPerSecond() {
    double pixels = pictures.stream().mapToDouble(p -> (double) p.height() * p.width()).sum();
    return pixels / 1e6 / pictures.stream().mapToDouble(PictureResult::seconds).sum();
  }
}
