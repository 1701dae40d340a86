package dae.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dae.lesson.Lesson;
import dae.lesson.Lessons;
import dae.model.Checkpoint;
import dae.model.Models;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlainTextTest {
  private static String plain(String markdown) {
    return String.join("\n", PlainText.of(markdown.lines().toList()));
  }

  @Test
  void markdownIsReadWithoutItsSigns() {
    assertEquals(
        """
        relu
        ====

        In words. Smaller than 0 is x*y of Relu, 2 * 3.

            dx = **dy**
            a | `b`

        mistake   found
        --------  -----
        dx = x*y  ✓
        none\
        """,
        plain(
            """
            # relu

            <!-- a comment -->

            *In words.* **Smaller than 0** is `x*y` of [`Relu`](Relu.java), 2 * 3.

            ```text
            dx = **dy**
            a | `b`
            ```

            | mistake | found | |
            |---|---|---|
            | dx = `x*y` | ✓ | |
            | none |
            """));
  }

  @Test
  void aTableIsNoWiderThanATerminal() {
    String cell = "word ".repeat(60).strip();
    List<String> lines = PlainText.of(List.of("| | |", "|---|---|", "| what | " + cell + " |"));
    assertTrue(lines.size() > 3, "" + lines);
    assertTrue(lines.stream().allMatch(line -> line.length() <= 80), "" + lines);
    assertEquals(
        "what " + cell,
        String.join(" ", lines.stream().map(String::strip).toList()).replaceAll(" +", " "));
  }

  @Test
  void paragraphsAndItemsAreFilled() {
    String words = "word ".repeat(17).strip();
    assertEquals(
        "word ".repeat(16).strip()
            + "\nword in one. *\n\n- "
            + words.substring(10)
            + "\n  more\n1. two",
        plain(words + "\n**in**\none. `*`\n\n- " + words.substring(10) + "\n  more\n1. two"));
  }

  /// Where a table is too wide, what is said of a row stands below it, and wide columns give way.
  @Test
  void remarksStandBelowTheirRows() {
    String mistake = "a mistake that takes more of a line than there is";
    assertEquals(
        """
        mistake                 measured  transcription  golden values  adjoint  fan-out
        ----------------------  --------  -------------  -------------  -------  -------
        a mistake that takes    ✓
        more of a line than
        there is
            why
        x̂                       ✓\
        """,
        plain(
            """
            | mistake | measured | transcription | golden values | adjoint | fan-out | |
            |---|---|---|---|---|---|---|
            | %s | ✓ | | | | | why |
            | x̂ | ✓ | | | | | |
            """
                .formatted(mistake)));
  }

  /// No sign is left in anything that commands print.
  @Test
  void ourOwnPagesArePlain() {
    for (Lesson lesson : Lessons.all()) {
      List<String> lines = PlainText.of(lesson.page());
      assertPlain(lines);
      for (String line : lines) {
        assertTrue(line.replaceAll("\\p{M}", "").length() <= 80, line);
      }
    }
    for (String name : Checkpoint.BUILT_IN) {
      assertPlain(PlainText.of(Models.ofUser().card(name).lines().toList()));
    }
  }

  private static void assertPlain(List<String> lines) {
    assertTrue(lines.size() > 5, "" + lines);
    for (String line : lines) {
      // Code has stars and lines of its own.
      assertFalse(
          !line.startsWith("    ") && line.matches(".*(\\*\\*|`|\\]\\(|^\\||^#|<!--).*"), line);
    }
  }
}
