package dae;

import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/// Text of foreign files and names, fit for a terminal: what would move the cursor, change colours,
/// begin another line or turn the direction of writing is shown instead of done.
public final class Printable {
  /// Control characters but tabs, line and paragraph separators, directions, halves of characters.
  private static final Pattern UNFIT =
      Pattern.compile(
          "(?!\t)[\\p{Cc}\\p{Cs}\\u2028-\\u202e\\u2066-\\u2069\\u200e\\u200f\\u061c\\ufeff]");

  private static final int SHORT = 200;

  private Printable() {}

  /// The text as one line: `\n` for a line's end, `\x1b` for what begins terminals' commands.
  public static String line(String text) {
    return UNFIT.matcher(text).replaceAll(Printable::shown);
  }

  /// The same, and no longer than somebody reads.
  public static String shortened(String text) {
    String line = line(text.substring(0, Math.min(text.length(), SHORT)));
    return text.length() <= SHORT ? line : line + "…";
  }

  private static String shown(MatchResult found) {
    char c = found.group().charAt(0);
    return switch (c) {
      case '\n' -> "\\\\n";
      case '\r' -> "\\\\r";
      default -> String.format(c < 0x100 ? "\\\\x%02x" : "\\\\u%04x", (int) c);
    };
  }
}
