package dae.data;

import dae.UserError;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/// Pictures with real noise beside the same ones without: found by name, none is opened.
///
/// Each side is a folder, whose pictures are called by their paths inside it without the suffix
/// (`a/b.png` is `a/b`), or a folder with one `*` in its last element, as in `polyu/*_real.JPG`,
/// whose pictures are called what the `*` stands for. Same name, same picture.
public final class PicturePairs {
  private static final int NAMES_SHOWN = 3;

  private PicturePairs() {}

  /// A picture twice.
  ///
  /// @param name what both are called
  /// @param noisy as the camera saw it
  /// @param clean as it should be
  public record Pair(String name, Path noisy, Path clean) {}

  /// Finds the pairs, in the order of their names.
  ///
  /// @param noisy a folder or a pattern
  /// @param clean a folder or a pattern
  /// @param warnings hears in one line which pictures have no partner
  /// @throws UserError if a side is neither, names two pictures alike, or there is no pair
  public static List<Pair> of(String noisy, String clean, Consumer<String> warnings) {
    SortedMap<String, Path> left = pictures(noisy, warnings);
    SortedMap<String, Path> right = pictures(clean, warnings);
    List<Pair> pairs = new ArrayList<>();
    List<Path> alone = new ArrayList<>();
    left.forEach((name, file) -> {
      Path partner = right.remove(name);
      if (partner == null) {
        alone.add(file);
      } else {
        pairs.add(new Pair(name, file, partner));
      }
    });
    alone.addAll(right.values());
    if (pairs.isEmpty()) {
      throw new UserError(
          ("pairs: expected pictures of the same names in '%s' and '%s', got none alike among %d"
                  + " — say what differs with a *, as in 'DIR/*_real.jpg' (.jpg is not .JPG)")
              .formatted(noisy, clean, alone.size()));
    }
    if (!alone.isEmpty()) {
      List<String> shown = alone.stream().limit(NAMES_SHOWN).map(Path::toString).toList();
      warnings.accept(
          "%d left out, without a partner: %s%s"
              .formatted(
                  alone.size(), String.join(", ", shown), alone.size() > NAMES_SHOWN ? ", …" : ""));
    }
    return pairs;
  }

  private static SortedMap<String, Path> pictures(String side, Consumer<String> warnings) {
    int slash = Math.max(side.lastIndexOf('/'), side.lastIndexOf(File.separatorChar));
    String last = side.substring(slash + 1);
    int star = last.indexOf('*');
    if (star < 0) {
      return inFolder(folder(side, side), warnings);
    }
    if (star != last.lastIndexOf('*')) {
      throw new UserError(
          "pairs: expected one *, got '%s' — name a folder for each kind".formatted(side));
    }
    String folder = slash < 0 ? "." : side.substring(0, slash + 1);
    return matching(
        folder(folder, side), last.substring(0, star), last.substring(star + 1), warnings);
  }

  private static Path folder(String folder, String side) {
    try {
      if (!folder.isBlank() && Files.isDirectory(Path.of(folder))) {
        return Path.of(folder);
      }
    } catch (InvalidPathException _) {
      // It is no folder either.
    }
    throw new UserError(
        "pairs: expected a folder, or one with a * at the end, got '%s' — check the path"
            .formatted(side));
  }

  private static SortedMap<String, Path> inFolder(Path folder, Consumer<String> warnings) {
    SortedMap<String, Path> pictures = new TreeMap<>();
    for (Path file : PictureFiles.in(folder, warnings)) {
      String name = PictureFiles.name(folder, file);
      Path other = pictures.putIfAbsent(name.substring(0, name.lastIndexOf('.')), file);
      if (other != null) {
        throw new UserError(
            "%s: expected one picture of that name, got %s too — move one away"
                .formatted(other, file.getFileName()));
      }
    }
    return pictures;
  }

  private static SortedMap<String, Path> matching(
      Path folder, String before, String after, Consumer<String> warnings) {
    SortedMap<String, Path> pictures = new TreeMap<>();
    for (Path file : PictureFiles.in(folder, warnings)) {
      String name = PictureFiles.name(folder, file);
      if (name.length() >= before.length() + after.length()
          && name.indexOf('/') < 0
          && name.startsWith(before)
          && name.endsWith(after)) {
        pictures.put(name.substring(before.length(), name.length() - after.length()), file);
      }
    }
    return pictures;
  }
}
