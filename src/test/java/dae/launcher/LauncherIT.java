package dae.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dae.image.Picture;
import dae.image.Png;
import dae.kernel.simd.SimdBackend;
import dae.launcher.Jar.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Which Java the launcher takes, and what of the first one reaches the second.
class LauncherIT {
  @TempDir static Path folder;
  private static Path standIn;

  @BeforeAll
  static void compile() throws IOException {
    standIn = Jar.compileStandIn(folder.resolve("stand in"));
  }

  private static Ended launch(List<String> options, String... args) throws Exception {
    return Jar.run(Jar.standIn(standIn, Jar.JAVA, options, args));
  }

  @Test
  void jarNeedsNoFlags() throws Exception {
    Ended ended = Jar.run(List.of(Jar.JAVA, "-jar", Jar.PATH.toString(), "--version"));
    assertEquals(0, ended.exitCode(), ended.err());
    assertTrue(ended.out().matches("dae-engine \\d+\\.\\d+\\.\\d+ \\(Java .*\\)\\R"), ended.out());
  }

  @Test
  void numbersHaveTheirPlainDigitsInEveryCountry() throws Exception {
    Ended ended =
        Jar.run(
            List.of(
                Jar.JAVA,
                "-Duser.language=ar",
                "-Duser.country=EG",
                "-jar",
                "" + Jar.PATH,
                "doctor"));
    assertEquals(0, ended.exitCode(), ended.err());
    assertTrue(ended.out().matches("(?s).*heap of at most [0-9]+ MiB\n.*"), ended.out());
  }

  @Test
  void anOlderJavaStartsTheJar() throws Exception {
    ProcessBuilder builder =
        Jar.process(List.of(Jar.oldJava(), "-jar", Jar.PATH.toString(), "--version"));
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    Ended ended = Jar.run(builder, "");
    assertEquals(0, ended.exitCode(), ended.err());
    assertTrue(ended.out().contains("(Java " + Runtime.version().feature()), ended.out());
  }

  @Test
  void relaunchHasTheModuleNativeAccessAndASmallYoungGeneration() throws Exception {
    Ended ended = launch(List.of(), "jvm");
    assertEquals(0, ended.exitCode(), ended.err());
    assertTrue(ended.out().contains("vectors true\nnatives true"), ended.out());
    assertTrue(ended.out().contains("-XX:+UseSerialGC, -Xmn16m"), ended.out());
    assertTrue(ended.out().contains("-XX:TrimNativeHeapInterval="), ended.out());
    assertFalse(ended.out().contains("launcher null"), ended.out());
  }

  @Test
  void relaunchCompilesTheKernelsFirst() throws Exception {
    Ended ended = launch(List.of(), "jvm");
    String kernels = "," + SimdBackend.class.getPackageName() + ".*::*,";
    assertTrue(ended.out().contains("BackgroundCompilation" + kernels + "false"), ended.out());
    assertTrue(ended.out().contains("-XX:ObjectAlignmentInBytes=64"), ended.out());
    assertTrue(ended.out().contains("CompileThresholdScaling" + kernels + "0.03"), ended.out());
  }

  @Test
  void cleaningCompilesOnTwoProcessorsAsOnFour() throws Exception {
    String three = "-XX:CICompilerCount=3";
    assertTrue(launch(List.of("-XX:ActiveProcessorCount=2"), "denoise").out().contains(three));
    assertFalse(launch(List.of("-XX:ActiveProcessorCount=4"), "denoise").out().contains(three));
    assertFalse(launch(List.of("-XX:ActiveProcessorCount=2"), "jvm").out().contains(three));
  }

  @Test
  void aSuitableJvmIsNotRelaunched() throws Exception {
    Ended ended =
        launch(
            List.of("--add-modules=jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED"),
            "jvm");
    assertEquals(0, ended.exitCode(), ended.err());
    assertTrue(ended.out().contains("launcher null"), ended.out());
  }

  @Test
  void argumentsArriveUnchanged() throws Exception {
    // Without a UTF-8 locale no Java gets such a word whole.
    String word = System.getProperty("sun.jnu.encoding").equals("UTF-8") ? "ünïcode" : "ascii";
    String[] args = {"arguments", "two words", "a\"b", "it's", "", "*", "@file", "\\", word};
    Ended ended = launch(List.of(), args);
    assertEquals(Arrays.asList(args) + System.lineSeparator(), ended.out(), ended.err());
  }

  @Test
  void stdinReachesTheEngine() throws Exception {
    String text = "line\n".repeat(50_000);
    Ended ended = Jar.run(Jar.process(Jar.standIn(standIn, Jar.JAVA, List.of(), "copy")), text);
    assertEquals(text, ended.out());
  }

  @Test
  void exitCodesArePassedOn() throws Exception {
    for (int code : new int[] {0, 1, 2, 42, 130}) {
      assertEquals(code, launch(List.of(), "exit", "" + code).exitCode());
    }
  }

  @Test
  void theUsersOwnJvmOptionsAreCarried() throws Exception {
    Ended ended = launch(List.of("-Xmx300m", "-Dsome.name=two words"), "jvm");
    assertTrue(ended.out().contains("-Dsome.name=two words"), ended.out());
    assertTrue(ended.out().matches("(?s).*heap (29\\d|300)\n.*"), ended.out());
  }

  @Test
  void theUsersCollectorReplacesOurs() throws Exception {
    Ended ended = launch(List.of("-XX:+UseParallelGC"), "jvm");
    assertEquals(0, ended.exitCode(), ended.err());
    assertFalse(ended.out().contains("SerialGC"), ended.out());

    ProcessBuilder inherited = Jar.process(Jar.standIn(standIn, Jar.JAVA, List.of(), "jvm"));
    inherited.environment().put("JAVA_TOOL_OPTIONS", "-XX:+UseParallelGC '-Dsome.name=two words'");
    ended = Jar.run(inherited, "");
    assertEquals(0, ended.exitCode(), ended.err());
    assertFalse(ended.out().contains("SerialGC"), ended.out());
    assertEquals(2, ended.out().split("some.name", -1).length, "given once: " + ended.out());
  }

  /// As an installation sets them for all its programs, to which ours must give way.
  @ParameterizedTest
  @ValueSource(strings = {"JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS"})
  void whatTheEnvironmentSetsWins(String variable) throws Exception {
    long whole = heap(launch(List.of(), "jvm"));
    ProcessBuilder builder = Jar.process(Jar.standIn(standIn, Jar.JAVA, List.of(), "jvm"));
    builder
        .environment()
        .put(
            variable,
            "-XX:MaxRAMPercentage=25 -XX:ObjectAlignmentInBytes=8 -XX:TrimNativeHeapInterval=500"
                + " -XX:-UseTransparentHugePages");
    Ended ended = Jar.run(builder, "");
    assertEquals(0, ended.exitCode(), ended.err());
    assertEquals(whole * 25.0 / 70, heap(ended), 32, ended.out());
    for (String ours :
        List.of("=70", "Alignment.*=64", "Interval=1000", "\\+UseTransparentHugePages")) {
      assertFalse(Pattern.compile(ours).matcher(ended.out()).find(), ours + ": " + ended.out());
    }
    assertTrue(ended.out().contains("-Xmn16m"), "the rest is left: " + ended.out());
  }

  /// Not where they stand alone, but in a file, and not where one begins like the other.
  @Test
  void whatTheEnvironmentSetsIsReadAsTheJvmReadsIt() throws Exception {
    Path file = folder.resolve("options");
    Files.writeString(file, "-XX:MaxRAMPercentage=25 -XX:ObjectAlignmentInBytes=8\n");
    long whole = heap(launch(List.of(), "jvm"));
    for (String[] set :
        new String[][] {
          {"JAVA_TOOL_OPTIONS", "-XX:VMOptionsFile=" + file}, {"JDK_JAVA_OPTIONS", "@" + file}
        }) {
      ProcessBuilder builder = Jar.process(Jar.standIn(standIn, Jar.JAVA, List.of(), "jvm"));
      builder.environment().put(set[0], set[1]);
      assertEquals(whole * 25.0 / 70, heap(Jar.run(builder, "")), 32, set[1]);
    }
    ProcessBuilder builder =
        Jar.process(Jar.standIn(standIn, Jar.JAVA, List.of("-Xmx314572800"), "jvm"));
    builder.environment().put("JAVA_TOOL_OPTIONS", "-Xmx3145728000");
    assertEquals(300, heap(Jar.run(builder, "")), 10);
  }

  private static long heap(Ended jvm) {
    return jvm.out()
        .lines()
        .filter(line -> line.startsWith("heap "))
        .mapToLong(line -> Long.parseLong(line.substring(5)))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void signalsAreChainedWhereADriverMayBeLoaded() throws Exception {
    Path library = Path.of(System.getProperty("java.home"), "lib", "libjsig.so");
    assumeTrue(Files.exists(library), "skipped: this Java has no libjsig.so");
    String preload = "preload " + library + "\n";
    assertTrue(launch(List.of(), "jvm").out().contains(preload));
    assertTrue(launch(List.of(), "jvm", "--backend", "opencl").out().contains(preload));
    for (String backend : List.of("simd", "scalar")) {
      String two = launch(List.of(), "jvm", "--backend", backend).out();
      String one = launch(List.of(), "jvm", "--backend=" + backend).out();
      assertTrue(two.contains("preload null\n"), two);
      assertTrue(one.contains("preload null\n"), one);
    }

    ProcessBuilder builder = Jar.process(Jar.standIn(standIn, Jar.JAVA, List.of(), "jvm"));
    builder.environment().put("LD_PRELOAD", "libc.so.6");
    String both = Jar.run(builder, "").out();
    assertTrue(both.contains("preload libc.so.6:" + library + "\n"), both);
  }

  @Test
  void withoutASuitableJdkOneLineSaysWhatToInstall() throws Exception {
    ProcessBuilder builder =
        Jar.process(Jar.standIn(standIn, Jar.oldJava(), List.of("-Ddae.jdks=" + folder), "jvm"));
    builder.environment().put("PATH", folder.toString());
    Ended ended = Jar.run(builder, "");
    assertEquals(2, ended.exitCode());
    assertEquals("", ended.out());
    assertTrue(
        ended.err().matches("dae-engine: expected a JDK 25\\.0\\.3 or newer, got Java .*\\R"),
        ended.err());
  }

  @Test
  void aFolderThatTheLocaleCannotWriteIsOneLine() throws Exception {
    // The name's bytes come from the shell, because this JVM may be in such a locale itself.
    String inside =
        "name=$(printf 'f\\303\\274r'); mkdir -p \"$1/$name\"; cd \"$1/$name\"; shift; exec \"$@\"";
    List<String> command = new ArrayList<>(List.of("sh", "-c", inside, "sh", "" + folder));
    command.addAll(Jar.standIn(standIn, Jar.oldJava(), List.of(), "arguments"));
    ProcessBuilder builder = Jar.process(command);
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().put("LC_ALL", "C");
    Ended ended = Jar.run(builder, "");
    if (ended.exitCode() != 0) { // a Java of 18 to 24 can do it
      assertEquals(2, ended.exitCode(), ended.err());
      assertTrue(
          ended.err().matches("dae-engine: expected a locale .*set LC_ALL=C.UTF-8\\R"),
          ended.err());
    }
  }

  @Test
  void argumentsBeyondAsciiArriveInALocaleWithoutThem() throws Exception {
    assumeTrue(System.getProperty("os.name").equals("Linux"), "skipped: Linux alone can do it");
    Ended ended = inAscii("f\\303\\274r+ %\\360\\237\\230\\200", standIn("arguments"));
    assertEquals("[arguments, a b, für+ %😀]\n", ended.out(), ended.err());
  }

  @Test
  void picturesOfAnyNameAreCleanedInALocaleWithoutIt() throws Exception {
    assumeTrue(System.getProperty("os.name").equals("Linux"), "skipped: Linux alone can do it");
    Path pictures = Files.createDirectory(folder.resolve("pictures"));
    Png.write(new Picture(8, 8, new float[8 * 8 * 3], null), pictures.resolve("a.png"));
    String name = "Gr\\303\\274\\303\\237e\\360\\237\\230\\200";
    String move = "mkdir \"$1/$name\"; mv \"$1/a.png\" \"$1/$name/$name.png\"; cd \"$1\"; shift; ";
    String clean =
        "\"$@\" --backend simd --strength 1 \"$name/$name.png\" -o \"$name/$name.bmp\" || exit;"
            + " \"$@\" --backend simd --strength 1 \"$name\" -o \"to $name\"";
    List<String> command =
        List.of(
            "sh",
            "-c",
            named(name) + move + clean,
            "sh",
            "" + pictures,
            Jar.JAVA,
            "-jar",
            "" + Jar.PATH,
            "denoise");
    Ended ended = inAscii(command);
    assertEquals(0, ended.exitCode(), ended.err());
    String to = "Grüße😀";
    assertEquals("%1$s/%1$s.bmp\nto %1$s/%1$s.bmp\nto %1$s/%1$s.png\n".formatted(to), ended.out());
  }

  private static String named(String octal) {
    // The bytes come from the shell, because this JVM may be in such a locale itself.
    return "name=$(printf '" + octal.replace("%", "%%") + "'); ";
  }

  private static List<String> standIn(String... args) {
    return Jar.standIn(standIn, Jar.JAVA, List.of(), args);
  }

  private static Ended inAscii(String octal, List<String> command) throws Exception {
    List<String> shell =
        new ArrayList<>(List.of("sh", "-c", named(octal) + "exec \"$@\" 'a b' \"$name\"", "sh"));
    shell.addAll(command);
    return inAscii(shell);
  }

  private static Ended inAscii(List<String> command) throws Exception {
    ProcessBuilder builder = Jar.process(command);
    builder.environment().put("LC_ALL", "C");
    return Jar.run(builder, "");
  }

  @Test
  void anEarly25WarnsAndDoesWithoutOpenCl() throws Exception {
    Path jdks = pretend("early", "25.0.1");
    ProcessBuilder builder =
        Jar.process(Jar.standIn(standIn, Jar.oldJava(), List.of("-Ddae.jdks=" + jdks), "jvm"));
    builder.environment().put("PATH", folder.toString());
    Ended ended = Jar.run(builder, "");
    assertEquals(0, ended.exitCode(), ended.err());
    assertTrue(ended.out().contains("opencl off"), ended.out());
    assertTrue(ended.err().startsWith("dae-engine: Java 25.0.1 can corrupt memory"), ended.err());

    builder.environment().put("JAVA_HOME", jdks.resolve("jdk").toString());
    Path safe = pretend("safe", "25.0.3");
    builder.command().set(1, "-Ddae.jdks=" + safe);
    ended = Jar.run(builder, "");
    assertTrue(ended.out().contains("opencl null"), "25.0.3 is preferred: " + ended.out());
  }

  /// A folder with one JDK in it that claims a version and starts this one.
  private static Path pretend(String name, String version) throws IOException {
    Path home = folder.resolve(name + "/jdk");
    Path java = Files.createDirectories(home.resolve("bin")).resolve("java");
    Files.writeString(java, "#!/bin/sh\nexec '" + Jar.JAVA + "' \"$@\"\n");
    assertTrue(java.toFile().setExecutable(true));
    Files.writeString(
        home.resolve("release"),
        "JAVA_VERSION=\"" + version + "\"\nMODULES=\"java.base jdk.incubator.vector\"\n");
    return folder.resolve(name);
  }
}
