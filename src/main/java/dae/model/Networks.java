package dae.model;

import dae.UserError;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// All networks, by name.
public final class Networks {
  /// The article's.
  public static final String DEFAULT = "article:32";

  /// The most channels of a layer, or blocks.
  private static final int MOST = 512;

  /// Networks that differ in their sizes only.
  ///
  /// @param name before the colon
  /// @param usage how its word is written
  /// @param sizes what follows the colon where nothing does, numbers of channels or blocks
  /// @param of makes one from what follows the colon
  record Family(
      String name, String usage, List<Integer> sizes, Function<List<Integer>, Network> of) {
    /// The word of one.
    String word(int... given) {
      return name
          + ":"
          + IntStream.of(given).mapToObj(Integer::toString).collect(Collectors.joining(","));
    }

    /// @throws UserError if a size is out of range
    void require(int... given) {
      for (int size : given) {
        if (size < 1 || size > MOST) {
          throw new UserError(
              "network: expected 1 to %d, got %d in %s — change --arch or --width"
                  .formatted(MOST, size, word(given)));
        }
      }
    }

    private Network parse(String given) {
      try {
        List<Integer> numbers = Arrays.stream(given.split(",", -1)).map(Integer::valueOf).toList();
        if (numbers.size() == sizes.size()) {
          return of.apply(numbers);
        }
      } catch (NumberFormatException e) {
        // Answered below.
      }
      throw new UserError(
          "network: expected %s, got '%s:%s' — change --arch".formatted(usage, name, given));
    }
  }

  private static final List<Family> ALL =
      List.of(
          ArticleNetwork.FAMILY,
          ResidualNetwork.FAMILY,
          PlainNetwork.FAMILY,
          DenseNetwork.FAMILY,
          EdsrNetwork.FAMILY,
          UNet.FAMILY,
          RestoreNetwork.FAMILY);

  private Networks() {}

  /// Finds a network by its word.
  ///
  /// @throws UserError that lists the networks there are, or says what is wrong with its sizes
  public static Network named(String word) {
    return named(word, ALL);
  }

  /// Every network in its usual sizes.
  public static List<Network> all() {
    return ALL.stream().map(family -> family.of.apply(family.sizes)).toList();
  }

  /// The word of the article's network with this many filters in its first layer, which older
  /// settings and `--width` name by that number alone.
  public static String ofWidth(Object width) {
    return ArticleNetwork.FAMILY.name + ":" + width;
  }

  static Network named(String word, List<Family> families) {
    int colon = word.indexOf(':');
    String name = colon < 0 ? word : word.substring(0, colon);
    Family found =
        families.stream()
            .filter(family -> family.name.equals(name))
            .findFirst()
            .orElseThrow(() ->
                new UserError(
                    "network: expected one of %s, got '%s' — change --arch"
                        .formatted(
                            String.join(", ", families.stream().map(Family::usage).toList()),
                            word)));
    return colon < 0 ? found.of.apply(found.sizes) : found.parse(word.substring(colon + 1));
  }
}
