package dae.cli;

import java.io.File;

/// Commands to be copied from the screen into a shell.
final class Shell {
  private Shell() {}

  /// How this program was started: `java -jar PATH`.
  static String self() {
    String path = System.getProperty("java.class.path");
    boolean jar = path.endsWith(".jar") && !path.contains(File.pathSeparator);
    return "java -jar " + (jar ? quoted(path) : "dae-engine.jar");
  }

  /// The word as a shell reads it as one.
  static String quoted(String word) {
    return word.matches("[\\w@%+=:,./\\\\-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
  }
}
