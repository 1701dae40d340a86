package dae.cli;

import dae.Printable;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.Locale;

/// Where commands print to: each line, and each text in a printed format, may hold names and words
/// of foreign files, so none of it reaches the terminal as it is. `print` alone writes what is
/// given.
final class Lines extends PrintWriter {
  Lines(PrintStream out) {
    super(out, true, out.charset());
  }

  @Override
  public void println(String line) {
    super.println(line == null ? null : Printable.line(line));
  }

  @Override
  public void println(Object line) {
    println(String.valueOf(line));
  }

  @Override
  public PrintWriter format(String format, Object... values) {
    return super.format(format, printable(values));
  }

  @Override
  public PrintWriter format(Locale locale, String format, Object... values) {
    return super.format(locale, format, printable(values));
  }

  private static Object[] printable(Object[] values) {
    return Arrays.stream(values)
        .map(value ->
            value == null || value instanceof Number || value instanceof Character
                ? value
                : Printable.line(value.toString()))
        .toArray();
  }
}
