package dae.noise;

import dae.UserError;
import dae.random.Draws;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a word says about a number: the number itself, or two between which one is drawn for each
/// picture.
///
/// @param low the smaller
/// @param high the larger, or the same
record Range(double low, double high) {
  private static final String NUMBER = "(\\d+\\.?\\d*(?:[eE][-+]?\\d+)?|\\.\\d+(?:[eE][-+]?\\d+)?)";
  private static final Pattern FORM = Pattern.compile(NUMBER + "(?:-" + NUMBER + ")?");

  /// Reads `0.1` or `0-0.3`.
  ///
  /// @param name of the kind, for the message
  /// @param least that either may be
  /// @param most that either may be
  /// @throws UserError if it is no such number or range
  static Range parse(String name, String text, double least, double most) {
    Matcher form = FORM.matcher(text);
    if (form.matches()) {
      double low = Double.parseDouble(form.group(1));
      double high = form.group(2) == null ? low : Double.parseDouble(form.group(2));
      if (least <= low && low <= high && high <= most) {
        return new Range(low, high);
      }
    }
    throw new UserError(
        "noise: expected %s:N or %s:FROM-TO with numbers from %s to %s, got '%s:%s' — change --noise"
            .formatted(name, name, Noises.text(least), Noises.text(most), name, text));
  }

  /// Evenly between the two.
  double draw(Draws draws) {
    return low + draws.uniform() * (high - low);
  }

  /// Evenly in their logarithms: as often from 1 to 10 as from 10 to 100.
  double drawByLogarithm(Draws draws) {
    return low * StrictMath.pow(high / low, draws.uniform());
  }

  /// Whether there is nothing to draw.
  boolean isNumber() {
    return low == high;
  }

  /// As it is parsed.
  @Override
  public String toString() {
    return isNumber() ? Noises.text(low) : Noises.text(low) + "-" + Noises.text(high);
  }
}
