package dae.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dae.UserError;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// One process per run.
class RunLockTest {
  @TempDir private Path folder;

  private String refused() {
    return assertThrows(UserError.class, () -> RunLock.take(new RunFolder(folder))).getMessage();
  }

  @Test
  void isGivenBack() {
    RunLock.take(new RunFolder(folder)).close();
    try (RunLock _ = RunLock.take(new RunFolder(folder))) {
      assertTrue(refused().contains("one that process " + ProcessHandle.current().pid() + " on "));
    }
    RunLock.take(new RunFolder(folder)).close();
  }

  @Test
  void anotherProcessIsNamedUntilItIsKilled() throws Exception {
    Process other =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Holder.class.getName(),
                "" + folder)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    assertEquals("taken", other.inputReader().readLine());
    String message = refused();
    assertTrue(message.contains("one that process " + other.pid() + " on "), message);
    assertEquals(1, message.lines().count());
    other.destroyForcibly();
    assertTrue(other.waitFor(60, TimeUnit.SECONDS));
    RunLock.take(new RunFolder(folder)).close();
  }

  @Test
  void aFolderThatWasRemovedIsTakenAgain() throws Exception {
    Path file = folder.resolve(RunLock.FILE_NAME);
    RunFolder run = new RunFolder(folder);
    History none = new History();
    try (RunLock lock = RunLock.take(run)) {
      Files.delete(file);
      lock.saved(none);
      assertTrue(refused().contains("one that process " + ProcessHandle.current().pid() + " on "));
      Files.delete(file);
      try (RunLock _ = RunLock.take(run)) {
        assertThrows(UserError.class, () -> lock.saved(none));
      }
      lock.saved(none);
      Files.delete(file);
      Files.delete(folder);
      lock.saved(none);
      assertFalse(Files.exists(folder));
      Files.createDirectory(folder);
    }
    RunLock.take(run).close();
  }

  @Test
  void whatLiesThereIsNotBelieved() throws Exception {
    Path file = folder.resolve(RunLock.FILE_NAME);
    Files.createDirectory(file);
    assertTrue(refused().endsWith("expected a plain file, got another — remove it"));
    Files.delete(file);
    try (RunLock _ = RunLock.take(new RunFolder(folder))) {
      Process forger =
          new ProcessBuilder("sh", "-c", "printf '\\033]0;x\\007' > \"$0\"", "" + file).start();
      assertEquals(0, forger.waitFor());
      assertFalse(refused().contains("\033"));
      assertTrue(refused().contains("another process trains"), refused());
    }
    assertEquals(List.of(file), Files.list(folder).toList());
  }

  /// Takes a folder and keeps it.
  static final class Holder {
    private Holder() {}

    public static void main(String[] args) throws InterruptedException {
      try (RunLock _ = RunLock.take(new RunFolder(Path.of(args[0])))) {
        System.out.println("taken");
        Thread.sleep(600_000);
      }
    }
  }
}
