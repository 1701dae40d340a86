package dae.file;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Symbolic links, where the system lets tests make them.
public final class Link {
  private Link() {}

  /// Makes one, or skips the test.
  public static void make(Path link, Path to) {
    try {
      Files.createSymbolicLink(link, to);
    } catch (IOException | UnsupportedOperationException e) {
      abort("no symbolic links here: " + e);
    }
  }
}
