package dae.report;

import dae.train.PictureResult;
import dae.train.PictureResult.Covered;
import dae.train.PictureResults;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What was measured of each picture, as a table for other programs: comma-separated values, quoted
/// as in RFC 4180, with a header, in UTF-8. PSNR in dB, `inf` where there is no error; shifts in
/// steps of 8 bits; the share of pixels that damage hides, 0 where it hides none and their PSNR is
/// empty.
public final class PictureCsv {
  private static final String HEADER =
      "name,width,height,noise,model,psnr_noisy,psnr_denoised,ssim_noisy,ssim_denoised,"
          + "shift_red,shift_green,shift_blue,covered,psnr_noisy_covered,psnr_denoised_covered\n";

  private PictureCsv() {}

  /// The table as text.
  public static String of(List<PictureResults> all) {
    return all.stream()
        .flatMap(results -> results.pictures().stream().map(picture -> row(results, picture)))
        .collect(Collectors.joining("", HEADER, ""));
  }

  private static String row(PictureResults results, PictureResult picture) {
    Stream<String> words =
        Stream.of(
            quoted(picture.name()),
            "" + picture.width(),
            "" + picture.height(),
            quoted(results.noise()),
            quoted(results.model()));
    Stream<String> numbers =
        Stream.of(
                picture.noisy().psnr(),
                picture.denoised().psnr(),
                picture.noisy().ssim(),
                picture.denoised().ssim(),
                picture.shift().red(),
                picture.shift().green(),
                picture.shift().blue())
            .map(PictureCsv::number);
    Covered covered = picture.covered();
    Stream<String> inside =
        covered == null
            ? Stream.of(number(0), "", "")
            : Stream.of(covered.share(), covered.noisy(), covered.denoised())
                .map(PictureCsv::number);
    return Stream.of(words, numbers, inside)
        .flatMap(all -> all)
        .collect(Collectors.joining(",", "", "\n"));
  }

  private static String number(double value) {
    return Double.isInfinite(value) ? "inf" : String.format(Locale.ROOT, "%.6f", value);
  }

  /// A field with a comma, quote or end of line stands in quotes, its own quotes doubled.
  static String quoted(String field) {
    return field.matches("[^,\"\r\n]*") ? field : '"' + field.replace("\"", "\"\"") + '"';
  }
}
