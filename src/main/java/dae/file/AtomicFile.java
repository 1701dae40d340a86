package dae.file;

import java.io.BufferedOutputStream;
import java.io.FileOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Writes a file so that its name always stands for the whole old content or the whole new content:
/// a temporary file in the same folder, forced to the disk, renamed over the target, and the folder
/// forced to the disk as well.
public final class AtomicFile {
  private static final int BUFFER = 1 << 16;
  private static final String PREFIX = ".dae-";
  private static final String SUFFIX = ".tmp";
  private static final Pattern TEMPORARY =
      Pattern.compile(Pattern.quote(PREFIX) + ".{8}-.*" + Pattern.quote(SUFFIX));

  private static final Duration OLD = Duration.ofHours(1);

  /// What is done on the way to a new file, in this order.
  enum Step {
    CREATE,
    WRITE,
    SYNC,
    KEEP,
    MOVE
  }

  /// Asked before each step; a test lets one fail.
  @FunctionalInterface
  interface Disk {
    void before(Step step, Path file) throws IOException;
  }

  static volatile Disk disk = (step, file) -> {};

  /// Temporary files that are being written.
  private static final Set<Path> OPEN = ConcurrentHashMap.newKeySet();

  /// Targets that were free when they were asked for, and are not written yet.
  private static final Set<Path> RESERVED = ConcurrentHashMap.newKeySet();

  private AtomicFile() {}

  /// What goes into the file.
  @FunctionalInterface
  public interface Body {
    /// @param out the buffered stream to write to; closed by the caller
    void to(OutputStream out) throws IOException;
  }

  /// Asks for a name that nothing has yet, also no link that leads nowhere. If so, [#write] makes a
  /// new file of it, and replaces nothing that appears until then.
  ///
  /// @return whether it is free
  public static boolean reserve(Path target) {
    if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
      return false;
    }
    RESERVED.add(target.toAbsolutePath());
    return true;
  }

  /// Replaces `target` by what `body` writes, or leaves it untouched when anything fails. A
  /// symbolic link stays a link: what it points to is replaced. One that leads nowhere is not
  /// followed: the file takes its place.
  ///
  /// @throws IOException in one line, *cannot write TARGET: reason*
  public static void write(Path target, Body body) throws IOException {
    write(target, !RESERVED.contains(target.toAbsolutePath()), null, body);
    RESERVED.remove(target.toAbsolutePath());
  }

  /// The same, and the old content gets another name in the same folder, over what has it. Whenever
  /// it is cut short, at least one of both names stands for a whole file.
  ///
  /// @throws IOException in one line, *cannot write TARGET: reason*
  public static void write(Path target, Path before, Body body) throws IOException {
    write(target, true, before, body);
  }

  /// Writes a file that must not be there, also not when `body` is done: somebody else may have
  /// made it meanwhile.
  ///
  /// @throws IOException in one line, *cannot write TARGET: reason*
  public static void create(Path target, Body body) throws IOException {
    write(target, false, null, body);
  }

  /// Removes what writers that were killed have left in a folder and in those in it. Not where
  /// others may be writing.
  public static void sweep(Path folder) {
    sweep(folder, 2, Instant.MAX);
  }

  /// Removes what writers that were killed have left in a folder where others may be writing: what
  /// nobody has written to for an hour.
  public static void sweepOld(Path folder) {
    sweep(folder, 1, Instant.now().minus(OLD));
  }

  private static void sweep(Path folder, int depth, Instant before) {
    try (Stream<Path> left = Files.find(folder, depth, (file, is) -> isLeft(file, is, before))) {
      for (Path file : left.toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException | UncheckedIOException e) {
      // They are only in the way; the next start tries again.
      return;
    }
  }

  /// Removes what is being written, for a process that ends before its writers do.
  public static void discard() {
    for (Path temporary : OPEN) {
      try {
        Files.deleteIfExists(temporary);
      } catch (IOException e) {
        // It is only in the way.
        continue;
      }
    }
  }

  private static boolean isLeft(Path file, BasicFileAttributes is, Instant before) {
    return is.isRegularFile()
        && TEMPORARY.matcher(file.getFileName().toString()).matches()
        && is.lastModifiedTime().toInstant().isBefore(before);
  }

  private static void write(Path target, boolean overwrite, Path before, Body body)
      throws IOException {
    try {
      Path file = Files.exists(target) ? target.toRealPath() : target.toAbsolutePath();
      if (Files.exists(file) && !Files.isRegularFile(file)) {
        throw new IOException("it is not a regular file");
      }
      replace(file, overwrite, before, body);
    } catch (IOException e) {
      throw new IOException(
          "cannot write "
              + target
              + ": "
              + (e instanceof NoSuchFileException ? "no such folder" : Reason.of(e)),
          e);
    }
  }

  private static void replace(Path file, boolean overwrite, Path before, Body body)
      throws IOException {
    // A short name: the target's own may already be as long as the file system allows.
    Path temporary = file.resolveSibling(PREFIX + UUID.randomUUID() + SUFFIX);
    disk.before(Step.CREATE, file);
    OPEN.add(temporary);
    try {
      Files.createFile(temporary);
      if (temporary.toFile().exists()) {
        // Not a channel: an interrupt would close it, just when the thread saves its work.
        try (FileOutputStream raw = new FileOutputStream(temporary.toFile())) {
          write(body, raw, file);
          raw.getFD().sync();
        }
      } else {
        // A folder whose bytes are no letters of the locale: a File loses them, a Path does not.
        try (FileChannel raw = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
          write(body, Channels.newOutputStream(raw), file);
          raw.force(true);
        }
      }
      if (!overwrite) {
        claim(file, temporary);
      }
      if (before != null && Files.exists(file)) {
        keep(file, before);
      }
      disk.before(Step.MOVE, file);
      Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(temporary);
      OPEN.remove(temporary);
    }
    forceFolder(file.getParent());
  }

  private static void keep(Path file, Path before) throws IOException {
    disk.before(Step.KEEP, file);
    try {
      Files.deleteIfExists(before);
    } catch (DirectoryNotEmptyException e) {
      throw new IOException(before.getFileName() + " is a folder that is not empty", e);
    }
    try {
      Files.createLink(before, file);
    } catch (UnsupportedOperationException | IOException noLinks) {
      Files.move(file, before, StandardCopyOption.ATOMIC_MOVE);
    }
  }

  /// Gives the new content the name as well, which fails where the name is taken; to move it there
  /// would not. Where a file cannot have two names, it is looked at last thing before.
  private static void claim(Path file, Path temporary) throws IOException {
    try {
      Files.createLink(file, temporary);
    } catch (FileAlreadyExistsException e) {
      throw new IOException("it appeared meanwhile", e);
    } catch (UnsupportedOperationException | IOException e) {
      if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
        throw new IOException("it appeared meanwhile", e);
      }
    }
  }

  private static void write(Body body, OutputStream raw, Path file) throws IOException {
    OutputStream asked =
        new FilterOutputStream(raw) {
          @Override
          public void write(byte[] bytes, int from, int count) throws IOException {
            disk.before(Step.WRITE, file);
            raw.write(bytes, from, count);
          }
        };
    OutputStream out = new BufferedOutputStream(asked, BUFFER);
    body.to(out);
    out.flush();
    disk.before(Step.SYNC, file);
  }

  /// Makes the new name itself durable. Windows cannot open a folder and some network file systems
  /// cannot force one; the file is whole either way.
  private static void forceFolder(Path folder) {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException e) {
      return;
    }
  }
}
