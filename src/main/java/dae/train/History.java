package dae.train;

import dae.UserError;
import dae.file.AtomicFile;
import dae.file.PlainFile;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// What a run has reached, one row per epoch: the table in `history.csv`. Losses are written with
/// all their digits, as plain decimals, so that a resumed run reads back the very same values.
public final class History {
  private static final String HEADER = "epoch,loss,val_mse,images_per_s,seconds";
  private static final int FIELDS = 5;

  private final List<Row> rows = new ArrayList<>();

  /// One epoch.
  ///
  /// @param epoch 1, 2, 3 …
  /// @param loss mean training loss over the epoch's images
  /// @param valMse MSE of the denoised validation images at the epoch's end
  /// @param imagesPerSecond training speed
  /// @param seconds the epoch's duration, validation included
  public record Row(
      int epoch, double loss, double valMse, double imagesPerSecond, double seconds) {}

  /// Adds the next epoch's row.
  ///
  /// @throws IllegalArgumentException when an epoch is left out or repeated
  public void add(Row row) {
    if (row.epoch() != rows.size() + 1) {
      throw new IllegalArgumentException(
          "History: expected epoch " + (rows.size() + 1) + ", got epoch " + row.epoch());
    }
    rows.add(row);
  }

  /// All rows so far, epoch 1 first.
  public List<Row> rows() {
    return List.copyOf(rows);
  }

  /// The first `epochs` rows: what still holds when a run goes on from an earlier state.
  public History first(int epochs) {
    History first = new History();
    rows.stream().limit(epochs).forEach(first::add);
    return first;
  }

  /// The whole table as text, as it stands in the file.
  public String csv() {
    StringBuilder csv = new StringBuilder(HEADER).append('\n');
    for (Row row : rows) {
      csv.append(row.epoch()).append(',');
      csv.append(decimal(row.loss())).append(',');
      csv.append(decimal(row.valMse())).append(',');
      csv.append(rounded(row.imagesPerSecond())).append(',');
      csv.append(rounded(row.seconds())).append('\n');
    }
    return csv.toString();
  }

  /// Rewrites the file as a whole, through [AtomicFile].
  ///
  /// @throws IOException when it cannot be written; the old file stays intact
  public void write(Path target) throws IOException {
    AtomicFile.write(target, out -> out.write(csv().getBytes(StandardCharsets.US_ASCII)));
  }

  /// Reads a table back.
  ///
  /// @throws UserError one line naming file and line, when the file is missing or is not such a
  ///   table
  /// @throws IOException when the file cannot be read
  public static History read(Path path) throws IOException {
    if (!Files.isRegularFile(path)) {
      throw new UserError(path + ": expected a run's history, got no file — check the folder");
    }
    // Any bytes at all decode as Latin-1, so a damaged file fails below, at a line that can be
    // named.
    return parse(path.toString(), PlainFile.text(path, StandardCharsets.ISO_8859_1));
  }

  /// Reads a table from its text.
  ///
  /// @param source what to call the text in an error message
  /// @throws UserError one line naming source and line
  public static History parse(String source, String csv) {
    List<String> lines = csv.lines().toList();
    if (lines.isEmpty() || !lines.getFirst().equals(HEADER)) {
      throw error(source, 1, HEADER);
    }
    History history = new History();
    for (String line : lines.subList(1, lines.size())) {
      int number = history.rows.size() + 2;
      try {
        String[] fields = line.split(",", -1);
        if (fields.length != FIELDS) {
          throw new IllegalArgumentException("not a row");
        }
        history.add(
            new Row(
                Integer.parseInt(fields[0]),
                Double.parseDouble(fields[1]),
                Double.parseDouble(fields[2]),
                Double.parseDouble(fields[3]),
                Double.parseDouble(fields[4])));
      } catch (IllegalArgumentException e) {
        throw error(source, number, "epoch " + (number - 1) + " and 4 numbers");
      }
    }
    return history;
  }

  private static UserError error(String source, int line, String expected) {
    return new UserError(
        "%s, line %d: expected %s, got something else — remove the lines from there on"
            .formatted(source, line, expected));
  }

  /// The shortest decimal that reads back as the same double, never in scientific notation.
  private static String decimal(double value) {
    return Double.isFinite(value)
        ? BigDecimal.valueOf(value).stripTrailingZeros().toPlainString()
        : Double.toString(value);
  }

  private static String rounded(double value) {
    return Double.isFinite(value)
        ? BigDecimal.valueOf(value).setScale(2, RoundingMode.HALF_UP).toPlainString()
        : Double.toString(value);
  }
}
