package dae.data;

import dae.UserError;
import dae.file.Reason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javax.imageio.ImageIO;

/// The picture files of a folder, by their suffixes; none is opened.
public final class PictureFiles {
  private static final Set<String> SUFFIXES = Set.of(ImageIO.getReaderFileSuffixes());

  private PictureFiles() {}

  /// Those of a folder and its subfolders, also linked ones, in the order of their names, which is
  /// the same on every system. Hidden files, such as the `._` files of macOS, are not among them.
  ///
  /// @param warnings hears in one line of a subfolder that is left out: it cannot be read, or a
  ///   link leads nowhere, or to one that is read already, where it could go round in circles
  /// @throws UserError if the folder cannot be read, or is that of the whole system
  public static Collection<Path> in(Path folder, Consumer<String> warnings) {
    try {
      if (folder.toRealPath().getParent() == null) {
        throw new UserError(
            folder + ": expected a folder of pictures, got the whole system — name a folder in it");
      }
      Walk walk = new Walk(folder, warnings);
      walk.into(folder);
      return walk.found.values();
    } catch (IOException | UncheckedIOException e) {
      throw new UserError(
          "%s: expected a readable folder, got %s — check its permissions"
              .formatted(folder, Reason.of(e)),
          e);
    }
  }

  /// A file's name inside its folder: `holidays/beach.jpg` on every system, whatever letters the
  /// locale has: the bytes of a name that are UTF-8 are read as such.
  public static String name(Path folder, Path file) {
    // Only a URI tells the bytes of a name that the locale cannot write.
    String inside = file.toUri().toASCIIString();
    String outside = folder.toUri().toASCIIString();
    int from = outside.endsWith("/") ? outside.length() : outside.length() + 1;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int i = from; i < inside.length(); i++) {
      char letter = inside.charAt(i);
      if (letter == '%') {
        bytes.write(Integer.parseInt(inside, i + 1, i + 3, 16));
        i += 2;
      } else {
        bytes.write(letter);
      }
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  private static boolean isPicture(Path file) {
    return SUFFIXES.contains(suffix(file)) && Files.isRegularFile(file);
  }

  /// The suffix in lower case; none for hidden files.
  private static String suffix(Path file) {
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    int dot = name.lastIndexOf('.');
    return dot < 1 || isHidden(file) ? "" : name.substring(dot + 1);
  }

  private static boolean isHidden(Path file) {
    return file.getFileName().toString().startsWith(".");
  }

  /// Links to folders are followed when all else has been seen, so that what is in the folder under
  /// its own name has that name.
  private static final class Walk {
    final SortedMap<String, Path> found = new TreeMap<>();
    private final Path folder;
    private final Consumer<String> warnings;
    private final Set<Path> seen = new HashSet<>();
    private final Deque<Path> links = new ArrayDeque<>();

    Walk(Path folder, Consumer<String> warnings) {
      this.folder = folder;
      this.warnings = warnings;
    }

    void into(Path root) throws IOException {
      list(root);
      while (!links.isEmpty()) {
        Path link = links.remove();
        try {
          if (!seen.contains(link.toRealPath())) {
            list(link);
          } else {
            warnings.accept(link + " left out: it leads to a folder that is read already");
          }
        } catch (IOException e) {
          leaveOut(link, e);
        }
      }
    }

    private void list(Path parent) throws IOException {
      seen.add(parent.toRealPath());
      List<Path> children;
      try (Stream<Path> all = Files.list(parent)) {
        children = all.sorted().toList();
      } catch (UncheckedIOException e) {
        throw e.getCause();
      } catch (DirectoryIteratorException e) {
        throw e.getCause();
      }
      for (Path child : children) {
        if (!Files.isDirectory(child)) {
          if (Files.isSymbolicLink(child) && !Files.exists(child) && !isHidden(child)) {
            warnings.accept(child + " left out: it is a link that leads nowhere");
          } else if (isPicture(child)) {
            found.put(name(folder, child), child);
          }
        } else if (Files.isSymbolicLink(child)) {
          links.add(child);
        } else {
          try {
            list(child);
          } catch (IOException e) {
            leaveOut(child, e);
          }
        }
      }
    }

    private void leaveOut(Path child, IOException e) {
      warnings.accept("%s left out: %s".formatted(child, Reason.of(e)));
    }
  }
}
