package dae.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// Runs the `main` of a test class in a fresh JVM: with options that a running JVM cannot take, or
/// with a JIT that has seen nothing else.
public final class OwnJvm {
  private OwnJvm() {}

  /// Fails, with all output, unless it ends well.
  public static void run(Class<?> main, List<String> options, String... arguments)
      throws IOException, InterruptedException {
    run(main, environment -> {}, options, arguments);
  }

  /// The same in another environment.
  public static void run(
      Class<?> main,
      Consumer<Map<String, String>> environment,
      List<String> options,
      String... arguments)
      throws IOException, InterruptedException {
    Path log = Files.createTempFile("test", ".log");
    String classes = System.getProperty("surefire.test.class.path");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx1g", "--add-modules", "jdk.incubator.vector"));
    command.addAll(options);
    command.addAll(
        List.of(
            "-cp",
            classes == null ? System.getProperty("java.class.path") : classes,
            main.getName()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    environment.accept(builder.environment());
    Process process = builder.start();
    try {
      boolean ended = process.waitFor(120, TimeUnit.SECONDS);
      String output = Files.readString(log);
      assertTrue(ended, () -> "took too long: " + output);
      assertEquals(0, process.exitValue(), output);
    } finally {
      process.destroyForcibly();
      Files.delete(log);
    }
  }
}
