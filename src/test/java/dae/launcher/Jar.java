package dae.launcher;

import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/// The packaged jar as the tests start it: the program itself, or its launcher with a stand-in
/// behind it.
final class Jar {
  static final Path PATH = Path.of(System.getProperty("dae.jar"));
  static final String JAVA = java(Path.of(System.getProperty("java.home")));

  record Ended(int exitCode, String out, String err) {}

  private Jar() {}

  /// Compiles the stand-in for `dae.cli.Main` into a folder to put in front of the jar.
  static Path compileStandIn(Path folder) throws IOException {
    Path source = Files.createDirectories(folder.resolve("dae/cli")).resolve("Main.java");
    try (InputStream in = Jar.class.getResourceAsStream("/launcher/Main.java.txt")) {
      Files.copy(in, source);
    }
    int failed =
        ToolProvider.getSystemJavaCompiler()
            .run(null, null, null, "-cp", PATH.toString(), source.toString());
    if (failed != 0) {
      throw new IllegalStateException("the stand-in does not compile");
    }
    return folder;
  }

  /// The launcher's command line with the stand-in behind it, for [#run] and for `terminal.py`.
  static List<String> standIn(Path folder, String java, List<String> options, String... args) {
    List<String> command = new ArrayList<>(List.of(java));
    command.addAll(options);
    command.addAll(List.of("-cp", folder + File.pathSeparator + PATH, "dae.launcher.Launcher"));
    command.addAll(List.of(args));
    return command;
  }

  static ProcessBuilder process(List<String> command) {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder
        .environment()
        .keySet()
        .removeIf(name -> name.matches("_?JAVA_.*|JDK_JAVA_OPTIONS|LD_PRELOAD"));
    return builder;
  }

  static Ended run(List<String> command) throws Exception {
    return run(process(command), "");
  }

  static Ended run(ProcessBuilder builder, String stdin) throws Exception {
    Path out = Files.createTempFile("dae", ".out");
    Path err = Files.createTempFile("dae", ".err");
    try {
      Process process = builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
      try (var to = process.getOutputStream()) {
        to.write(stdin.getBytes(StandardCharsets.UTF_8));
      }
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        throw new IllegalStateException("still running: " + builder.command());
      }
      return new Ended(process.exitValue(), Files.readString(out), Files.readString(err));
    } finally {
      Files.delete(out);
      Files.delete(err);
    }
  }

  /// An installed `java` that is too old for the engine; the test is skipped where there is none.
  static String oldJava() throws IOException {
    Path folder = Path.of("/usr/lib/jvm");
    assumeTrue(Files.isDirectory(folder), "skipped: no /usr/lib/jvm to look for an older Java in");
    try (Stream<Path> homes = Files.list(folder)) {
      for (Path home : homes.sorted().toList()) {
        Properties release = new Properties();
        Path file = home.resolve("release");
        if (Files.isRegularFile(file) && Files.isExecutable(Path.of(java(home)))) {
          try (InputStream in = Files.newInputStream(file)) {
            release.load(in);
          }
          String version = release.getProperty("JAVA_VERSION", "99").replace("\"", "");
          if (Integer.parseInt(version.split("[^0-9]+")[0]) < 25) {
            return java(home);
          }
        }
      }
    }
    return abort("skipped: no Java older than 25 is installed");
  }

  private static String java(Path home) {
    return home.resolve("bin/java").toString();
  }
}
