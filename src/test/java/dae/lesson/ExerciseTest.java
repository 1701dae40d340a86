package dae.lesson;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.platform.engine.FilterResult;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestSource;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.Launcher;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.PostDiscoveryFilter;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/// The mistakes of `src/doc/exercises`: each still applies to one line, and is noticed by the tests
/// that its answer names, and not by those of which it says that they stay silent.
class ExerciseTest {
  private static final Path FOLDER = Path.of("src/doc/exercises");

  @TempDir private Path temporary;

  /// A mistake and who is said to notice it.
  ///
  /// @param notice tests such as `Conv2dTest` or `LessonTest#gradientsAreTheCentralDifferences`
  record Exercise(String patch, Set<String> notice, Set<String> silent) {
    @Override
    public String toString() {
      return patch;
    }
  }

  static List<Exercise> exercises() throws IOException {
    String page = Files.readString(FOLDER.resolve("README.md"));
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files
          .map(file -> "" + file.getFileName())
          .filter(name -> name.endsWith(".patch"))
          .sorted()
          .map(name -> new Exercise(name, named(page, name, "Notice"), named(page, name, "Silent")))
          .toList();
    }
  }

  /// The names in code behind a word of the patch's section.
  private static Set<String> named(String page, String patch, String word) {
    String section = page.substring(page.indexOf("(" + patch + ")")).split("\n## ")[0];
    Matcher line = Pattern.compile("^" + word + ": (.*)$", Pattern.MULTILINE).matcher(section);
    assertTrue(line.find(), patch + ": " + word);
    return Pattern.compile("`([^`]+)`")
        .matcher(line.group(1))
        .results()
        .map(name -> name.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void thereAreTen() throws IOException {
    assertEquals(10, exercises().size());
  }

  @ParameterizedTest
  @MethodSource("exercises")
  void theAnswersAreTrue(Exercise exercise) throws Exception {
    compile(FOLDER.resolve(exercise.patch));
    Set<String> asked = new TreeSet<>(exercise.notice);
    asked.addAll(exercise.silent);
    String before = System.setProperty("backends", "scalar");
    Thread thread = Thread.currentThread();
    ClassLoader loader = thread.getContextClassLoader();
    try (Mistaken mistaken = new Mistaken(temporary)) {
      thread.setContextClassLoader(mistaken);
      Set<String> noticed = failures(mistaken, asked);
      noticed.retainAll(asked);
      assertEquals(exercise.notice, noticed);
    } finally {
      thread.setContextClassLoader(loader);
      if (before == null) {
        System.clearProperty("backends");
      } else {
        System.setProperty("backends", before);
      }
    }
  }

  /// Compiles the one file that a patch changes in one line.
  private void compile(Path patch) throws IOException {
    List<String> lines = Files.readAllLines(patch);
    Path file = Path.of(lines.getFirst().replaceFirst("--- a/", ""));
    List<String> hunk = lines.subList(3, lines.size());
    assertEquals(1, hunk.stream().filter(line -> line.startsWith("-")).count());
    assertEquals(1, hunk.stream().filter(line -> line.startsWith("+")).count());
    String source = Files.readString(file);
    String old = side(hunk, '+');
    assertEquals(source.indexOf(old), source.lastIndexOf(old), patch + ": found twice");
    assertTrue(source.contains(old), patch + ": expected in " + file + "\n" + old);
    Path changed = Files.createDirectories(temporary.resolve("source")).resolve(file.getFileName());
    Files.writeString(changed, source.replace(old, side(hunk, '-')));
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter said = new StringWriter();
    List<String> options =
        List.of("-proc:none", "-d", "" + temporary, "-cp", "" + path(Lesson.class));
    try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
      assertTrue(
          compiler
              .getTask(said, manager, null, options, null, manager.getJavaFileObjects(changed))
              .call(),
          () -> patch + ": " + said);
    }
  }

  private static String side(List<String> hunk, char other) {
    return hunk.stream()
        .filter(line -> !line.isEmpty() && line.charAt(0) != other)
        .map(line -> line.substring(1) + "\n")
        .collect(Collectors.joining());
  }

  private static Path path(Class<?> type) {
    return Path.of(URI.create("" + type.getProtectionDomain().getCodeSource().getLocation()));
  }

  /// Our own classes once more, the mistaken ones first.
  private static final class Mistaken extends URLClassLoader {
    Mistaken(Path first) throws IOException {
      super(
          new URL[] {
            first.toUri().toURL(),
            path(Lesson.class).toUri().toURL(),
            path(ExerciseTest.class).toUri().toURL()
          });
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (!name.startsWith("dae.")) {
        return super.loadClass(name, resolve);
      }
      synchronized (getClassLoadingLock(name)) {
        Class<?> loaded = findLoadedClass(name);
        return loaded != null ? loaded : findClass(name);
      }
    }
  }

  /// A test's class, and its method with it.
  private static Stream<String> names(Optional<TestSource> source) {
    if (source.orElse(null)
        instanceof org.junit.platform.engine.support.descriptor.MethodSource method) {
      String name = method.getClassName().replaceFirst(".*\\.", "");
      return Stream.of(name, name + "#" + method.getMethodName());
    }
    return Stream.empty();
  }

  /// The classes and methods that fail, of the classes that are asked.
  private static Set<String> failures(ClassLoader loader, Set<String> asked) {
    LauncherDiscoveryRequest request =
        LauncherDiscoveryRequestBuilder.request()
            .selectors(
                asked.stream()
                    .map(test -> test.split("#")[0])
                    .distinct()
                    .map(test -> "dae." + (test.equals("LessonTest") ? "lesson." : "op.") + test)
                    .map(test -> DiscoverySelectors.selectClass(loader, test))
                    .toList())
            .filters(
                (PostDiscoveryFilter)
                    test ->
                        FilterResult.includedIf(names(test.getSource()).anyMatch(asked::contains)))
            .build();
    Set<String> failed = new TreeSet<>();
    int[] ran = new int[1];
    TestExecutionListener listener =
        new TestExecutionListener() {
          @Override
          public void executionFinished(TestIdentifier test, TestExecutionResult result) {
            ran[0] += test.isTest() ? 1 : 0;
            if (result.getStatus() == TestExecutionResult.Status.FAILED) {
              names(test.getSource()).forEach(failed::add);
            }
          }
        };
    Launcher launcher = LauncherFactory.create();
    launcher.execute(request, listener);
    assertTrue(ran[0] >= asked.size(), "only " + ran[0] + " tests ran");
    return failed;
  }
}
