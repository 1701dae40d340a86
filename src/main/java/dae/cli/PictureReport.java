package dae.cli;

import dae.train.Bootstrap.Estimate;
import dae.train.PictureResult;
import dae.train.PictureResult.Quality;
import dae.train.PictureResults;
import dae.train.PictureSet;
import dae.train.Score;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;

/// What `evaluate` says of whole pictures: a line for each, their mean, and a table at the end.
final class PictureReport {
  /// Columns of a name at most; a longer one moves its line.
  private static final int LONGEST = 40;

  private static final String QUALITY = " %8s %9s %7s %9s %9s";

  private final PrintWriter out;
  private int nameWidth;

  PictureReport(PrintWriter out) {
    this.out = out;
  }

  /// Says what is measured.
  ///
  /// @param title where the pictures are
  /// @param how the model is used, or empty
  void begin(String title, String model, PictureSet set, String how) {
    List<String> names = set.names();
    nameWidth = Math.min(LONGEST, Math.max(width("largest", names), width("", names)));
    line("%s: %d pictures, noise %s, model %s%s", title, names.size(), set.noise(), model, how);
    row("picture", "PSNR", "denoised", "SSIM", "denoised", "shift");
  }

  void picture(PictureResult picture) {
    String shift = number("%+.2f", picture.shift().largest());
    row(picture.name(), picture.noisy(), picture.denoised(), shift);
  }

  /// The mean of PSNR and SSIM.
  void mean(PictureResults results) {
    row("mean", results.noisy(), results.denoised(), "");
    if (results.countsExact()) {
      line("pictures without error count as %.0f dB in the mean", PictureResults.EXACT);
    }
    results
        .covered()
        .ifPresent(covered ->
            line(
                "where damage hides it, %.1f %% of the pixels: PSNR %.2f, denoised %.2f, gain %+.2f",
                100 * covered.share(),
                covered.noisy(),
                covered.denoised(),
                covered.denoised() - covered.noisy()));
    line("");
  }

  private void row(String name, Quality noisy, Quality denoised, String shift) {
    row(
        name,
        number("%.2f", noisy.psnr()),
        number("%.2f", denoised.psnr()),
        number("%.4f", noisy.ssim()),
        number("%.4f", denoised.ssim()),
        shift);
  }

  private void row(String name, Object... columns) {
    line("%-" + nameWidth + "s" + QUALITY.formatted(columns), name);
  }

  /// A row for each model and noise.
  void table(List<PictureResults> all) {
    int models = width("model", all.stream().map(PictureResults::model).toList());
    int noises = width("noise", all.stream().map(PictureResults::noise).toList());
    List<Score> scores = all.stream().map(PictureResults::denoisedScore).toList();
    String form = "%-" + models + "s  %-" + noises + "s %8s %9s %13s %7s %9s %9s %7s %6s  %s";
    line(
        form,
        "model",
        "noise",
        "PSNR",
        "denoised",
        "95 %",
        "SSIM",
        "denoised",
        "max shift",
        "gain",
        "MP/s",
        "least gain");
    for (int i = 0; i < all.size(); i++) {
      PictureResults each = all.get(i);
      line(
          form,
          each.model(),
          each.noise(),
          number("%.2f", each.noisy().psnr()),
          number("%.2f", each.denoised().psnr()),
          interval("%.2f", scores.get(i).psnr()),
          number("%.4f", each.noisy().ssim()),
          number("%.4f", each.denoised().ssim()),
          number("%+.2f", each.shift()),
          number("%+.2f", each.gain()),
          number("%.2f", each.megapixelsPerSecond()),
          number("%+.2f", each.worst().gain()) + " " + each.worst().name());
    }
    for (int i = 0; i < all.size(); i++) {
      PictureResults one = all.get(i);
      all.stream()
          .limit(i)
          .filter(other -> other.noise().equals(one.noise()) && other.names().equals(one.names()))
          .findFirst()
          .ifPresent(other ->
              line(
                  "%s", duel(one.noise(), one.model(), other.model(), one.psnrs(), other.psnrs())));
    }
  }

  /// A line that compares two models image by image.
  static String duel(String noise, String model, String other, double[] psnrs, double[] others) {
    Score.Duel duel = Score.Duel.of(psnrs, others);
    return "%s against %s, %s: PSNR %s dB (95 %%: %s), higher on %d of %d"
        .formatted(
            model,
            other,
            noise,
            number("%+.2f", duel.gain().mean()),
            interval("%+.2f", duel.gain()),
            duel.better(),
            duel.images());
  }

  /// `low–high`; `-` where there are too few images.
  static String interval(String form, Estimate estimate) {
    return Double.isNaN(estimate.low())
        ? "-"
        : number(form, estimate.low()) + "–" + number(form, estimate.high());
  }

  private static int width(String title, List<String> column) {
    return Math.max(title.length(), column.stream().mapToInt(String::length).max().orElse(0));
  }

  static String number(String form, double value) {
    return Double.isInfinite(value)
        ? value < 0 ? "-inf" : "inf"
        : String.format(Locale.ROOT, form, value);
  }

  private void line(String form, Object... values) {
    out.println(String.format(Locale.ROOT, form, values));
    out.flush();
  }
}
