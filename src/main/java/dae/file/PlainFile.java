package dae.file;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Reads files that have an end: a pipe that nobody writes to would wait for ever, a device may
/// give bytes without end.
public final class PlainFile {
  private PlainFile() {}

  /// @throws IOException when it cannot be opened, or is something else than a file
  public static InputStream open(Path path) throws IOException {
    if (Files.exists(path) && !Files.isRegularFile(path)) {
      throw new FileSystemException(path.toString(), null, other(path));
    }
    return Files.newInputStream(path);
  }

  /// What lies there instead of a file, in words.
  static String other(Path path) {
    return Files.isDirectory(path) ? "a folder" : "a pipe or a device";
  }

  /// All of it.
  ///
  /// @throws IOException as [#open] does
  public static byte[] bytes(Path path) throws IOException {
    try (InputStream in = open(path)) {
      return in.readAllBytes();
    }
  }

  /// All of it.
  ///
  /// @throws java.nio.charset.CharacterCodingException where that is no text in UTF-8
  /// @throws IOException as [#open] does
  public static String text(Path path) throws IOException {
    return text(path, StandardCharsets.UTF_8);
  }

  /// The same in another encoding.
  public static String text(Path path, Charset charset) throws IOException {
    return charset.newDecoder().decode(ByteBuffer.wrap(bytes(path))).toString();
  }
}
