package dae.cli;

import dae.UserError;
import dae.report.ScoreCsv;
import dae.report.ScoreCsv.Row;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// What models and baselines have left of the noise of the same test images.
final class ImageTable {
  private final List<Row> rows = new ArrayList<>();
  private final List<Row> models = new ArrayList<>();

  /// Adds what was measured beside a model, which comes last; noisy images once for a noise.
  void add(List<Row> measured) {
    models.add(measured.getLast());
    for (Row row : measured) {
      if (row == measured.getLast() || rows.stream().noneMatch(old -> isSame(old, row))) {
        rows.add(row);
      }
    }
  }

  private static boolean isSame(Row a, Row b) {
    return a.score().noise().equals(b.score().noise())
        && a.score().method().equals(b.score().method());
  }

  /// Compares the models image by image, each with the first of its noise, and writes the tables.
  ///
  /// @param csv null for nowhere
  void end(Path csv, PrintWriter out) {
    for (int i = 0; i < models.size(); i++) {
      Row one = models.get(i);
      String noise = one.score().noise();
      models.stream()
          .limit(i)
          .filter(other -> other.score().noise().equals(noise))
          .findFirst()
          .ifPresent(other ->
              out.println(
                  PictureReport.duel(
                      noise,
                      one.score().method(),
                      other.score().method(),
                      one.metrics().psnrs(),
                      other.metrics().psnrs())));
    }
    out.flush();
    try {
      if (csv != null) {
        List<ScoreCsv.Row> all = List.copyOf(rows);
        ScoreCsv.write(ScoreCsv.images(all), all.stream().map(Row::score).toList(), csv);
      }
    } catch (IOException e) {
      throw new UserError(e.getMessage() + " — change --csv", e);
    }
  }
}
