package dae.model;

import dae.UserError;
import java.util.List;
import java.util.function.Function;

/// All networks, by name.
public final class Networks {
  /// The article's.
  public static final String DEFAULT = "article:32";

  /// Networks that differ in their sizes only.
  ///
  /// @param name before the colon
  /// @param usage how its word is written
  /// @param of makes one from what follows the colon
  record Family(String name, String usage, Function<String, Network> of) {}

  private static final List<Family> ALL = List.of(ArticleNetwork.FAMILY);

  private Networks() {}

  /// Finds a network by its word.
  ///
  /// @throws UserError that lists the networks there are, or says what is wrong with its sizes
  public static Network named(String word) {
    return named(word, ALL);
  }

  /// The word of the article's network with this many filters in its first layer, which older
  /// settings and `--width` name by that number alone.
  public static String ofWidth(Object width) {
    return ArticleNetwork.FAMILY.name + ":" + width;
  }

  static Network named(String word, List<Family> families) {
    int colon = word.indexOf(':');
    String name = colon < 0 ? word : word.substring(0, colon);
    return families.stream()
        .filter(family -> family.name.equals(name))
        .findFirst()
        .orElseThrow(() ->
            new UserError(
                "network: expected one of %s, got '%s' — change --arch"
                    .formatted(
                        String.join(", ", families.stream().map(Family::usage).toList()), word)))
        .of
        .apply(colon < 0 ? "" : word.substring(colon + 1));
  }
}
