package dae.launcher;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Paths;
import java.util.List;
import java.util.Map;

/// Lets the engine's process say every file name where the locale, `C` or `POSIX`, has ASCII's
/// letters alone. Java takes how names are written from the locale, once and for all at its start,
/// and no property changes it; so the engine's process gets another locale. Arguments cannot be
/// handed to it as they are: this JVM has lost their letters, and could not write them either. So
/// they come from Linux, as bytes, and go on in ASCII, as in an URL (`dae.cli.Arguments`).
final class Letters {
  /// Tells the engine that its arguments are written as in an URL.
  static final String ENCODED = "-Ddae.launcher.encoded=true";

  private static final String ASCII = "ANSI_X3.4-1968";
  private static final char LOST = '\uFFFD';

  private Letters() {}

  /// Whether the locale has no others than ASCII's, and it is Linux, where that can be mended.
  static boolean isPoor() {
    return System.getProperty("os.name").equals("Linux")
        && ASCII.equals(System.getProperty("sun.jnu.encoding"));
  }

  /// Gives a process all letters.
  static void enrich(Map<String, String> environment) {
    environment.put("LC_ALL", "C.UTF-8");
  }

  /// Whether an argument came without some of its letters.
  static boolean areLost(String[] args) {
    for (String arg : args) {
      if (arg.indexOf(LOST) >= 0) {
        return true;
      }
    }
    return false;
  }

  /// Adds the arguments as in an URL: the last of this process's words.
  ///
  /// @param count how many
  static void addEncoded(int count, List<String> command) throws IOException {
    byte[] line = Files.readAllBytes(Paths.get("/proc/self/cmdline"));
    String[] words = new String(line, StandardCharsets.UTF_8).split("\0", -1);
    // Each ends in a zero, the last one too.
    for (int i = words.length - 1 - count; i < words.length - 1; i++) {
      command.add(URLEncoder.encode(words[i], "UTF-8"));
    }
  }
}
