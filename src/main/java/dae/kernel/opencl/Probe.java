package dae.kernel.opencl;

import dae.file.AtomicFile;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jocl.CL;

/// Asks the drivers in a process of its own, and keeps the answer. A driver that aborts, hangs or
/// takes over signals must not do so here, before anybody has decided to use it.
///
/// The child is this Java with a `main` of ours. It prints its lines with [#say]; what drivers
/// print is not an answer. Answers lie in the cache folder for a week, failures for a day, in case
/// the driver was only busy; whatever changes [Drivers#stamp] or this program asks again.
public final class Probe {
  private static final String MARK = "dae: ";
  private static final String FAILED = MARK + "failed: ";
  private static final String END = MARK + "end";

  /// The temporary folder of whoever asked first; a child has one of its own.
  private static final String TEMPORARY = "dae.probe.tmpdir";

  private static final Duration KEPT = Duration.ofDays(7);
  private static final Duration FAILURE_KEPT = Duration.ofDays(1);

  /// Of this JVM's options, those on which speed depends, and ours. Others might open the same file
  /// or port twice.
  private static final Pattern SHARED =
      Pattern.compile(
          "--add-modules=.*|-D(dae|jdk)\\.(?!launcher).*|-Xmn.*|-Xint|-XX:[+-]?(Use|CompileCommand|"
              + "CompileThreshold|ObjectAlignment|MaxVectorSize|Tiered|MaxRAMPercentage).*");

  /// Exit codes of a child that somebody ended on purpose (Ctrl-C, for one): not an answer to keep.
  private static final Set<Integer> ENDED = Set.of(129, 130, 137, 143);

  /// What became of a question.
  ///
  /// @param lines that the child said
  /// @param failure why there are none; empty if all went well
  public record Answer(List<String> lines, String failure) {
    public boolean failed() {
      return !failure.isEmpty();
    }
  }

  private final Class<?> main;
  private final List<String> options;
  private final List<String> arguments;
  private final Duration limit;

  /// @param main whose `main` asks, in a process that may die of it
  /// @param options of its JVM
  /// @param arguments of `main`
  /// @param limit after which it is stopped
  public Probe(Class<?> main, List<String> options, List<String> arguments, Duration limit) {
    this.main = main;
    this.options = options;
    this.arguments = arguments;
    this.limit = limit;
  }

  /// Options of this JVM that make a child as fast as it.
  public static List<String> sharedOptions() {
    return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(option -> SHARED.matcher(option).matches())
        .toList();
  }

  /// For the child: a line of the answer.
  public static void say(String line) {
    // A driver may have left its own line unfinished.
    System.out.println();
    System.out.println(MARK + line.replaceAll("\\R", " "));
  }

  /// For the child: why there is no answer.
  public static void fail(String why) {
    System.out.println();
    System.out.println(FAILED + why.replaceAll("\\R", " "));
  }

  /// For the child: ends it, with the answer complete.
  public static void end() {
    System.out.println();
    System.out.println(END);
    System.out.flush();
    System.exit(0);
  }

  /// For the child: ends it when whoever asked is gone.
  public static void endWithAsker() {
    Thread.ofPlatform()
        .daemon()
        .start(() -> {
          try {
            System.in.read();
          } catch (IOException closed) {
            // As good as the end.
          }
          Runtime.getRuntime().halt(1);
        });
  }

  /// The answer that is kept, or else a fresh one.
  public Answer answer() {
    Path cache = ProgramCache.defaultFolder();
    Path file = file(cache);
    String stamp = stamp(cache);
    Answer kept = read(file, stamp);
    return kept != null ? kept : ask(file, stamp);
  }

  /// A fresh answer, which is kept.
  public Answer fresh() {
    Path cache = ProgramCache.defaultFolder();
    return ask(file(cache), stamp(cache));
  }

  private Answer ask(Path file, String stamp) {
    Path folder = null;
    try {
      // The binding leaves its native part behind in the temporary folder if the child dies.
      folder =
          Files.createTempDirectory(Path.of(System.getProperty("java.io.tmpdir")), "dae-probe");
      return ask(folder, file, stamp);
    } catch (IOException e) {
      return new Answer(List.of(), "expected a process of its own to ask the drivers, got " + e);
    } finally {
      delete(folder);
    }
  }

  private Answer ask(Path folder, Path file, String stamp) throws IOException {
    Path out = folder.resolve("answer");
    Process child = builder(folder, out).start();
    boolean ended = false;
    try {
      ended = child.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Answer(List.of(), "interrupted while the drivers were asked");
    } finally {
      child.descendants().forEach(ProcessHandle::destroyForcibly);
      child.destroyForcibly();
      child.getOutputStream().close();
    }
    Answer answer =
        !ended
            ? broken("was stopped after %d s".formatted(limit.toSeconds()))
            : child.exitValue() != 0
                ? broken("died (exit code %d%s)".formatted(child.exitValue(), signal(child)))
                : said(out);
    if (!ended || !ENDED.contains(child.exitValue())) {
      keep(file, stamp, answer);
    }
    return answer;
  }

  private static Answer broken(String how) {
    return new Answer(
        List.of(), "the process that asked the drivers %s: one of them is broken".formatted(how));
  }

  private static String signal(Process child) {
    return switch (child.exitValue()) {
      case 132 -> ", SIGILL";
      case 134 -> ", SIGABRT";
      case 135 -> ", SIGBUS";
      case 136 -> ", SIGFPE";
      case 137 -> ", SIGKILL";
      case 139 -> ", SIGSEGV";
      default -> "";
    };
  }

  private ProcessBuilder builder(Path folder, Path out) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    // A death is an answer here, not a reason to leave files in the user's folder.
    boolean windows = File.separatorChar == '\\';
    command.addAll(
        List.of("-XX:-CreateCoredumpOnCrash", "-XX:ErrorFile=" + (windows ? "NUL" : "/dev/null")));
    command.addAll(List.of("-XX:-UsePerfData", "--enable-native-access=ALL-UNNAMED"));
    command.addAll(List.of("-Djava.io.tmpdir=" + folder, "-Dstdout.encoding=UTF-8"));
    command.add("-D" + TEMPORARY + "=" + temporary());
    command.addAll(List.of("-cp", String.join(File.pathSeparator, classPath()), main.getName()));
    command.addAll(arguments);
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectOutput(out.toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD);
    // Those of this JVM that matter are among the options.
    List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS")
        .forEach(builder.environment()::remove);
    SignalChaining.library()
        .ifPresent(library ->
            builder
                .environment()
                .merge("LD_PRELOAD", "" + library, (a, b) -> a.contains(b) ? a : a + ":" + b));
    return builder;
  }

  /// Where the child's classes are, whatever loaded them here; this JVM's own class path where that
  /// cannot be said.
  private List<String> classPath() {
    Set<String> places = new LinkedHashSet<>();
    for (Class<?> type : List.of(main, Probe.class, CL.class)) {
      CodeSource source = type.getProtectionDomain().getCodeSource();
      if (source == null || !source.getLocation().getProtocol().equals("file")) {
        return List.of(System.getProperty("java.class.path").split(File.pathSeparator));
      }
      places.add(Path.of(URI.create(source.getLocation().toString())).toString());
    }
    return List.copyOf(places);
  }

  private static String temporary() {
    return System.getProperty(TEMPORARY, System.getProperty("java.io.tmpdir"));
  }

  private Path file(Path cache) {
    List<String> question = new ArrayList<>(List.of(System.getProperty("java.home"), temporary()));
    question.add(main.getName());
    question.addAll(options);
    question.addAll(arguments);
    String key = ProgramCache.key(question.toArray(String[]::new)).substring(0, 16);
    return cache.resolve("answer-" + key + ".txt");
  }

  private String stamp(Path cache) {
    List<String> parts = new ArrayList<>(List.of(Drivers.stamp(), Winners.stamp(cache)));
    parts.add(Runtime.version().toString());
    // A folder's age does not change with a class in it.
    String name = main.getName().replace('.', '/') + ".class";
    classPath().stream()
        .map(Path::of)
        .forEach(place -> parts.add(Drivers.age(place) + Drivers.age(place.resolve(name))));
    return ProgramCache.key(parts.toArray(String[]::new));
  }

  private static Answer said(Path out) throws IOException {
    // What a driver has printed need not be UTF-8.
    List<String> lines =
        new String(Files.readAllBytes(out), StandardCharsets.UTF_8)
            .lines()
            .filter(line -> line.startsWith(MARK))
            .toList();
    return lines.stream()
        .filter(line -> line.startsWith(FAILED))
        .findFirst()
        .map(line -> new Answer(List.of(), line.substring(FAILED.length())))
        .orElseGet(() ->
            // A driver may end the process as if all were well.
            lines.isEmpty() || !lines.getLast().equals(END)
                ? broken("ended without an answer")
                : new Answer(
                    lines.stream()
                        .limit(lines.size() - 1)
                        .map(line -> line.substring(MARK.length()))
                        .toList(),
                    ""));
  }

  private static Answer read(Path file, String stamp) {
    try {
      List<String> lines = Files.readAllLines(file);
      Answer answer = new Answer(lines.subList(2, lines.size()), lines.get(1));
      Duration age =
          Duration.ofMillis(
              System.currentTimeMillis() - Files.getLastModifiedTime(file).toMillis());
      // One from the future was kept by a clock that was wrong.
      boolean fresh = !age.isNegative() && age.compareTo(answer.failed() ? FAILURE_KEPT : KEPT) < 0;
      return fresh && lines.getFirst().equals(seal(stamp, answer)) ? answer : null;
    } catch (IOException | IndexOutOfBoundsException | IllegalArgumentException missing) {
      return null;
    }
  }

  private static void keep(Path file, String stamp, Answer answer) {
    String text =
        Stream.concat(Stream.of(seal(stamp, answer), answer.failure), answer.lines.stream())
            .reduce("", (all, line) -> all + line + "\n");
    try {
      ProgramCache.create(file.getParent());
      AtomicFile.write(file, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
    } catch (IOException unusable) {
      // Then the next start asks again.
      return;
    }
  }

  /// Tells a kept answer from one to another question, and from a damaged one.
  private static String seal(String stamp, Answer answer) {
    return ProgramCache.key(stamp, answer.failure, String.join("\n", answer.lines));
  }

  private static void delete(Path folder) {
    if (folder == null) {
      return;
    }
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
      Files.delete(folder);
    } catch (IOException leftOver) {
      // A driver's own file, or one that Windows still holds: the system's temporary folder has it.
      return;
    }
  }
}
