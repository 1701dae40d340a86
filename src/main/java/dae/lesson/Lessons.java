package dae.lesson;

import dae.UserError;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// All lessons, in the order in which a student reads them.
public final class Lessons {
  private static final List<Lesson> ALL =
      Stream.of(
              MapLessons.FIRST,
              LossLessons.FIRST,
              PlacementLessons.ALL,
              ProductLessons.ALL,
              LossLessons.LATER,
              PlacementLessons.DATA)
          .flatMap(List::stream)
          .toList();

  private Lessons() {}

  /// The reading path.
  public static List<Lesson> all() {
    return ALL;
  }

  /// The lesson of an op, by its name in whatever spelling, or by what others call it.
  ///
  /// @throws UserError that lists the names, if there is none
  public static Lesson named(String typed) {
    String word = plain(typed);
    return ALL.stream()
        .filter(lesson -> plain(lesson.name()).equals(word) || lesson.aliases().contains(word))
        .findFirst()
        .orElseThrow(() ->
            new UserError(
                "explain: expected one of %s, got '%s' — name another"
                    .formatted(
                        ALL.stream().map(Lesson::name).collect(Collectors.joining(", ")),
                        typed.replaceAll("\\R", " "))));
  }

  private static String plain(String name) {
    return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
  }
}
