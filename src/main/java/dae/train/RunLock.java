package dae.train;

import dae.UserError;
import dae.file.PlainFile;
import dae.file.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;

/// Keeps a run's folder for one process. What counts is the lock on the open file, which the system
/// takes back however the process ends; the file itself stays, and says who had it last.
///
/// No other stream of this process may read the file: on many systems closing it would give the
/// lock back.
public final class RunLock implements Listener, AutoCloseable {
  static final String FILE_NAME = "run.lock";

  /// What the file says is shorter; behind it is what is locked, so that others can read it.
  private static final int TEXT = 256;

  private static final Path HOST = Path.of("/proc/sys/kernel/hostname");

  private final RunFolder folder;
  private FileChannel channel;
  private Object key;

  private RunLock(RunFolder folder, FileChannel channel) throws IOException {
    this.folder = folder;
    this.channel = channel;
    key = key(file(folder));
  }

  private static Path file(RunFolder folder) {
    return folder.path().resolve(FILE_NAME);
  }

  /// What tells a file from one that took its name later; null where the system has no such thing.
  private static Object key(Path file) throws IOException {
    return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
  }

  /// Takes the folder.
  ///
  /// @param folder there already
  /// @throws UserError naming the process that has it, or if it cannot be locked
  public static RunLock take(RunFolder folder) {
    Path file = file(folder);
    // A FIFO would be waited for, a link leads elsewhere.
    if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)
        && !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new UserError(file + ": expected a plain file, got another — remove it");
    }
    FileChannel channel = null;
    try {
      channel =
          FileChannel.open(
              file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      if (!isLocked(channel)) {
        throw new UserError(
            "%s: expected a run that nobody trains, got one that %s trains — wait for its end, or end it"
                .formatted(folder.path(), holder(channel)));
      }
      write(channel);
      return new RunLock(folder, channel);
    } catch (IOException e) {
      close(channel);
      throw new UserError(
          "%s: expected a folder that can be written to and locked, got %s — train in another"
              .formatted(folder.path(), Reason.of(e)),
          e);
    } catch (RuntimeException e) {
      close(channel);
      throw e;
    }
  }

  private static boolean isLocked(FileChannel channel) throws IOException {
    try {
      FileLock lock = channel.tryLock(TEXT, Long.MAX_VALUE - TEXT, false);
      return lock != null;
    } catch (OverlappingFileLockException thisProcess) {
      return false;
    }
  }

  private static String holder(FileChannel channel) throws IOException {
    ByteBuffer text = ByteBuffer.allocate(TEXT);
    channel.read(text, 0);
    String holder = StandardCharsets.UTF_8.decode(text.flip()).toString().strip();
    // Somebody else's file may say anything.
    return holder.matches("process \\d+ on [\\w.-]+") ? holder : "another process";
  }

  private static void write(FileChannel channel) throws IOException {
    String holder = "process %d on %s%n".formatted(ProcessHandle.current().pid(), host());
    ByteBuffer text = StandardCharsets.UTF_8.encode(holder);
    channel.truncate(0);
    while (text.hasRemaining()) {
      channel.write(text);
    }
  }

  /// Not asked of the network, which may take long to answer.
  private static String host() {
    try {
      return PlainFile.text(HOST).strip();
    } catch (IOException notLinux) {
      String name = System.getenv("COMPUTERNAME");
      return name == null ? "this-host" : name;
    }
  }

  private static void close(FileChannel channel) {
    try {
      if (channel != null) {
        channel.close();
      }
    } catch (IOException gone) {
      // So is the lock.
      return;
    }
  }

  /// Takes the folder again that a run has made anew, after somebody removed or moved it.
  ///
  /// @throws UserError if another process has it by now
  @Override
  public void saved(History history) {
    if (Files.isDirectory(folder.path()) && isGone()) {
      close();
      RunLock again = take(folder);
      channel = again.channel;
      key = again.key;
    }
  }

  private boolean isGone() {
    try {
      return !Objects.equals(key, key(file(folder)));
    } catch (IOException e) {
      return true;
    }
  }

  /// Gives the folder back.
  @Override
  public void close() {
    close(channel);
  }
}
