package dae.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// Our own Markdown as it is to be read on a terminal: paragraphs filled, headings underlined,
/// tables in columns, code as it is; signs of emphasis, and where links lead, are left out.
final class PlainText {
  private static final int WIDTH = 80;

  /// Of a column that is made narrower for the others' sake.
  private static final int NARROWEST = 12;

  private static final String GAP = "  ";
  private static final String INDENT = "    ";
  private static final String LINK = "\\[([^\\[\\]]+)\\]\\([^)]*\\)";

  private final List<String> lines = new ArrayList<>();
  private final List<String> paragraph = new ArrayList<>();
  private final List<List<String>> table = new ArrayList<>();

  private PlainText() {}

  /// @param markdown with paragraphs, lists, headings, tables, blocks of code, comments of one
  ///   line, emphasis and links
  static List<String> of(List<String> markdown) {
    PlainText text = new PlainText();
    boolean code = false;
    for (String line : markdown) {
      boolean fence = line.startsWith("```");
      code ^= fence;
      if (code && !fence) {
        text.lines.add(line.isEmpty() ? "" : INDENT + line);
      } else if (fence) {
        text.end();
      } else {
        text.add(line);
      }
    }
    text.end();
    return text.lines;
  }

  private void add(String line) {
    if (line.startsWith("|")) {
      endParagraph();
      String cells = line.substring(1, line.length() - (line.endsWith("|") ? 1 : 0));
      table.add(
          Arrays.stream(cells.split("\\|", -1)).map(String::strip).map(PlainText::plain).toList());
    } else if (line.startsWith("#")) {
      end();
      String title = plain(line.replaceFirst("#+ *", ""));
      lines.add(title);
      lines.add((line.startsWith("##") ? "-" : "=").repeat(width(title)));
    } else if (line.startsWith(INDENT)) {
      end();
      lines.add(line);
    } else if (line.isEmpty()) {
      end();
      if (lines.isEmpty() || !lines.getLast().isEmpty()) {
        lines.add("");
      }
    } else if (!line.startsWith("<!--") && !line.startsWith("![")) {
      if (isItem(line)) {
        end();
      }
      paragraph.add(line.strip());
    }
  }

  private static boolean isItem(String line) {
    return line.matches("(-|\\d+\\.) .*");
  }

  private void end() {
    endParagraph();
    endTable();
  }

  private void endParagraph() {
    if (!paragraph.isEmpty()) {
      String text = plain(String.join(" ", paragraph));
      String indent = isItem(text) ? " ".repeat(text.indexOf(' ') + 1) : "";
      List<String> filled = filled(text, WIDTH - indent.length());
      for (int i = 0; i < filled.size(); i++) {
        lines.add(i == 0 ? filled.get(i) : indent + filled.get(i));
      }
      paragraph.clear();
    }
  }

  /// Stars and links are signs outside of `code` only.
  private static String plain(String line) {
    String[] parts = line.replaceAll(LINK, "$1").split("`", -1);
    for (int i = 0; i < parts.length; i += 2) {
      parts[i] = parts[i].replaceAll("\\*+(?=\\S)|(?<=\\S)\\*+", "");
    }
    return String.join("", parts);
  }

  /// Marks above a letter take no place of their own.
  private static int width(String text) {
    return text.replaceAll("\\p{M}", "").length();
  }

  private void endTable() {
    if (table.isEmpty()) {
      return;
    }
    int columns = table.stream().mapToInt(List::size).max().orElse(0);
    int[] widths = new int[columns];
    for (List<String> row : table) {
      for (int i = 0; i < row.size(); i++) {
        // Dashes are as long as their column.
        widths[i] = Math.max(widths[i], isRule(row) ? 0 : width(row.get(i)));
      }
    }
    boolean titled = !table.getFirst().stream().allMatch(String::isEmpty);
    boolean remarks = total(widths) > WIDTH && titled && table.getFirst().getLast().isEmpty();
    narrow(remarks ? widths = Arrays.copyOf(widths, columns - 1) : widths);
    for (List<String> row : table) {
      if (isRule(row)) {
        if (titled) {
          addRow(IntStream.of(widths).mapToObj("-"::repeat).toList(), widths);
        }
      } else {
        addRow(row, widths);
        if (remarks && row.size() == columns && !row.getLast().isEmpty()) {
          filled(row.getLast(), WIDTH - INDENT.length()).forEach(part -> lines.add(INDENT + part));
        }
      }
    }
    table.clear();
  }

  private static int total(int[] widths) {
    return IntStream.of(widths).sum() + GAP.length() * (widths.length - 1);
  }

  /// The widest columns give way.
  private static void narrow(int[] widths) {
    while (total(widths) > WIDTH) {
      int widest = 0;
      for (int i = 1; i < widths.length; i++) {
        widest = widths[i] > widths[widest] ? i : widest;
      }
      if (widths[widest] <= NARROWEST) {
        return;
      }
      widths[widest]--;
    }
  }

  private static boolean isRule(List<String> row) {
    return row.stream().allMatch(cell -> cell.matches(":?-+:?"));
  }

  private void addRow(List<String> row, int[] widths) {
    List<List<String>> cells = new ArrayList<>();
    for (int i = 0; i < Math.min(row.size(), widths.length); i++) {
      cells.add(filled(row.get(i), widths[i]));
    }
    int height = cells.stream().mapToInt(List::size).max().orElse(0);
    for (int part = 0; part < height; part++) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < cells.size(); i++) {
        String cell = part < cells.get(i).size() ? cells.get(i).get(part) : "";
        line.append(cell).append(" ".repeat(Math.max(0, widths[i] - width(cell)))).append(GAP);
      }
      if (!line.toString().isBlank()) {
        lines.add(line.toString().stripTrailing());
      }
    }
  }

  private static List<String> filled(String text, int width) {
    List<String> parts = new ArrayList<>();
    String part = "";
    for (String word : text.split(" ")) {
      if (!part.isEmpty() && width(part) + 1 + width(word) > width) {
        parts.add(part);
        part = "";
      }
      part += (part.isEmpty() ? "" : " ") + word;
    }
    parts.add(part);
    return parts;
  }
}
