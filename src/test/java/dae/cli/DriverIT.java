package dae.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dae.image.Picture;
import dae.image.Png;
import dae.kernel.opencl.SignalChaining;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The packaged jar beside OpenCL drivers that abort, take over signals, or cannot be loaded.
class DriverIT {
  private static final String JAR = System.getProperty("dae.jar");

  @TempDir private Path folder;
  private Path picture;
  private int runs;

  private record Ended(int exitCode, String out, String err) {}

  @BeforeEach
  void draw() throws IOException {
    picture = folder.resolve("picture.png");
    float[] pixels = new float[16 * 16 * 3];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = i * 37 % 256 / 255f;
    }
    Png.write(new Picture(16, 16, pixels, null), picture);
  }

  private Ended run(Map<String, String> environment, List<String> command) throws Exception {
    Path out = folder.resolve("out" + runs);
    Path err = folder.resolve("err" + runs++);
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
    builder.environment().remove("LD_PRELOAD");
    builder.environment().putAll(environment);
    Process process = builder.start();
    try {
      assertTrue(process.waitFor(120, TimeUnit.SECONDS), "still running: " + command);
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
    return new Ended(
        process.exitValue(),
        Files.readString(out),
        Files.readString(err).replaceAll("WARNING: Using incubator.*\\R", ""));
  }

  /// Through the launcher, or else as a program that knows nothing of it starts the engine.
  private List<String> java(boolean launcher, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Ddae.cache=" + folder.resolve("cache"));
    command.addAll(
        launcher
            ? List.of("-jar", JAR)
            : List.of(
                "--add-modules=jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                JAR,
                "dae.cli.Main"));
    command.addAll(List.of(arguments));
    return command;
  }

  private List<String> denoise(boolean launcher, String backend, String to) {
    return java(
        launcher, "denoise", "" + picture, "-o", "" + folder.resolve(to), "--backend", backend);
  }

  private String openClOf(Ended doctor) {
    assertEquals(0, doctor.exitCode, doctor.err);
    return doctor.out.lines().filter(line -> line.startsWith("opencl ")).findFirst().orElseThrow();
  }

  private static boolean has(String... command) throws InterruptedException {
    try {
      return new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void aDriverThatAbortsChangesNothing() throws Exception {
    assumeTrue(new File("/proc/self").exists(), "skipped: drivers are found otherwise here");
    assumeTrue(has("gcc", "--version"), "skipped: no gcc to compile a driver with");
    Path source = folder.resolve("driver.c");
    Path library = folder.resolve("libdriver.so");
    Files.writeString(
        source,
        """
        void abort(void);
        void *clGetExtensionFunctionAddress(const char *name) { abort(); }
        int clIcdGetPlatformIDsKHR(unsigned n, void *platforms, unsigned *count) { abort(); }
        """);
    assertTrue(
        has("gcc", "-shared", "-fPIC", "-nostdlib", "-o", "" + library, "" + source),
        "does not compile");
    Path vendors = Files.createDirectory(folder.resolve("vendors"));
    Files.writeString(vendors.resolve("broken.icd"), library + "\n");
    Map<String, String> broken = Map.of("OCL_ICD_VENDORS", "" + vendors);

    String line = openClOf(run(broken, java(true, "doctor", "--backend", "simd")));
    assumeTrue(!line.contains("no loader library"), "skipped: no OpenCL loader");
    assertTrue(line.contains("died (exit code 134, SIGABRT)"), line);

    Ended simd = run(broken, denoise(true, "simd", "simd.png"));
    Ended auto = run(broken, denoise(true, "auto", "auto.png"));
    assertEquals(0, auto.exitCode, auto.err);
    assertEquals(simd.err, auto.err);
    assertArrayEquals(
        Files.readAllBytes(folder.resolve("simd.png")),
        Files.readAllBytes(folder.resolve("auto.png")));

    Ended asked = run(broken, denoise(true, "opencl", "opencl.png"));
    assertEquals(2, asked.exitCode, asked.err);
    assertTrue(asked.err.contains("SIGABRT") && asked.err.lines().count() == 1, asked.err);
  }

  /// The handler that a driver installs instead of the JVM's resets itself at its first use; the
  /// trace shows it, where a crash would take hundreds of runs.
  @Test
  void noDriverTakesTheSignalsOfAWorkingProcess() throws Exception {
    assumeTrue(has("strace", "-V"), "skipped: no strace to see signals with");
    assumeTrue(
        has("strace", "-e", "trace=rt_sigaction", "true"), "skipped: strace is not allowed here");
    assumeTrue(SignalChaining.library().isPresent(), "skipped: this Java has no libjsig.so");
    String line = openClOf(run(Map.of(), java(true, "doctor", "--backend", "simd")));
    assumeTrue(line.matches("opencl +\\d+\\.\\d+ .*"), "skipped: " + line);
    assumeTrue(
        takesSignals(denoise(false, "opencl", "control.png")),
        "skipped: the driver of " + line + " leaves the JVM's signals alone");

    assertFalse(takesSignals(denoise(true, "opencl", "chained.png")), "libjsig is preloaded");
    for (int i = 0; i < 2; i++) {
      assertFalse(takesSignals(denoise(false, "auto", "auto" + i + ".png")), "no driver is loaded");
    }
  }

  private boolean takesSignals(List<String> command) throws Exception {
    Path trace = folder.resolve("trace" + runs);
    List<String> traced =
        new ArrayList<>(List.of("strace", "-f", "-e", "trace=rt_sigaction", "-o", "" + trace));
    traced.addAll(command);
    Ended ended = run(Map.of(), traced);
    assertEquals(0, ended.exitCode, ended.err);
    List<String> handlers =
        Files.readAllLines(trace, StandardCharsets.ISO_8859_1).stream()
            .filter(line -> line.contains("rt_sigaction(SIGSEGV, {"))
            .toList();
    assertFalse(handlers.isEmpty(), "the JVM's own is seen");
    return handlers.stream().anyMatch(line -> line.contains("SA_RESETHAND"));
  }

  @Test
  void aNativePartThatCannotBeLoadedHasItsReason() throws Exception {
    Path noexec = Files.createDirectory(folder.resolve("noexec"));
    List<String> inside =
        List.of(
            "unshare",
            "--map-root-user",
            "--mount",
            "sh",
            "-c",
            "mount -t tmpfs -o noexec tmpfs \"$0\" && exec \"$@\"",
            "" + noexec);
    List<String> nothing = new ArrayList<>(inside);
    nothing.add("true");
    assumeTrue(
        has(nothing.toArray(String[]::new)), "skipped: no folder can be mounted noexec here");
    List<String> doctor = new ArrayList<>(inside);
    doctor.addAll(java(true, "doctor", "--backend", "simd"));
    doctor.add(inside.size() + 1, "-Djava.io.tmpdir=" + noexec);
    String line = openClOf(run(Map.of(), doctor));
    assumeTrue(!line.contains("no loader library"), "skipped: no OpenCL loader");
    assertTrue(line.contains("failed to map segment from shared object"), line);
    assertTrue(line.contains("noexec"), line);
  }
}
