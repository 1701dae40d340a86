package dae.html;

import dae.file.PlainFile;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Locale;

/// Text and numbers as a page takes them.
public final class Html {
  private Html() {}

  /// Any text, so that it stands there as it is and is no markup.
  public static String text(String any) {
    return any.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }

  /// A string of JSON that may stand inside of a script.
  public static String json(String any) {
    StringBuilder json = new StringBuilder("\"");
    for (char c : any.toCharArray()) {
      if (c < ' ' || c == '"' || c == '\\' || c == '<' || c == '\u2028' || c == '\u2029') {
        json.append(String.format("\\u%04x", (int) c));
      } else {
        json.append(c);
      }
    }
    return json.append('"').toString();
  }

  /// Four digits, without an exponent where that is readable.
  public static String number(double value) {
    if (!Double.isFinite(value)) {
      return Double.isNaN(value) ? "not a number" : "infinite";
    }
    if (value != 0 && (Math.abs(value) < 1e-6 || Math.abs(value) >= 1e7)) {
      return String.format(Locale.ROOT, "%.3g", value);
    }
    return new BigDecimal(value).round(new MathContext(4)).toPlainString();
  }

  /// Two digits.
  public static String decibels(double value) {
    return Double.isFinite(value) ? String.format(Locale.ROOT, "%.2f dB", value) : "no error";
  }

  /// With commas.
  public static String count(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  /// In the unit that people would take.
  public static String seconds(double value) {
    long whole = Math.round(value);
    return whole < 90
        ? whole + " s"
        : whole < 5400
            ? "%d min".formatted(Math.round(value / 60))
            : "%d h %d min".formatted(whole / 3600, whole % 3600 / 60);
  }

  /// A PNG as part of the page.
  ///
  /// @param width on the page
  /// @param alt what it shows
  public static String picture(byte[] png, int width, String alt) {
    return "<img src=\"data:image/png;base64,%s\" width=\"%d\" alt=\"%s\">"
        .formatted(Base64.getEncoder().encodeToString(png), width, text(alt));
  }

  /// A sheet of small pictures as part of the page.
  ///
  /// @param side of the small pictures in it, which are enlarged by a whole factor
  /// @param alt what it shows
  public static String picture(Path png, int side, String alt) throws IOException {
    byte[] bytes = PlainFile.bytes(png);
    int width = bytes.length < 24 ? 0 : ByteBuffer.wrap(bytes).getInt(16);
    return picture(bytes, width * Math.max(1, Math.round(110f / side)), alt);
  }
}
