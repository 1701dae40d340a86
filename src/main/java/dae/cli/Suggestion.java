package dae.cli;

import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/// The option or command that somebody who mistyped one may have meant. picocli's own suggestion
/// compares the first two letters of an option and misses `--hlep`.
final class Suggestion {
  private Suggestion() {}

  static Optional<String> of(String typed, CommandSpec spec) {
    String word = typed.replaceFirst("=.*", "");
    Stream<String> names =
        word.startsWith("-")
            ? spec.options().stream().map(OptionSpec::longestName)
            : spec.subcommands().keySet().stream();
    return names
        .filter(name -> distance(word, name) <= Math.max(2, word.length() / 3))
        .min(Comparator.comparingInt(name -> distance(word, name)));
  }

  /// Levenshtein's: how many letters to insert, delete or replace.
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
