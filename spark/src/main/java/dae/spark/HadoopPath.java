package dae.spark;

import dae.UserError;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.security.AccessControlException;

/// Names of files and folders in any file system that Hadoop knows.
final class HadoopPath {
  private HadoopPath() {}

  /// @param what to change when it is none
  /// @throws UserError if it is no such name
  static Path of(String what, String name) {
    try {
      return new Path(name);
    } catch (IllegalArgumentException e) {
      throw new UserError(
          "spark: expected a file or folder, got '%s' — change %s".formatted(name, what), e);
    }
  }

  /// What lies under a folder; its name may have any letters.
  static Path under(Path folder, String inside) {
    URI uri = folder.toUri();
    return new Path(uri.getScheme(), uri.getAuthority(), uri.getPath() + "/" + inside);
  }

  /// A few words, without the name.
  static String reason(IOException e) {
    return switch (e) {
      case FileNotFoundException _ -> "no such file";
      case AccessControlException _ -> "permission denied";
      default ->
          e.getMessage() == null
              ? e.getClass().getSimpleName()
              : e.getMessage().lines().findFirst().orElse("");
    };
  }
}
