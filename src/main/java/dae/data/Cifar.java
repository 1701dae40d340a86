package dae.data;

import dae.UserError;
import dae.file.PlainFile;
import dae.file.Reason;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/// CIFAR-10 or CIFAR-100, read from the official archive as it is or from its extracted folder.
///
/// In the data folder it takes, in this order: the extracted folder or the data folder itself if
/// they hold all files of the split, whole, else the archive. Structure decides, not the checksum:
/// any archive with the right files, whole records and labels in range is good.
final class Cifar implements Dataset {
  private final CifarFormat format;
  private final Path dataFolder;
  private final Consumer<String> warnings;
  private Images training;
  private Images test;

  /// @param warnings hears in one line of an extracted folder that cannot be used
  Cifar(CifarFormat format, Path dataFolder, Consumer<String> warnings) {
    this.warnings = warnings;
    this.format = format;
    this.dataFolder = dataFolder;
  }

  @Override
  public String name() {
    return format.id;
  }

  @Override
  public String describe() {
    return format.title + " from " + dataFolder;
  }

  @Override
  public synchronized Images training() {
    if (training == null) {
      // Whoever trains also validates, and an archive is unpacked to its end anyway.
      CifarRecords along = new CifarRecords(format, format.testFiles);
      training = load(format.trainingFiles, along);
      if (test == null && along.missing().isEmpty()) {
        test = along.images();
      }
    }
    return training;
  }

  @Override
  public synchronized Images test() {
    if (test == null) {
      test = load(format.testFiles, new CifarRecords(format, List.of()));
    }
    return test;
  }

  /// Whether there is something to read, though it may still turn out to be incomplete or damaged.
  static boolean present(CifarFormat format, Path dataFolder) {
    return Files.exists(dataFolder.resolve(format.archive))
        || extracted(dataFolder, format, format.testFiles) != null
        || extracted(dataFolder, format, format.trainingFiles) != null;
  }

  /// @param along filled too, if it is an archive that holds its files
  private Images load(List<String> files, CifarRecords along) {
    CifarRecords records = new CifarRecords(format, files);
    Path folder = extracted(dataFolder, format, files);
    Path archive = dataFolder.resolve(format.archive);
    if (folder != null) {
      try {
        for (String file : files) {
          read(folder.resolve(file), records);
        }
        return records.images();
      } catch (UserError e) {
        if (!Files.exists(archive)) {
          throw new UserError(
              "%s; first remove %s, which is read before an archive"
                  .formatted(e.getMessage(), folder.equals(dataFolder) ? "those files" : folder),
              e);
        }
        warnings.accept("%s; took %s instead".formatted(e.getMessage(), archive));
        records = new CifarRecords(format, files);
      }
    }
    if (Files.exists(archive)) {
      new CifarArchive(archive, format).read(records, along);
    } else {
      throw new UserError(
          ("%s: expected %s or the folder %s with %s in %s, got neither"
                  + " — run `fetch %s`, or name the folder with --data")
              .formatted(
                  format.id,
                  format.archive,
                  format.folder,
                  String.join(", ", files),
                  dataFolder,
                  format.id));
    }
    return records.images();
  }

  private static Path extracted(Path dataFolder, CifarFormat format, List<String> files) {
    for (Path folder : List.of(dataFolder.resolve(format.folder), dataFolder)) {
      if (files.stream().allMatch(file -> Files.isRegularFile(folder.resolve(file)))) {
        return folder;
      }
    }
    return null;
  }

  private void read(Path file, CifarRecords records) {
    try (InputStream in = new BufferedInputStream(PlainFile.open(file), 1 << 16)) {
      records.read(file.getFileName().toString(), file.toString(), Files.size(file), in);
    } catch (IOException e) {
      throw new UserError(
          "%s: expected a readable file, got %s (%s) — fetch the set again with `fetch %s`"
              .formatted(format.id, file, Reason.of(e), format.id),
          e);
    }
  }
}
