package dae.noise;

import dae.UserError;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;

/// All kinds of damage, by name.
public final class Noises {
  /// The article's.
  public static final String DEFAULT = "gaussian:0.1";

  /// A mix for photographs.
  public static final String REAL = "real";

  /// What pictures bring along that come in pairs.
  public static final String PAIRS = "pairs";

  /// @param name before the colon
  /// @param usage how its word is written
  /// @param sample a word that shows what it does; null where there is nothing to be seen
  /// @param what it is, in a few words
  /// @param of makes it from what follows the colon, null where nothing does
  private record Entry(
      String name, String usage, String sample, String what, Function<String, Kind> of) {
    static Entry alone(String name, String what, Kind kind) {
      return new Entry(
          name,
          name,
          null,
          what,
          text -> {
            if (text != null) {
              throw new UserError(
                  "noise: expected %s alone, got '%s:%s' — change --noise"
                      .formatted(name, name, text));
            }
            return kind;
          });
    }

    static Entry painted(String name, String what, Painter painter) {
      return new Entry(
          name,
          name + "[:SHARE]",
          name,
          what,
          text -> text == null ? painter : Sometimes.of(painter, text));
    }

    Kind kind(String text) {
      if (text == null && usage.startsWith(name + ":")) {
        throw new UserError("noise: expected %s, got '%s' — change --noise".formatted(usage, name));
      }
      return of.apply(text);
    }
  }

  private static final List<Entry> ALL =
      List.of(
          new Entry(
              GaussianNoise.NAME,
              "gaussian:SIGMA",
              DEFAULT,
              "the same at all brightnesses; 0 to 1, or a range such as 0-0.3",
              GaussianNoise::of),
          new Entry(
              PoissonNoise.NAME,
              "poisson:PEAK",
              "poisson:30",
              "of single photons, PEAK of them at white; 1 to 10000",
              PoissonNoise::of),
          new Entry(
              SaltPepperNoise.NAME,
              "salt-pepper:SHARE",
              "salt-pepper:0.05",
              "lost pixels, black and white; 0 to 1",
              SaltPepperNoise::of),
          new Entry(
              Camera.NAME,
              "camera:SHOT",
              "camera:3e-3",
              "what a photograph keeps of its sensor's; 1e-7 to 0.1, or a range such as 1e-6-3e-3",
              Camera::new),
          new Entry(
              Jpeg.NAME,
              "jpeg:QUALITY",
              "jpeg:10",
              "what saving costs; 1 to 100, or a range such as 30-95",
              Jpeg::new),
          new Entry(
              Soft.NAME,
              "soft:SIGMA",
              "soft:0.05",
              "what a camera leaves of its noise; 1e-4 to 1, or a range such as 0.002-0.05",
              Soft::new),
          Entry.painted(Stains.NAME, "coffee", new Stains()),
          Entry.painted(Marker.NAME, "strokes of pens, markers, highlighters", new Marker()),
          Entry.painted(Scratches.NAME, "thin lines of a film or print", new Scratches()),
          Entry.painted(Dust.NAME, "specks and hairs", new Dust()),
          Entry.painted(Creases.NAME, "folds and tears", new Creases()),
          Entry.painted(Fade.NAME, "lost contrast, yellow cast, dark corners", new Fade()),
          Entry.painted(OldPhoto.NAME, "a mix of these but fade, for prints", new OldPhoto()),
          Entry.painted(
              REAL, "a mix for photographs: camera, jpeg, soft, gaussian, nothing", new Real()),
          Entry.alone(PAIRS, "what pictures have that come in pairs", new Pairs()),
          Entry.alone(None.NAME, "nothing is done", new None()));

  private Noises() {}

  /// Finds damage by its word: a kind, or several joined by `+` in the order in which they come. A
  /// number alone is the σ of [GaussianNoise].
  ///
  /// @throws UserError that lists the kinds there are, or says what is wrong with a number
  public static Noise named(String word) {
    // Not at an exponent's plus.
    return new Noise(Arrays.stream(word.split("(?<![eE])\\+", -1)).map(Noises::kind).toList());
  }

  /// Finds a single kind.
  static Kind kind(String word) {
    int colon = word.indexOf(':');
    String name = colon < 0 ? word : word.substring(0, colon);
    String text = colon < 0 ? null : word.substring(colon + 1);
    for (Entry entry : ALL) {
      if (entry.name.equals(name)) {
        return entry.kind(text);
      }
    }
    try {
      double sigma = Double.parseDouble(word);
      return GaussianNoise.of(text(sigma));
    } catch (NumberFormatException e) {
      throw new UserError(
          "noise: expected one of %s, or several joined by +, got '%s' — change --noise"
              .formatted(String.join(", ", ALL.stream().map(Entry::usage).toList()), word),
          e);
    }
  }

  /// A line for each kind: how its word is written, and what it is.
  public static List<String> usages() {
    return ALL.stream().map(entry -> "%-18s %s".formatted(entry.usage, entry.what)).toList();
  }

  /// One of each kind, strong enough to be seen.
  public static List<Noise> samples() {
    return ALL.stream().map(Entry::sample).filter(Objects::nonNull).map(Noises::named).toList();
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
    return Double.toString(number).replaceAll("\\.0(?!\\d)", "").replace('E', 'e');
  }
}
