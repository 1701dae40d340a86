package dae.spark;

import dae.Heap;
import dae.UserError;
import dae.denoise.Cleaning;
import dae.image.Format;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.LongAccumulator;
import org.apache.spark.util.SerializableConfiguration;

/// Cleans some pictures, on an executor. May be run again, also beside itself.
///
/// @param temporary folder for what is not whole yet, in the file system of the targets
/// @param cleaned shown in Spark's page, as the two that follow; a task that is run twice counts
///   twice
record PictureTask(
    Broadcast<ModelFile> model,
    Broadcast<SerializableConfiguration> hadoop,
    String temporary,
    LongAccumulator cleaned,
    LongAccumulator skipped,
    LongAccumulator refused)
    implements FlatMapFunction<Iterator<PictureTask.Job>, Outcome> {
  /// A picture to clean.
  ///
  /// @param source its file
  /// @param target of the name that its own name promises
  record Job(String source, String target) implements Serializable {}

  private static final int MOST = 1 << 30;

  @Override
  public Iterator<Outcome> call(Iterator<Job> jobs) throws IOException {
    long done = 0;
    long before = 0;
    List<String> bad = new ArrayList<>();
    List<String> warnings = new ArrayList<>();
    while (jobs.hasNext()) {
      Job job = jobs.next();
      try {
        if (clean(job, warnings)) {
          done++;
          cleaned.add(1);
        } else {
          before++;
          skipped.add(1);
        }
      } catch (IllegalArgumentException e) {
        // Hadoop's local file system writes no name with a colon.
        bad.add(
            "%s: expected a name that Hadoop can write, got %s — rename it"
                .formatted(job.source, job.target));
        refused.add(1);
      } catch (UserError e) {
        String line = e.getMessage();
        bad.add(line.startsWith(job.source) ? line : job.source + ": " + line);
        refused.add(1);
      }
    }
    return List.of(new Outcome(done, before, bad, warnings)).iterator();
  }

  /// @return whether it was not there already
  /// @throws UserError if it cannot be read or cleaned
  /// @throws IOException if the clean one cannot be written, which is no fault of the picture's
  private boolean clean(Job job, List<String> warnings) throws IOException {
    Path source = new Path(job.source);
    Path target = new Path(job.target);
    FileSystem to = target.getFileSystem(hadoop.value().value());
    if (to.exists(target)) {
      return false;
    }
    Cleaning.Cleaned clean = Denoisers.clean(model.value(), () -> load(source));
    Format written = clean.loaded().opened().kept().format().written();
    if (Format.ofName(java.nio.file.Path.of(target.getName())).orElse(null) != written) {
      // Its content is not what its name says.
      target =
          new Path(
              target.getParent(), FolderListing.stem(target.getName()) + "." + written.suffix());
      if (to.exists(target)) {
        return false;
      }
    }
    for (String note : clean.notes()) {
      if (note.startsWith(Cleaning.WARNING)) {
        warnings.add(job.source + ": " + note);
      }
    }
    return write(Denoisers.encode(clean), to, target);
  }

  private Cleaning.Loaded load(Path source) {
    try {
      FileSystem from = source.getFileSystem(hadoop.value().value());
      long size = from.getFileStatus(source).getLen();
      if (size > MOST || !Heap.holds(size)) {
        throw Heap.tooSmall(
            source.toString(), "a file of %d MiB".formatted(size >> 20), size, "cut it");
      }
      try (InputStream in = from.open(source)) {
        return Cleaning.load(in.readNBytes(MOST), source.toString());
      }
    } catch (IOException e) {
      throw new UserError(
          source + ": expected a readable file, got none (" + HadoopPath.reason(e) + ")", e);
    }
  }

  private boolean write(byte[] file, FileSystem to, Path target) throws IOException {
    to.setWriteChecksum(false);
    Path part = new Path(temporary, UUID.randomUUID().toString());
    try {
      try (OutputStream out = to.create(part, false)) {
        out.write(file);
      }
      to.mkdirs(target.getParent());
      if (!to.exists(target) && to.rename(part, target)) {
        return true;
      }
      if (to.exists(target)) {
        return false;
      }
      throw new IOException("cannot rename " + part + " to " + target);
    } finally {
      to.delete(part, false);
    }
  }
}
