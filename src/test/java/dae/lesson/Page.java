package dae.lesson;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// A page of `src/doc/ops`: a title, the head of the op's file, the numbers, and the rest, which is
/// written by hand.
final class Page {
  private static final String FOLDER = "src/doc/ops/";

  /// A link to a type or a member, as Javadoc has it.
  private static final String LINK = "\\[(?:dae\\.(?:[a-z]+\\.)*)?([A-Z]\\w*(?:#\\w+)?)\\](?!\\()";

  private final Lesson lesson;
  private final Path file;

  Page(Lesson lesson) {
    this.lesson = lesson;
    file = Path.of(FOLDER + lesson.name() + ".md");
  }

  String found() throws IOException {
    return Files.readString(file);
  }

  String expected() throws IOException {
    String name = lesson.op().getSimpleName();
    String source = "src/main/java/dae/op/" + name + ".java";
    List<String> lines = new ArrayList<>();
    lines.add("# " + lesson.name());
    lines.add("");
    lines.add("<!-- The head of " + source + "; -Dpages=write copies it. -->");
    lines.add("");
    lines.add(
        "L is the loss, and a leading d means its gradient: an op gets dy = ∂L/∂y and hands back dx = ∂L/∂x.");
    lines.add(
        "N images have H×W pixels of C channels; ⟨a, b⟩ = Σ a·b; log is the natural logarithm.");
    lines.add("");
    lines.addAll(head(Path.of(source)));
    lines.add("");
    lines.add(
        "Source: [%s](../../main/java/dae/op/%<s.java). [All ops](README.md).".formatted(name));
    lines.add("");
    lines.add("## By numbers");
    lines.add("");
    lines.add(
        "`java -jar dae-engine.jar explain %s` computes them, for one image. If y is not the loss,"
            .formatted(lesson.name()));
    lines.add("L = Σ y·dy stands for all that follows: its gradient at y is dy.");
    lines.add("");
    lines.add(Lesson.MARK);
    lines.add(Lesson.FENCE + "text");
    lines.addAll(lesson.numbers());
    lines.add(Lesson.FENCE);
    lines.addAll(rest());
    return String.join("\n", lines) + "\n";
  }

  /// The comment in front of the class, its links to code as code.
  private static List<String> head(Path source) throws IOException {
    return Files.readAllLines(source).stream()
        .takeWhile(line -> !line.startsWith("public final class"))
        .filter(line -> line.startsWith("///"))
        .map(line -> line.substring(Math.min(4, line.length())))
        .map(line -> line.replaceAll(LINK, "`$1`"))
        .map(line ->
            line.replaceAll("`(Scalar\\w+)`", "[`$1`](../../main/java/dae/kernel/scalar/$1.java)"))
        .map(line ->
            line.replaceAll("`(Simd\\w+)`", "[`$1`](../../main/java/dae/kernel/simd/$1.java)"))
        .collect(Collectors.toCollection(ArrayList::new));
  }

  /// What follows the numbers.
  private List<String> rest() throws IOException {
    List<String> lines = Files.exists(file) ? Files.readAllLines(file) : List.of();
    int mark = lines.indexOf(Lesson.MARK);
    for (int i = mark + 2; mark >= 0 && i < lines.size(); i++) {
      if (lines.get(i).equals(Lesson.FENCE)) {
        return lines.subList(i + 1, lines.size());
      }
    }
    return List.of();
  }

  void write() throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, expected());
  }
}
