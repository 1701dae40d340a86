package dae.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Our own Markdown as it is to be read on a terminal: headings underlined, tables in columns, code
/// as it is; signs of emphasis, and where links lead, are left out.
final class PlainText {
  /// A table is no wider, by breaking the cells of its widest column.
  private static final int WIDTH = 100;

  private static final int NARROWEST = 20;
  private static final String GAP = "  ";
  private static final String LINK = "\\[([^\\[\\]]+)\\]\\([^)]*\\)";

  private final List<String> lines = new ArrayList<>();
  private final List<List<String>> table = new ArrayList<>();

  private PlainText() {}

  /// @param markdown with headings, tables, blocks of code, comments of one line, emphasis and
  ///   links
  static List<String> of(List<String> markdown) {
    PlainText text = new PlainText();
    boolean code = false;
    for (String line : markdown) {
      boolean fence = line.startsWith("```");
      code ^= fence;
      if (!line.startsWith("|") && !text.table.isEmpty()) {
        text.endTable();
      }
      if (code && !fence) {
        text.lines.add(line.isEmpty() ? "" : "    " + line);
      } else if (!fence) {
        text.add(line);
      }
    }
    text.endTable();
    return text.lines;
  }

  private void add(String line) {
    if (line.startsWith("|")) {
      String cells = line.substring(1, line.length() - (line.endsWith("|") ? 1 : 0));
      table.add(
          Arrays.stream(cells.split("\\|", -1)).map(String::strip).map(PlainText::plain).toList());
    } else if (line.startsWith("#")) {
      String title = plain(line.replaceFirst("#+ *", ""));
      lines.add(title);
      lines.add((line.startsWith("##") ? "-" : "=").repeat(title.length()));
    } else if (line.startsWith("    ")) {
      lines.add(line);
    } else if (!line.startsWith("<!--")
        && !line.startsWith("![")
        && !(line.isEmpty() && !lines.isEmpty() && lines.getLast().isEmpty())) {
      lines.add(plain(line));
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

  private void endTable() {
    int columns = table.stream().mapToInt(List::size).max().orElse(0);
    int[] widths = new int[columns];
    for (List<String> row : table) {
      for (int i = 0; i < row.size(); i++) {
        // Dashes are as long as their column.
        widths[i] = Math.max(widths[i], isRule(row) ? 0 : row.get(i).length());
      }
    }
    int widest = 0;
    for (int i = 1; i < columns; i++) {
      widest = widths[i] > widths[widest] ? i : widest;
    }
    int total = Arrays.stream(widths).sum() + GAP.length() * (columns - 1);
    if (total > WIDTH) {
      widths[widest] = Math.max(NARROWEST, widths[widest] - (total - WIDTH));
    }
    boolean titled = false;
    for (List<String> row : table) {
      if (!isRule(row)) {
        addRow(row, widths, widest);
        titled |= !row.stream().allMatch(String::isEmpty);
      } else if (titled) {
        addRow(Arrays.stream(widths).mapToObj("-"::repeat).toList(), widths, widest);
      }
    }
    table.clear();
  }

  private static boolean isRule(List<String> row) {
    return row.stream().allMatch(cell -> cell.matches(":?-+:?"));
  }

  private void addRow(List<String> row, int[] widths, int widest) {
    List<String> broken =
        widest < row.size() ? broken(row.get(widest), widths[widest]) : List.of("");
    for (int part = 0; part < broken.size(); part++) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < row.size(); i++) {
        String cell = i == widest ? broken.get(part) : part == 0 ? row.get(i) : "";
        line.append(cell).append(" ".repeat(Math.max(0, widths[i] - cell.length()))).append(GAP);
      }
      String whole = line.toString().stripTrailing();
      if (!whole.isEmpty()) {
        lines.add(whole);
      }
    }
  }

  private static List<String> broken(String cell, int width) {
    List<String> parts = new ArrayList<>();
    String part = "";
    for (String word : cell.split(" ")) {
      if (!part.isEmpty() && part.length() + 1 + word.length() > width) {
        parts.add(part);
        part = "";
      }
      part += (part.isEmpty() ? "" : " ") + word;
    }
    parts.add(part);
    return parts;
  }
}
