package dae.cli;

import dae.image.Format;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// What the name of a file or folder says that was found in a folder of pictures.
final class FoundName {
  /// What is added to a name; pictures of such names beside their source are no inputs.
  static final List<String> ADDED = List.of("-denoised", "-preview", "-compare", "-mask");

  /// What systems leave in folders.
  private static final Set<String> STRAY = Set.of("thumbs.db", "desktop.ini", "@eadir", "__macosx");

  private FoundName() {}

  /// Whether a system has left it there, or it is hidden.
  static boolean isStray(Path path) {
    String name = path.getFileName().toString();
    return name.startsWith(".") || STRAY.contains(name.toLowerCase(Locale.ROOT));
  }

  /// Whether the name is one that we give, and what it was made of is still there.
  static boolean isResult(Path path, boolean folder) {
    String name = path.getFileName().toString();
    int dot = folder ? -1 : name.lastIndexOf('.');
    String stem = dot < 1 ? name : name.substring(0, dot);
    for (String each : ADDED) {
      if (stem.endsWith(each) && stem.length() > each.length()) {
        String source = stem.substring(0, stem.length() - each.length());
        return folder ? Files.isDirectory(path.resolveSibling(source)) : hasPicture(path, source);
      }
    }
    return false;
  }

  private static boolean hasPicture(Path result, String stem) {
    try {
      for (Format format : Format.values()) {
        for (String suffix : format.suffixes()) {
          Path small = result.resolveSibling(stem + "." + suffix);
          Path large = result.resolveSibling(stem + "." + suffix.toUpperCase(Locale.ROOT));
          if (Files.exists(small) || Files.exists(large)) {
            return true;
          }
        }
      }
      return false;
    } catch (InvalidPathException e) {
      // Letters that are none in this locale; the name alone speaks for a result.
      return true;
    }
  }
}
