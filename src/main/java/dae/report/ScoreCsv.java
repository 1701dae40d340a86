package dae.report;

import dae.file.AtomicFile;
import dae.train.Bootstrap.Estimate;
import dae.train.Metrics;
import dae.train.Score;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// What was measured on many images, as tables for other programs, as [PictureCsv] quotes them: a
/// row for each image and method, and a row of means with their 95 % intervals for each method.
public final class ScoreCsv {
  private static final String IMAGES = "image,noise,method,mse,psnr,ssim\n";
  private static final String MEANS =
      "noise,method,images,mse,mse_low,mse_high,psnr,psnr_low,psnr_high,ssim,ssim_low,ssim_high\n";

  private ScoreCsv() {}

  /// A way to clean test images, and what was measured of each.
  public record Row(Score score, Metrics metrics) {}

  /// Each image, counted from 0.
  public static String images(List<Row> rows) {
    return rows.stream().flatMap(ScoreCsv::images).collect(Collectors.joining("", IMAGES, ""));
  }

  private static Stream<String> images(Row row) {
    double[] mses = row.metrics.mses();
    double[] psnrs = row.metrics.psnrs();
    double[] ssims = row.metrics.ssims();
    String words =
        PictureCsv.quoted(row.score.noise()) + "," + PictureCsv.quoted(row.score.method());
    return IntStream.range(0, mses.length)
        .mapToObj(i -> i + "," + words + numbers(mses[i], psnrs[i], ssims[i]) + "\n");
  }

  /// Each method.
  public static String means(List<Score> scores) {
    return scores.stream().map(ScoreCsv::mean).collect(Collectors.joining("", MEANS, ""));
  }

  private static String mean(Score score) {
    return PictureCsv.quoted(score.noise())
        + ","
        + PictureCsv.quoted(score.method())
        + ","
        + score.images()
        + estimate(score.mse())
        + estimate(score.psnr())
        + estimate(score.ssim())
        + "\n";
  }

  private static String estimate(Estimate estimate) {
    return numbers(estimate.mean(), estimate.low(), estimate.high());
  }

  private static String numbers(double... values) {
    StringBuilder fields = new StringBuilder();
    for (double value : values) {
      // All digits: an MSE has few in front of them.
      fields.append(',');
      fields.append(Double.isNaN(value) ? "" : Double.isInfinite(value) ? "inf" : "" + value);
    }
    return fields.toString();
  }

  /// Where the means go that belong to a table of images.
  public static Path meansBeside(Path images) {
    String name = images.getFileName().toString();
    int dot = name.lastIndexOf('.');
    int end = dot > 0 ? dot : name.length();
    return images.resolveSibling(name.substring(0, end) + "-means" + name.substring(end));
  }

  /// Writes both tables, through [AtomicFile].
  ///
  /// @param images the text of the first, [#images] or that of [PictureCsv]
  /// @throws IOException when they cannot be written
  public static void write(String images, List<Score> means, Path target) throws IOException {
    write(images, target);
    write(means(means), meansBeside(target));
  }

  private static void write(String table, Path target) throws IOException {
    AtomicFile.write(target, out -> out.write(table.getBytes(StandardCharsets.UTF_8)));
  }
}
