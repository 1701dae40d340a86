package dae.data;

import dae.UserError;
import java.io.File;
import java.util.Arrays;
import java.util.List;

/// One of the data sets of a mixture.
///
/// @param name as [Datasets] knows it
/// @param weight how often an epoch shows each of its images
record Weighted(String name, double weight) {
  private static final double MOST = 1000;

  /// Takes words apart. Of a name that is there as it stands, nothing is a weight.
  ///
  /// @throws UserError if a weight makes no sense
  static List<Weighted> parse(String words) {
    // A folder may be called anything.
    return Datasets.isFolder(words)
        ? List.of(new Weighted(words, 1))
        : Arrays.stream(words.split(File.pathSeparator, -1)).map(Weighted::one).toList();
  }

  private static Weighted one(String word) {
    int at = word.lastIndexOf('=');
    if (at < 0 || Datasets.isFolder(word)) {
      return new Weighted(word, 1);
    }
    String number = word.substring(at + 1);
    try {
      double weight = Double.parseDouble(number);
      if (weight > 0 && weight <= MOST) {
        return new Weighted(word.substring(0, at), weight);
      }
    } catch (NumberFormatException e) {
      String name = word.substring(0, at);
      if (!Datasets.named(name) && !Datasets.isFolder(name)) {
        return new Weighted(word, 1);
      }
    }
    throw new UserError(
        "dataset: expected a weight of more than 0, at most %.0f, got '%s' — change %s"
            .formatted(MOST, number, word));
  }

  @Override
  public String toString() {
    return weight == 1 ? name : name + "=" + weight;
  }
}
