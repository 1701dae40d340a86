package dae.lesson;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dae.UserError;
import dae.graph.Op;
import dae.tensor.Shape;
import java.io.IOException;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LessonTest {
  static Stream<Lesson> lessons() {
    return Lessons.all().stream();
  }

  static Stream<Example> examples() {
    return lessons().flatMap(lesson -> lesson.examples().stream());
  }

  @Test
  void everyOpOfAModelHasALesson() throws Exception {
    Set<String> ops = new TreeSet<>();
    try (Stream<Path> files = Files.list(Path.of("src/main/java/dae/op"))) {
      for (Path file : files.toList()) {
        String name = file.getFileName().toString().replace(".java", "");
        if (!name.equals("package-info")) {
          Class<?> type = Class.forName("dae.op." + name);
          boolean made = !type.isInterface() && Op.class.isAssignableFrom(type);
          if (made && Modifier.isPublic(type.getModifiers())) {
            ops.add(name);
          }
        }
      }
    }
    Set<String> taught = new TreeSet<>();
    lessons().forEach(lesson -> taught.add(lesson.op().getSimpleName()));
    assertEquals(ops, taught);
    lessons().forEach(lesson -> assertTrue(!lesson.numbers().isEmpty(), lesson.name()));
  }

  @ParameterizedTest
  @MethodSource("examples")
  void gradientsAreTheCentralDifferences(Example example) {
    for (Worked.Part part : example.work().parts()) {
      if (part.learns()) {
        double largest = Arrays.stream(part.slopes()).map(Math::abs).max().orElse(0);
        assertTrue(
            part.difference() <= 1e-3 * Math.max(largest, 0.01),
            () -> example.title + " d" + part.letter() + ": off by " + part.difference());
      }
    }
  }

  /// What a sum says is what the kernels made; both as they are printed.
  @ParameterizedTest
  @MethodSource("examples")
  void sumsByHandAreRight(Example example) {
    Worked worked = example.work();
    for (Example.Hand hand : worked.hands()) {
      double got = worked.result(hand.of())[hand.at()];
      double sum = new Sum(hand.sum()).value();
      assertEquals(sum, got, 1e-3 * Math.max(1, Math.abs(got)), example.title + " " + hand);
    }
  }

  /// What [Example#firstRow] does not show is 0.
  @ParameterizedTest
  @MethodSource("examples")
  void whatIsLeftOutIsZero(Example example) {
    Worked worked = example.work();
    if (worked.firstRow()) {
      for (Worked.Part part : worked.parts()) {
        int row = part.shape().isImage() ? 0 : worked.row();
        assertZero(part.shape(), part.values(), row, example.title + " " + part.letter());
      }
      assertZero(worked.shape(), worked.y(), 0, example.title + " y");
      assertZero(worked.shape(), worked.dy(), 0, example.title + " dy");
    }
  }

  private static void assertZero(Shape shape, double[] values, int shown, String what) {
    int columns = shape.extents().length < 2 ? values.length : shape.extents()[1];
    for (int i = 0; i < values.length; i++) {
      assertTrue(i / columns == shown || values[i] == 0, what);
    }
  }

  @Test
  void findsOpsAsPeopleTypeThem() {
    for (String name :
        new String[] {"conv_transpose2d", "ConvTranspose2d", "conv-transpose-2d", "Deconv"}) {
      assertEquals("conv_transpose2d", Lessons.named(name).name());
    }
    Set<String> names = new HashSet<>();
    lessons()
        .forEach(lesson -> {
          assertEquals(lesson, Lessons.named(lesson.op().getSimpleName()));
          assertTrue(names.add(lesson.name().replace("_", "")), lesson.name());
          lesson
              .aliases()
              .forEach(alias -> {
                assertTrue(names.add(alias), alias);
                assertEquals(lesson, Lessons.named(alias));
              });
        });
    String message = assertThrows(UserError.class, () -> Lessons.named("softmax")).getMessage();
    assertTrue(message.startsWith("explain: expected one of relu, leaky_relu, "), message);
    assertTrue(message.endsWith(", got 'softmax' — name another"), message);
  }

  /// A page is the head of the op's file, its numbers, and what else there is to say. The system
  /// property `pages=write` brings the first two up to date.
  @ParameterizedTest
  @MethodSource("lessons")
  void pagesAreTheHeadsAndTheNumbers(Lesson lesson) throws IOException {
    Page page = new Page(lesson);
    if ("write".equals(System.getProperty("pages"))) {
      page.write();
    }
    assertEquals(page.expected(), page.found(), "run with -Dpages=write");
  }

  @Test
  void drawingsAreMadeOfTheNumbers() throws IOException {
    Path stamps = Path.of("src/doc/ops/stamps.svg");
    Path paths = Path.of("src/doc/ops/norm_paths.svg");
    if ("write".equals(System.getProperty("pages"))) {
      Files.writeString(stamps, Drawings.stamps());
      Files.writeString(paths, Drawings.normPaths());
    }
    assertEquals(Drawings.stamps(), Files.readString(stamps), "run with -Dpages=write");
    assertEquals(Drawings.normPaths(), Files.readString(paths), "run with -Dpages=write");
  }

  @Test
  void theReadingPathIsThatOfExplain() throws IOException {
    StringBuilder path = new StringBuilder();
    int number = 0;
    for (Lesson lesson : Lessons.all()) {
      path.append("%d. [%s](%2$s.md): %s%n".formatted(++number, lesson.name(), lesson.line()));
    }
    String page = Files.readString(Path.of("src/doc/ops/README.md"));
    assertTrue(page.contains(path), "expected in src/doc/ops/README.md:\n" + path);
  }

  @ParameterizedTest
  @MethodSource("lessons")
  void whatIsPrintedIsThePageWithItsNumbers(Lesson lesson) {
    String printed = String.join("\n", lesson.page());
    for (String line : lesson.numbers()) {
      assertTrue(printed.contains(line), line);
    }
    assertTrue(printed.contains("*In words.*"), printed);
    assertTrue(!printed.contains(Lesson.MARK), printed);
  }
}
