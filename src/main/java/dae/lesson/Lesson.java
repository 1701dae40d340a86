package dae.lesson;

import dae.graph.Op;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/// An op's page with its numbers.
///
/// @param name of the op, such as `batch_norm`, and of its page in `src/doc/ops`
/// @param aliases what others call it, in small letters without anything in between
/// @param line what there is to learn, for the reading path
/// @param examples worked by the scalar kernels
/// @param more lines that follow them
public record Lesson(
    String name,
    Class<? extends Op> op,
    List<String> aliases,
    String line,
    List<Example> examples,
    Supplier<List<String>> more) {
  /// Stands in a page where the numbers belong, in a block of code that follows.
  static final String MARK = "<!-- explain -->";

  static final String FENCE = "```";

  /// The worked examples, computed at this moment.
  public List<String> numbers() {
    List<String> lines = new ArrayList<>();
    for (Example example : examples) {
      lines.addAll(lines.isEmpty() ? List.of() : List.of("", ""));
      lines.addAll(example.work().lines());
    }
    lines.addAll(more.get());
    return lines;
  }

  /// The page as Markdown, with its numbers computed at this moment.
  public List<String> page() {
    List<String> page = new ArrayList<>();
    boolean old = false;
    for (String line : text().lines().toList()) {
      if (line.equals(MARK)) {
        old = true;
        page.add(FENCE + "text");
        page.addAll(numbers());
      } else if (old) {
        old = !line.equals(FENCE);
      }
      if (!old && !line.equals(MARK)) {
        page.add(line);
      }
    }
    return page;
  }

  private String text() {
    try (InputStream in = Lesson.class.getResourceAsStream(name + ".md")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
