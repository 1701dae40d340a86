package dae.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/// Java's own messages are a path alone, the number of a byte, or nothing.
class ReasonTest {
  @TempDir private Path folder;

  private static String of(Executable fails) {
    return Reason.of(assertThrows(IOException.class, fails));
  }

  @Test
  void saysWhatTheSystemMeant() throws IOException {
    Path file = Files.write(folder.resolve("file"), new byte[] {(byte) 0xC3, 1});
    assertEquals("no such file", of(() -> Files.newInputStream(folder.resolve("none"))));
    assertEquals("a file of that name", of(() -> Files.createDirectories(file)));
    assertEquals("no folder", of(() -> Files.list(file)));
    assertEquals("bytes that are no text", of(() -> PlainFile.text(file)));
    assertEquals("a folder", of(() -> PlainFile.bytes(folder)));
  }

  @Test
  void neverSaysAPathAlone() {
    assertEquals("permission denied", Reason.of(new AccessDeniedException("x")));
    assertEquals("FileSystemException", Reason.of(new FileSystemException("x")));
    assertEquals(
        "no space", Reason.of(new UncheckedIOException(null, new IOException("no\n\tspace"))));
    assertEquals("IOException", Reason.of(new IOException()));
  }
}
