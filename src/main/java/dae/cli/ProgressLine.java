package dae.cli;

import dae.Printable;
import java.io.PrintWriter;
import java.util.function.Supplier;

/// One line on stderr that is written over again and again. Where stderr is not a terminal, nothing
/// is written: a log should hold lines, not control characters.
final class ProgressLine {
  private static final long PAUSE_NANOS = 100_000_000L;

  /// Short, so that the line of `train` fits into 80 columns.
  private static final int BAR = 8;

  private final PrintWriter err;
  private final boolean visible;
  private int shown;
  private long next = Long.MIN_VALUE;

  ProgressLine(PrintWriter err) {
    this(err, Terminal.isStderr());
  }

  ProgressLine(PrintWriter err, boolean visible) {
    this.err = err;
    this.visible = visible;
  }

  /// Whether anything is shown.
  boolean isVisible() {
    return visible;
  }

  /// Shows a text instead of the last, at most ten times a second.
  void show(Supplier<String> text) {
    long now = System.nanoTime();
    if (!visible || (shown > 0 && now - next < 0)) {
      return;
    }
    next = now + PAUSE_NANOS;
    String line = Printable.line(text.get());
    err.print("\r" + line + " ".repeat(Math.max(0, shown - line.length())));
    err.flush();
    shown = line.length();
  }

  /// Takes the line away, so that other text can be printed.
  void clear() {
    if (shown > 0) {
      err.print("\r" + " ".repeat(shown) + "\r");
      err.flush();
      shown = 0;
    }
  }

  /// `[#####---------] 37%`
  static String bar(double share) {
    int full = (int) Math.round(BAR * Math.clamp(share, 0, 1));
    return "["
        + "#".repeat(full)
        + "-".repeat(BAR - full)
        + "] "
        + String.format("%3d%%", (int) (100 * share));
  }
}
