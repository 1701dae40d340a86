package dae;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class PrintableTest {
  @Test
  void showsWhatWouldSteerATerminal() {
    assertEquals(
        "a\\nb\\r\\x1b[31m\\x07\\x7f\\x9b", Printable.line("a\nb\r\u001b[31m\u0007\u007f\u009b"));
    assertEquals("gpj\\u202eexe.\\u2028\\ufeff", Printable.line("gpj\u202eexe.\u2028\ufeff"));
    assertEquals("\\ud83d", Printable.line("\ud83d"));
  }

  @Test
  void leavesWritingAlone() {
    String text = "Grüße\t 図.png 👩‍🚀 C:\\new";
    assertEquals(text, Printable.line(text));
  }

  @Test
  void shortensWhatNobodyReads() {
    assertEquals(201, Printable.shortened("x".repeat(100_000)).length());
    assertEquals("x".repeat(200), Printable.shortened("x".repeat(200)));
  }

  @Test
  void errorsAreOneLine() {
    assertEquals("a\\n\\x1b[2J: b", new UserError("a\n\u001b[2J: b").getMessage());
  }
}
