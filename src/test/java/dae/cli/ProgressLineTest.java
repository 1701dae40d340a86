package dae.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class ProgressLineTest {
  private final StringWriter written = new StringWriter();

  @Test
  void writesNothingWhereNobodyWatches() {
    ProgressLine line = new ProgressLine(new PrintWriter(written), false);
    line.show(() -> "epoch 1");
    line.clear();
    assertEquals("", written.toString());
  }

  @Test
  void overwritesItselfAndLeavesNothing() {
    ProgressLine line = new ProgressLine(new PrintWriter(written), true);
    line.show(() -> "epoch 1");
    line.clear();
    line.show(() -> "two");
    line.clear();
    assertEquals("\repoch 1\r       \r\rtwo\r   \r", written.toString());
  }

  @Test
  void barsGoFromEmptyToFull() {
    assertEquals("[--------]   0%", ProgressLine.bar(0));
    assertEquals("[####----]  50%", ProgressLine.bar(0.5));
    assertEquals("[########] 100%", ProgressLine.bar(1));
  }
}
