package dae.spark;

import static java.nio.charset.StandardCharsets.UTF_8;

import dae.UserError;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.SerializableConfiguration;

/// Cleans the pictures of a folder into another, on all executors. What is there already is left as
/// it is, so a run that was broken off is gone on with by the same command.
final class FolderCleaning {
  /// The lines about pictures that could not be cleaned, and warnings; Hadoop hides such names.
  static final String REPORT = "_report.txt";

  private static final String TEMPORARY = "_temporary-";

  /// Pictures of a task: a second or so of small ones, and a fair share of the rest for each core.
  private static final int PER_TASK = 16;

  private static final int MOST_TASKS = 10_000;
  private static final int LEAST_PER_CORE = 4;

  private final JavaSparkContext spark;
  private final Configuration hadoop;

  FolderCleaning(JavaSparkContext spark) {
    this.spark = spark;
    hadoop = spark.hadoopConfiguration();
  }

  /// Cleans what is not there yet.
  ///
  /// @return sums over all pictures
  /// @throws UserError if the folders or the model do not do
  Outcome clean(String in, String out, String model) {
    try {
      Path source = HadoopPath.of("IN", in);
      Path target = HadoopPath.of("OUT", out);
      FileSystem from = source.getFileSystem(hadoop);
      FileSystem to = target.getFileSystem(hadoop);
      source = from.makeQualified(source);
      target = to.makeQualified(target);
      requireFolders(source, target, from, to);
      ModelFile weights = ModelFile.of(model, hadoop);
      FolderListing found = FolderListing.of(source, target, from);
      if (found.jobs().isEmpty()) {
        throw new UserError(in + ": expected pictures in it, got none — name another folder");
      }
      Outcome outcome = run(found, weights, to, target);
      report(outcome, to, new Path(target, REPORT));
      return outcome;
    } catch (IOException e) {
      throw new UserError(
          "denoise: expected folders that can be read and written, got %s — check IN and OUT"
              .formatted(HadoopPath.reason(e)),
          e);
    }
  }

  private static void requireFolders(Path in, Path out, FileSystem from, FileSystem to)
      throws IOException {
    if (!from.exists(in) || !from.getFileStatus(in).isDirectory()) {
      throw new UserError(
          "%s: expected a folder, got %s — check IN"
              .formatted(in, from.exists(in) ? "a file" : "none"));
    }
    if (in.equals(out)) {
      throw new UserError(in + ": expected another folder to write to, got the same — change OUT");
    }
    if (to.exists(out) && !to.getFileStatus(out).isDirectory()) {
      throw new UserError(out + ": expected a folder to write to, got a file — change OUT");
    }
  }

  private Outcome run(FolderListing found, ModelFile model, FileSystem to, Path out)
      throws IOException {
    Path temporary = new Path(out, TEMPORARY + spark.sc().applicationId());
    to.mkdirs(temporary);
    sweep(to, out, temporary.getName());
    try {
      PictureTask task =
          new PictureTask(
              spark.broadcast(model),
              spark.broadcast(new SerializableConfiguration(hadoop)),
              temporary.toString(),
              spark.sc().longAccumulator("pictures cleaned"),
              spark.sc().longAccumulator("pictures that were there"),
              spark.sc().longAccumulator("pictures refused"));
      int tasks =
          Math.clamp(
              Math.max(found.jobs().size() / PER_TASK, LEAST_PER_CORE * spark.defaultParallelism()),
              1,
              Math.min(MOST_TASKS, found.jobs().size()));
      List<String> refused = new ArrayList<>(found.refused());
      List<String> warnings = new ArrayList<>();
      long cleaned = 0;
      long skipped = 0;
      for (Outcome each : spark.parallelize(found.jobs(), tasks).mapPartitions(task).collect()) {
        cleaned += each.cleaned();
        skipped += each.skipped();
        refused.addAll(each.refused());
        warnings.addAll(each.warnings());
      }
      return new Outcome(cleaned, skipped, refused, warnings);
    } finally {
      to.delete(temporary, true);
    }
  }

  /// Removes what drivers that were killed have left. From one that is at work it takes away no
  /// more than the pictures that are just being written, and Spark runs their tasks again.
  private static void sweep(FileSystem to, Path out, String mine) throws IOException {
    for (FileStatus each : to.listStatus(out)) {
      String name = each.getPath().getName();
      if (each.isDirectory() && name.startsWith(TEMPORARY) && !name.equals(mine)) {
        to.delete(each.getPath(), true);
      }
    }
  }

  /// Pictures that could not be cleaned, and warnings; no file where there is nothing to say.
  private static void report(Outcome outcome, FileSystem to, Path file) throws IOException {
    List<String> lines = new ArrayList<>(outcome.refused());
    lines.addAll(outcome.warnings());
    lines.sort(null);
    if (lines.isEmpty()) {
      to.delete(file, false);
      return;
    }
    to.setWriteChecksum(false);
    try (OutputStream out = to.create(file, true)) {
      out.write((String.join("\n", lines) + "\n").getBytes(UTF_8));
    }
  }
}
