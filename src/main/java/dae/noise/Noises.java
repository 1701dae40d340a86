package dae.noise;

import dae.UserError;
import java.util.List;
import java.util.function.Function;

/// All kinds of damage, by name.
public final class Noises {
  /// The article's.
  public static final String DEFAULT = "gaussian:0.1";

  /// @param name before the colon
  /// @param usage how its word is written
  /// @param of makes it from what follows the colon
  private record Kind(String name, String usage, Function<String, Noise> of) {}

  private static final List<Kind> ALL =
      List.of(
          new Kind(GaussianNoise.NAME, "gaussian:SIGMA", GaussianNoise::of),
          new Kind(PoissonNoise.NAME, "poisson:PEAK", PoissonNoise::of),
          new Kind(SaltPepperNoise.NAME, "salt-pepper:SHARE", SaltPepperNoise::of));

  private Noises() {}

  /// Finds a kind by its word. A number alone is the σ of [GaussianNoise].
  ///
  /// @throws UserError that lists the kinds there are
  public static Noise named(String word) {
    int colon = word.indexOf(':');
    if (colon < 0) {
      try {
        return new GaussianNoise(Double.parseDouble(word));
      } catch (NumberFormatException e) {
        throw unknown(word);
      }
    }
    String name = word.substring(0, colon);
    return ALL.stream()
        .filter(kind -> kind.name.equals(name))
        .findFirst()
        .orElseThrow(() -> unknown(word))
        .of
        .apply(word.substring(colon + 1));
  }

  /// A number out of a word.
  ///
  /// @param expected how the word is written
  /// @param got what stands behind its colon
  /// @throws UserError if it is none
  static double number(String text, String expected, String got) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw new UserError(
          "noise: expected %s, got '%s' — change --noise".formatted(expected, got), e);
    }
  }

  /// @throws UserError unless the number lies between two others
  static void require(double number, int least, int most) {
    if (!(number >= least && number <= most)) {
      throw new UserError(
          "noise: expected %d to %d, got %s — change --noise".formatted(least, most, text(number)));
    }
  }

  /// A number in a word: `0.1`, `100`.
  static String text(double number) {
    String text = Double.toString(number);
    return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
  }

  private static UserError unknown(String word) {
    return new UserError(
        "noise: expected one of %s, got '%s' — change --noise"
            .formatted(String.join(", ", ALL.stream().map(Kind::usage).toList()), word));
  }
}
