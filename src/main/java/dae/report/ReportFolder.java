package dae.report;

import dae.UserError;
import dae.file.AtomicFile;
import dae.file.PlainFile;
import dae.graph.Trace;
import dae.report.LossCurve.Point;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// `report/` in a run's folder: what its report shows besides settings and history, so that it can
/// be drawn again. Tables for other programs and small PNGs.
///
/// @param path the folder, which need not be there
record ReportFolder(Path path) {
  private static final Pattern EPOCH = Pattern.compile("epoch-(\\d{1,9})\\.png");
  private static final String STEPS = "epoch,loss\n";
  private static final String VALIDATION = "image,psnr_noisy,psnr_denoised\n";
  private static final String TRACE = "entry,milliseconds,calls,gflops,gbytes,share,launches\n";

  /// The PSNR of each validation image.
  record Psnr(double[] noisy, double[] denoised) {}

  Path notes() {
    return path.resolve("run.json");
  }

  /// @param name such as `noisy`
  Path picture(String name) {
    return path.resolve(name + ".png");
  }

  Path epoch(int epoch) {
    return path.resolve("epoch-%04d.png".formatted(epoch));
  }

  /// The epochs of which there are pictures, with these.
  TreeMap<Integer, Path> epochs() throws IOException {
    TreeMap<Integer, Path> epochs = new TreeMap<>();
    if (Files.isDirectory(path)) {
      try (Stream<Path> files = Files.list(path)) {
        for (Path file : files.toList()) {
          Matcher name = EPOCH.matcher(file.getFileName().toString());
          if (name.matches()) {
            epochs.put(Integer.parseInt(name.group(1)), file);
          }
        }
      }
    }
    return epochs;
  }

  /// Removes what another run has left here.
  void clear() throws IOException {
    for (Path file : epochs().values()) {
      Files.delete(file);
    }
    for (String name : List.of("run.json", "steps.csv", "validation.csv", "trace.csv")) {
      Files.deleteIfExists(path.resolve(name));
    }
    for (String name : List.of("clean", "noisy", "worst", "median", "best")) {
      Files.deleteIfExists(picture(name));
    }
  }

  void writeSteps(List<Point> points) throws IOException {
    write("steps.csv", STEPS, points.stream().map(p -> p.epoch() + "," + p.loss()));
  }

  List<Point> steps() throws IOException {
    return read("steps.csv", STEPS, f -> new Point(number(f[0]), number(f[1])));
  }

  void writeValidation(double[] noisy, double[] denoised) throws IOException {
    List<String> rows = new ArrayList<>();
    for (int i = 0; i < noisy.length; i++) {
      rows.add(i + "," + noisy[i] + "," + denoised[i]);
    }
    write("validation.csv", VALIDATION, rows.stream());
  }

  /// Empty where nothing was kept.
  Psnr validation() throws IOException {
    List<double[]> rows =
        read("validation.csv", VALIDATION, f -> new double[] {number(f[1]), number(f[2])});
    return new Psnr(
        rows.stream().mapToDouble(row -> row[0]).toArray(),
        rows.stream().mapToDouble(row -> row[1]).toArray());
  }

  void writeTrace(List<Trace.Cost> costs) throws IOException {
    write(
        "trace.csv",
        TRACE,
        costs.stream()
            .map(c ->
                String.join(
                    ",",
                    c.what(),
                    "" + c.milliseconds(),
                    "" + c.calls(),
                    "" + c.gflops(),
                    "" + c.gbytes(),
                    "" + c.share(),
                    "" + c.launches())));
  }

  /// Empty where nothing was timed.
  List<Trace.Cost> trace() throws IOException {
    return read(
        "trace.csv",
        TRACE,
        f ->
            new Trace.Cost(
                f[0],
                number(f[1]),
                Long.parseLong(f[2]),
                number(f[3]),
                number(f[4]),
                number(f[5]),
                Long.parseLong(f[6])));
  }

  private static double number(String field) {
    return Double.parseDouble(field);
  }

  private void write(String name, String header, Stream<String> rows) throws IOException {
    StringBuilder csv = new StringBuilder(header);
    rows.forEach(row -> csv.append(row).append('\n'));
    byte[] bytes = csv.toString().getBytes(StandardCharsets.UTF_8);
    AtomicFile.write(path.resolve(name), out -> out.write(bytes));
  }

  private <T> List<T> read(String name, String header, Function<String[], T> row)
      throws IOException {
    Path file = path.resolve(name);
    if (!Files.exists(file)) {
      return List.of();
    }
    List<String> lines = PlainFile.text(file, StandardCharsets.ISO_8859_1).lines().toList();
    try {
      if (lines.isEmpty() || !lines.getFirst().equals(header.strip())) {
        throw new IllegalArgumentException("another header");
      }
      return lines.stream().skip(1).map(line -> row.apply(line.split(",", -1))).toList();
    } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
      throw new UserError(
          "%s: expected a table with the columns %s, got something else — remove the file"
              .formatted(file, header.strip()),
          e);
    }
  }
}
