package dae.data;

import dae.UserError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import javax.imageio.ImageIO;

/// The picture files of a folder, by their suffixes; none is opened.
public final class PictureFiles {
  private static final Set<String> SUFFIXES = Set.of(ImageIO.getReaderFileSuffixes());

  private PictureFiles() {}

  /// Those of a folder and its subfolders, in the order of their names, which is the same on every
  /// system. Hidden files, such as the `._` files of macOS, are not among them.
  ///
  /// @throws UserError if the folder cannot be read
  public static List<Path> in(Path folder) {
    try {
      // A link to a folder would be walked as a file.
      Path real = folder.toRealPath();
      try (Stream<Path> walk = Files.walk(real)) {
        return walk.filter(PictureFiles::isPicture)
            .map(file -> folder.resolve(real.relativize(file)))
            .sorted(Comparator.comparing(file -> name(folder, file)))
            .toList();
      }
    } catch (IOException | UncheckedIOException e) {
      throw new UserError(
          "%s: expected a readable folder, got %s — check its permissions"
              .formatted(folder, Reason.of(e)),
          e);
    }
  }

  /// A file's name inside its folder: `holidays/beach.jpg` on every system.
  public static String name(Path folder, Path file) {
    return folder.relativize(file).toString().replace('\\', '/');
  }

  private static boolean isPicture(Path file) {
    return SUFFIXES.contains(suffix(file)) && Files.isRegularFile(file);
  }

  /// The suffix in lower case; none for hidden files.
  private static String suffix(Path file) {
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    int dot = name.lastIndexOf('.');
    return dot < 1 || name.startsWith(".") ? "" : name.substring(dot + 1);
  }
}
