package dae.kernel.opencl;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.Consumer;

/// Compiled programs on disk, named by the hash of all that decides them: source, options, device
/// and driver. The folder is made readable by its owner alone, because what lies in it is run.
///
/// The folder is the system property `dae.cache`, or else `dae-engine` in the user's cache folder.
/// One that cannot be used costs time and nothing else; this is reported once.
final class ProgramCache {
  private final Path folder;
  private final Consumer<String> warning;
  private boolean broken;

  ProgramCache(Path folder, Consumer<String> warning) {
    this.folder = folder;
    this.warning = warning;
  }

  static Path defaultFolder() {
    String given = System.getProperty("dae.cache");
    if (given != null) {
      return Path.of(given);
    }
    String xdg = System.getenv("XDG_CACHE_HOME");
    Path caches =
        xdg != null && !xdg.isEmpty()
            ? Path.of(xdg)
            : Path.of(System.getProperty("user.home"), ".cache");
    return caches.resolve("dae-engine");
  }

  /// Makes the folder, readable by its owner alone.
  static void create(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      Files.createDirectories(folder);
      if (folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
      }
    }
  }

  static String key(String... parts) {
    try {
      MessageDigest hash = MessageDigest.getInstance("SHA-256");
      for (String part : parts) {
        byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
        hash.update((bytes.length + ":").getBytes(StandardCharsets.UTF_8));
        hash.update(bytes);
      }
      return HexFormat.of().formatHex(hash.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  Optional<byte[]> find(String key) {
    Path file = file(key);
    try {
      return !broken && Files.exists(file)
          ? Optional.of(Files.readAllBytes(file))
          : Optional.empty();
    } catch (IOException e) {
      unusable(e);
      return Optional.empty();
    }
  }

  /// Written under another name first: a file is whole or absent.
  void keep(String key, byte[] bytes) {
    if (broken) {
      return;
    }
    try {
      create(folder);
      Path whole = Files.createTempFile(folder, key.substring(0, 8), ".tmp");
      Files.write(whole, bytes);
      Files.move(whole, file(key), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      unusable(e);
    }
  }

  void forget(String key) {
    try {
      Files.deleteIfExists(file(key));
    } catch (IOException e) {
      unusable(e);
    }
  }

  private void unusable(IOException e) {
    broken = true;
    warning.accept(
        "opencl: expected a cache folder that can be used, got %s — programs are compiled at every start; name another with -Ddae.cache=…"
            .formatted(e));
  }

  private Path file(String key) {
    return folder.resolve(key + ".bin");
  }
}
