package dae.kernel.opencl;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/// Whether the JVM keeps its signals when a driver is loaded. To the JVM a SIGSEGV is an ordinary
/// null check; LLVM, which many drivers bring along, replaces the handler with one that resets
/// itself at its first use, and a second thread at a null check then ends the process without a
/// word. `libjsig.so` of the JDK, loaded before all else, hands such handlers what the JVM does not
/// want.
public final class SignalChaining {
  private static final String LIBRARY = "libjsig.so";

  private SignalChaining() {}

  /// Whether it is at work, or this system has no need of it.
  public static boolean active() {
    if (!needed()) {
      return true;
    }
    try {
      return new String(Files.readAllBytes(Path.of("/proc/self/maps")), StandardCharsets.ISO_8859_1)
          .contains("/" + LIBRARY);
    } catch (IOException unreadable) {
      return false;
    }
  }

  /// What `LD_PRELOAD` should name for this Java; empty where it has no such file, or needs none.
  public static Optional<Path> library() {
    return !needed()
        ? Optional.empty()
        : Stream.of("lib", "lib/server")
            .map(folder -> Path.of(System.getProperty("java.home"), folder, LIBRARY))
            .filter(Files::isRegularFile)
            // The linker takes colons and blanks for the end of a name.
            .filter(library -> !library.toString().matches(".*[: ].*"))
            .findFirst();
  }

  private static boolean needed() {
    return System.getProperty("os.name").equals("Linux");
  }
}
