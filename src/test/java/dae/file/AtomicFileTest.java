package dae.file;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {
  @TempDir Path folder;

  @Test
  void writesANewFileAndReplacesAnOldOne() throws IOException {
    Path target = folder.resolve("weights");
    byte[] large = new byte[200_001];
    large[200_000] = 7;
    AtomicFile.write(target, out -> out.write(new byte[] {1, 2, 3}));
    assertArrayEquals(new byte[] {1, 2, 3}, Files.readAllBytes(target));
    AtomicFile.write(target, out -> out.write(large));
    assertArrayEquals(large, Files.readAllBytes(target));
    assertOnly(target);
  }

  @Test
  void whatIsInTheWayOfTheOldOneIsNamedAndStays() throws IOException {
    Path target = Files.write(folder.resolve("state"), new byte[] {1});
    Path before = Files.createDirectory(folder.resolve("before"));
    Path own = Files.write(before.resolve("own"), new byte[] {2});
    IOException refused =
        assertThrows(
            IOException.class, () -> AtomicFile.write(target, before, out -> out.write(3)));
    assertEquals(
        "cannot write " + target + ": before is a folder that is not empty", refused.getMessage());
    assertArrayEquals(new byte[] {1}, Files.readAllBytes(target));
    assertTrue(Files.exists(own));
  }

  @Test
  void aFileThatAppearsMeanwhileStays() throws IOException {
    Path target = folder.resolve("picture");
    IOException refused =
        assertThrows(
            IOException.class,
            () ->
                AtomicFile.create(
                    target,
                    out -> {
                      out.write(1);
                      Files.write(target, new byte[] {9});
                    }));
    assertTrue(refused.getMessage().contains("meanwhile"), refused.getMessage());
    assertArrayEquals(new byte[] {9}, Files.readAllBytes(target));
    assertOnly(target);
    Path other = folder.resolve("other");
    AtomicFile.create(other, out -> out.write(5));
    assertArrayEquals(new byte[] {5}, Files.readAllBytes(other));
    Files.delete(other);
    assertOnly(target);
  }

  @Test
  void aProcessThatEndsLeavesNothingHalfWritten() throws IOException {
    Path target = folder.resolve("picture");
    assertThrows(
        IOException.class,
        () ->
            AtomicFile.write(
                target,
                out -> {
                  out.write(new byte[100_000]);
                  assertEquals(1, listed());
                  AtomicFile.discard();
                  assertEquals(0, listed());
                }));
    assertEquals(0, listed());
  }

  @Test
  void whatKilledWritersLeftIsRemovedOnceItIsOld() throws IOException {
    Path left = Files.createFile(folder.resolve(".dae-2794b2e6-15a7-46c0-88de-032555d63995.tmp"));
    Path other = Files.createFile(folder.resolve(".dae-mine.tmp"));
    AtomicFile.sweepOld(folder);
    assertTrue(Files.exists(left), "somebody may be writing it");
    FileTime old = FileTime.from(Instant.now().minus(Duration.ofMinutes(61)));
    Files.setLastModifiedTime(left, old);
    Files.setLastModifiedTime(other, old);
    AtomicFile.sweepOld(folder);
    assertOnly(other);
  }

  private long listed() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.count();
    }
  }

  @Test
  void aFullDiskLeavesTheOldFileAndNothingElse() throws IOException {
    Path target = folder.resolve("weights");
    Files.writeString(target, "old");
    IOException e =
        assertThrows(
            IOException.class,
            () ->
                AtomicFile.write(
                    target,
                    out -> {
                      out.write(new byte[100_000]);
                      throw new IOException("No space left on device");
                    }));
    assertEquals("cannot write " + target + ": No space left on device", e.getMessage());
    assertEquals("old", Files.readString(target));
    assertOnly(target);
  }

  @Test
  void aBugInTheBodyLeavesTheOldFileAndNothingElse() throws IOException {
    Path target = folder.resolve("weights");
    Files.writeString(target, "old");
    assertThrows(
        IllegalStateException.class,
        () ->
            AtomicFile.write(
                target,
                out -> {
                  out.write(1);
                  throw new IllegalStateException();
                }));
    assertEquals("old", Files.readString(target));
    assertOnly(target);
  }

  @Test
  void theOldFileIsThereUntilTheNewOneIsComplete() throws IOException {
    Path target = folder.resolve("weights");
    Files.writeString(target, "old");
    AtomicFile.write(
        target,
        out -> {
          out.write(new byte[100_000]);
          assertEquals("old", Files.readString(target));
        });
    assertEquals(100_000, Files.size(target));
  }

  @Test
  void savesInAnInterruptedThread() throws IOException {
    Path target = folder.resolve("weights");
    Thread.currentThread().interrupt();
    try {
      AtomicFile.write(target, out -> out.write(5));
    } finally {
      assertTrue(Thread.interrupted());
    }
    assertArrayEquals(new byte[] {5}, Files.readAllBytes(target));
  }

  @Test
  void permissionsAreThoseOfAnyNewFile() throws IOException {
    assumeTrue(
        Files.getFileStore(folder).supportsFileAttributeView("posix"), "no POSIX permissions here");
    Path ordinary = Files.createFile(folder.resolve("ordinary"));
    Path target = folder.resolve("weights");
    AtomicFile.write(target, out -> out.write(5));
    assertEquals(Files.getPosixFilePermissions(ordinary), Files.getPosixFilePermissions(target));
  }

  @Test
  void aLinkStaysALink() throws IOException {
    Path real = Files.writeString(folder.resolve("real"), "old");
    Path link = folder.resolve("link");
    Link.make(link, real);
    AtomicFile.write(link, out -> out.write('n'));
    assertTrue(Files.isSymbolicLink(link));
    assertEquals("n", Files.readString(real));
  }

  @Test
  void aLinkThatLeadsNowhereIsNotFollowed() throws IOException {
    Path nowhere = folder.resolve("nowhere");
    Path link = folder.resolve("link");
    Link.make(link, nowhere);
    assertFalse(AtomicFile.reserve(link));
    assertThrows(IOException.class, () -> AtomicFile.create(link, out -> out.write('n')));
    assertTrue(Files.isSymbolicLink(link));
    AtomicFile.write(link, out -> out.write('n'));
    assertFalse(Files.exists(nowhere));
    assertEquals("n", Files.readString(link));
  }

  @Test
  void aReservedNameReplacesNothing() throws IOException {
    Path target = folder.resolve("table");
    assertTrue(AtomicFile.reserve(target));
    Files.writeString(target, "another's");
    for (int i = 0; i < 2; i++) {
      assertTrue(failure(target).contains("meanwhile"));
      assertEquals("another's", Files.readString(target));
    }
    Files.delete(target);
    AtomicFile.write(target, out -> out.write('a'));
    AtomicFile.write(target, out -> out.write('b'));
    assertEquals("b", Files.readString(target));
  }

  @Test
  void theLongestNameFits() throws IOException {
    Path target = folder.resolve("n".repeat(255));
    AtomicFile.write(target, out -> out.write(5));
    assertEquals(1, Files.size(target));
  }

  @Test
  void saysInOneLineWhyItCannotWrite() {
    Path nowhere = folder.resolve("none").resolve("weights");
    assertEquals("cannot write " + nowhere + ": no such folder", failure(nowhere));
    assertFalse(Files.exists(nowhere.getParent()));
    assertEquals("cannot write " + folder + ": it is not a regular file", failure(folder));
  }

  private static String failure(Path target) {
    return assertThrows(IOException.class, () -> AtomicFile.write(target, out -> out.write(5)))
        .getMessage();
  }

  private void assertOnly(Path target) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(List.of(target), files.toList());
    }
  }
}
