package dae.spark;

import dae.UserError;
import dae.image.Format;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/// The pictures of a folder and all its subfolders, by their names, and where each goes.
///
/// @param jobs in the order of their names
/// @param refused one line for each that would take another's place
record FolderListing(List<PictureTask.Job> jobs, List<String> refused) {
  /// What systems leave in folders; what begins with a dot or an underscore is hidden in Hadoop.
  private static final Set<String> STRAY = Set.of("thumbs.db", "desktop.ini", "@eadir", "__macosx");

  /// @param in the folder, qualified
  /// @param out where the same tree goes, qualified; if it lies in the folder, it is passed over
  /// @throws UserError if the folder cannot be read
  static FolderListing of(Path in, Path out, FileSystem from) {
    FolderListing found = new FolderListing(new ArrayList<>(), new ArrayList<>());
    try {
      found.add(in, in, out, from, new HashMap<>());
    } catch (IOException e) {
      throw new UserError(
          in + ": expected a readable folder, got none (" + HadoopPath.reason(e) + ")", e);
    }
    return found;
  }

  private void add(Path folder, Path in, Path out, FileSystem from, Map<String, String> taken)
      throws IOException {
    FileStatus[] all = from.listStatus(folder);
    Arrays.sort(all);
    for (FileStatus each : all) {
      Path path = each.getPath();
      if (isStray(path.getName()) || path.equals(out)) {
        continue;
      }
      if (each.isDirectory()) {
        add(path, in, out, from, taken);
      } else if (isPicture(path.getName())) {
        String inside = in.toUri().relativize(path.toUri()).getPath();
        String target = HadoopPath.under(out, target(inside)).toString();
        String other = taken.putIfAbsent(target, path.toString());
        if (other == null) {
          jobs.add(new PictureTask.Job(path.toString(), target));
        } else {
          refused.add(
              "%s: expected a target of its own, got that of %s — rename it"
                  .formatted(path, other));
        }
      }
    }
  }

  private static boolean isStray(String name) {
    return name.startsWith(".")
        || name.startsWith("_")
        || STRAY.contains(name.toLowerCase(Locale.ROOT));
  }

  private static boolean isPicture(String name) {
    return Format.ofName(java.nio.file.Path.of(name)).filter(f -> f != Format.PDF).isPresent();
  }

  private static String target(String inside) {
    Format format = Format.ofName(java.nio.file.Path.of(inside)).orElseThrow();
    Format written = format.written();
    return written == format ? inside : stem(inside) + "." + written.suffix();
  }

  /// A name without its ending.
  static String stem(String name) {
    return name.substring(0, name.lastIndexOf('.'));
  }
}
