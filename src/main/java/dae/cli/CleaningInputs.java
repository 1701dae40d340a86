package dae.cli;

import dae.UserError;
import dae.denoise.Cleaning;
import dae.file.Reason;
import dae.image.Format;
import dae.image.PictureReader;
import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What the names on a command line stand for: which pictures, and where each goes.
final class CleaningInputs {
  private final String output;
  private final String added;
  private final boolean overwrite;
  private final List<CleaningJob> jobs = new ArrayList<>();
  private final List<String> refused = new ArrayList<>();
  private final Map<Path, Path> targets = new HashMap<>();
  private int skipped;

  /// @param output file or folder to write to; null for beside the inputs
  /// @param added to names where nothing else is asked for, one of [FoundName#ADDED]
  /// @param overwrite whether targets may exist
  CleaningInputs(String output, String added, boolean overwrite) {
    this.output = output;
    this.added = added;
    this.overwrite = overwrite;
  }

  /// Looks them up.
  ///
  /// @param names of files and folders, and `-`
  ///
  /// @throws UserError if the locale cannot write the output's name
  void add(List<String> names) {
    requireWritable(output);
    if (output != null && output.isEmpty()) {
      throw new UserError(
          "denoise: expected a file or folder to write to, got no name — change -o");
    }
    for (String name : names) {
      try {
        if (name.isEmpty()) {
          throw new UserError(
              "denoise: expected the name of a picture or folder, got an empty one — name one");
        }
        if (name.equals(CleaningJob.STANDARD)) {
          addStandard();
        } else {
          add(path(name), names.size() == 1);
        }
      } catch (UserError e) {
        refused.add(e.getMessage());
      } catch (InvalidPathException e) {
        refused.add(unwritable(name));
      }
    }
    if (overwrite) {
      spareSources();
    }
  }

  /// No target may be a source, whatever links or folders lead there. Only one that is there can
  /// be.
  private void spareSources() {
    Set<Path> sources = new HashSet<>();
    for (CleaningJob job : jobs) {
      real(job.source()).ifPresent(sources::add);
    }
    jobs.removeIf(job -> {
      boolean spared = real(job.target()).filter(sources::contains).isPresent();
      if (spared) {
        refused.add(
            "%s: expected a target that is no picture to clean, got %s — change -o"
                .formatted(job.source(), job.target()));
      }
      return spared;
    });
  }

  /// Where a file really is, if it is there.
  private static Optional<Path> real(Path file) {
    try {
      return file == null ? Optional.empty() : Optional.of(file.toRealPath());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  List<CleaningJob> jobs() {
    return jobs;
  }

  /// One line each.
  List<String> refused() {
    return refused;
  }

  /// Pictures whose targets were there already.
  int skipped() {
    return skipped;
  }

  private static Path path(String name) {
    Path path = Path.of(name);
    if (!Files.exists(path) && lost(name)) {
      throw new UserError(unwritable(name));
    }
    return path;
  }

  private static void requireWritable(String name) {
    try {
      if (name != null) {
        path(name);
      }
    } catch (InvalidPathException e) {
      throw new UserError(unwritable(name), e);
    }
  }

  /// Whether a name's letters did not come through: Java and the launcher put these in their place.
  private static boolean lost(String name) {
    return name.indexOf('\uFFFD') >= 0 || !isUtf8() && name.indexOf('?') >= 0;
  }

  private static boolean isUtf8() {
    return "UTF-8".equalsIgnoreCase(System.getProperty("sun.jnu.encoding"));
  }

  /// The name has letters that this system's locale cannot say.
  private static String unwritable(String name) {
    String advice = isUtf8() ? "rename it, or name its folder" : "set LC_ALL=C.UTF-8";
    return name + ": expected a name in this locale's letters, got others — " + advice;
  }

  private void addStandard() {
    boolean file = output != null && !output.equals(CleaningJob.STANDARD);
    Path target = file ? Path.of(output) : null;
    if (file) {
      requireFolder(target);
      Cleaning.format(target);
      requireFree(target);
    }
    jobs.add(new CleaningJob(null, target, 0, false));
  }

  private void add(Path source, boolean alone) {
    if (Files.isDirectory(source)) {
      addFolder(source, alone);
      return;
    }
    PictureReader.requireFile(source);
    if (CleaningJob.STANDARD.equals(output)) {
      jobs.add(new CleaningJob(source, null, size(source), false));
      return;
    }
    boolean named = output != null && alone && !isFolder(output);
    Path target;
    if (named) {
      target = Path.of(output);
      requireFolder(target);
    } else if (output != null) {
      requireNoFile(Path.of(output));
      target = Path.of(output).resolve(named(source, ""));
    } else {
      target = source.resolveSibling(named(source, added));
    }
    Cleaning.format(target);
    if (Cleaning.isSame(source, target)) {
      throw new UserError(
          source + ": expected another file to write to, got the picture itself — change -o");
    }
    requireFree(target);
    take(source, target, false);
  }

  private static boolean isFolder(String name) {
    return name.endsWith("/") || Files.isDirectory(Path.of(name));
  }

  private void requireFree(Path target) {
    if (Files.exists(target, LinkOption.NOFOLLOW_LINKS) && !overwrite) {
      throw new UserError(
          target + ": expected no such file, got one — name another with -o, or add --overwrite");
    }
  }

  private static void requireFolder(Path target) {
    Path folder = target.toAbsolutePath().getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      throw new UserError(target + ": expected a folder to write to, got none — make it first");
    }
  }

  private static void requireNoFile(Path folder) {
    if (Files.exists(folder) && !Files.isDirectory(folder)) {
      throw new UserError(folder + ": expected a folder to write to, got a file — change -o");
    }
  }

  private void take(Path source, Path target, boolean skips) {
    Path other = targets.putIfAbsent(target.toAbsolutePath().normalize(), source);
    // One that is named twice is cleaned once.
    if (other != null && !Cleaning.isSame(other, source)) {
      throw new UserError(
          source
              + ": expected a target of its own, got that of another, "
              + target
              + " — rename it");
    }
    if (other == null) {
      jobs.add(new CleaningJob(source, target, size(source), skips));
    }
  }

  private static long size(Path source) {
    try {
      return Files.size(source);
    } catch (IOException e) {
      return 0;
    }
  }

  /// The source's name, with another ending where it is written in another format.
  private static String named(Path source, String added) {
    String name = source.getFileName().toString();
    int dot = name.lastIndexOf('.');
    String stem = dot < 1 ? name : name.substring(0, dot);
    Format content = PictureReader.sniff(source);
    Format written = content == null ? Format.PNG : content.written();
    boolean fits = Format.ofName(source).filter(written::equals).isPresent();
    if (fits && added.isEmpty()) {
      return name;
    }
    return stem + added + (fits ? name.substring(dot) : "." + written.suffix());
  }

  private void addFolder(Path folder, boolean alone) {
    if (CleaningJob.STANDARD.equals(output)) {
      throw new UserError(folder + ": expected one picture for standard output, got a folder");
    }
    Path absolute = folder.toAbsolutePath().normalize();
    if (absolute.getFileName() == null) {
      throw new UserError(folder + ": expected a folder with a name, got the root — name another");
    }
    Path root;
    if (output == null) {
      root = absolute.resolveSibling(absolute.getFileName() + added);
      root = folder.isAbsolute() ? root : Path.of("").toAbsolutePath().relativize(root);
    } else {
      root = alone ? Path.of(output) : Path.of(output).resolve(absolute.getFileName());
    }
    requireNoFile(root);
    if (Cleaning.isSame(folder, root)) {
      throw new UserError(
          folder + ": expected another folder to write to, got the same — change -o");
    }
    walk(folder, root);
  }

  private void walk(Path folder, Path root) {
    List<Path> files = new ArrayList<>();
    try {
      Files.walkFileTree(
          folder,
          EnumSet.of(FileVisitOption.FOLLOW_LINKS),
          Integer.MAX_VALUE,
          new Walk(folder, root, files));
    } catch (IOException e) {
      throw new UserError(folder + ": expected a readable folder, got " + Reason.of(e), e);
    }
    if (files.isEmpty()) {
      throw new UserError(folder + ": expected pictures in it, got none — name another folder");
    }
    files.sort(null);
    for (Path file : files) {
      addFound(folder, root, file);
    }
  }

  private void addFound(Path folder, Path root, Path file) {
    try {
      String name = named(file, "");
      // As bytes where it stays: they may be no letters of this locale.
      boolean same = name.equals(file.getFileName().toString());
      Path target = root.resolve(folder.relativize(file));
      target = same ? target : target.resolveSibling(name);
      if (Files.exists(target, LinkOption.NOFOLLOW_LINKS) && !overwrite) {
        skipped++;
      } else {
        Cleaning.format(target);
        take(file, target, !overwrite);
      }
    } catch (UserError e) {
      refused.add(e.getMessage());
    } catch (InvalidPathException e) {
      refused.add(unwritable(file.toString()));
    }
  }

  /// Finds pictures by their names; what is written to and what was written before is none.
  private final class Walk extends SimpleFileVisitor<Path> {
    private final Path folder;
    private final Path root;
    private final List<Path> found;

    private Walk(Path folder, Path root, List<Path> found) {
      this.folder = folder;
      this.root = root;
      this.found = found;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes attributes) {
      boolean ours = Cleaning.isSame(path, root) || FoundName.isResult(path, true);
      return !path.equals(folder) && (FoundName.isStray(path) || ours)
          ? FileVisitResult.SKIP_SUBTREE
          : FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path path, BasicFileAttributes attributes) {
      boolean picture = Format.ofName(path).filter(format -> format != Format.PDF).isPresent();
      if (attributes.isSymbolicLink() && !FoundName.isStray(path)) {
        refused.add(
            path
                + ": expected a file or a folder, got a link that leads nowhere — mend or remove it");
      }
      // A pipe would be waited for.
      if (picture
          && attributes.isRegularFile()
          && !FoundName.isStray(path)
          && !FoundName.isResult(path, false)) {
        found.add(path);
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path path, IOException e) {
      // A link to a folder above: its pictures are found there.
      if (!(e instanceof FileSystemLoopException)) {
        refused.add(path + ": expected a readable folder, got " + Reason.of(e));
      }
      return FileVisitResult.CONTINUE;
    }
  }
}
