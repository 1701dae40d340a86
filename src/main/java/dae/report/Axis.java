package dae.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;

/// Values as places on a line, in parts of its length.
///
/// @param low value at 0
/// @param high value at 1
/// @param logarithmic whether equal lengths are equal factors
record Axis(double low, double high, boolean logarithmic) {
  private static final int ENOUGH = 3;
  private static final int TOO_MANY = 9;

  /// A line on which all values that can be shown have a place, with some air.
  static Axis around(boolean logarithmic, DoubleStream values) {
    double[] shown =
        values.filter(v -> Double.isFinite(v) && (v > 0 || !logarithmic)).sorted().toArray();
    if (shown.length == 0) {
      return logarithmic ? new Axis(0.001, 1, true) : new Axis(0, 1, false);
    }
    double low = shown[0];
    double high = shown[shown.length - 1];
    if (logarithmic) {
      double air = Math.max(1.05, Math.pow(high / low, 0.05));
      return new Axis(low / air, high * air, true);
    }
    return new Axis(Math.min(0, low), high <= 0 ? 1 : high * 1.05, false);
  }

  /// NaN where there is none.
  double at(double value) {
    double part =
        logarithmic ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
    return Double.isFinite(part) ? part : Double.NaN;
  }

  /// Round values to be written beside it.
  List<Double> ticks() {
    if (logarithmic) {
      for (int[] digits : new int[][] {{1}, {1, 3}, {1, 2, 5}, {1, 2, 3, 4, 5, 6, 7, 8, 9}}) {
        List<Double> ticks = decades(digits);
        if (ticks.size() >= ENOUGH) {
          return thinned(ticks);
        }
      }
    }
    double step = Math.pow(10, Math.floor(Math.log10((high - low) / ENOUGH)));
    for (double factor : new double[] {1, 2, 5, 10}) {
      if ((high - low) / (step * factor) <= 6) {
        return multiples(step * factor);
      }
    }
    return multiples(step * 10);
  }

  private static List<Double> thinned(List<Double> ticks) {
    int each = Math.ceilDiv(ticks.size(), TOO_MANY);
    List<Double> some = new ArrayList<>();
    for (int i = 0; i < ticks.size(); i += each) {
      some.add(ticks.get(i));
    }
    return some;
  }

  private List<Double> decades(int... digits) {
    List<Double> ticks = new ArrayList<>();
    int first = (int) Math.floor(Math.log10(low));
    int last = (int) Math.ceil(Math.log10(high));
    for (int power = first; power <= last; power++) {
      for (int digit : digits) {
        add(ticks, new BigDecimal(digit).scaleByPowerOfTen(power).doubleValue());
      }
    }
    return ticks;
  }

  private List<Double> multiples(double step) {
    List<Double> ticks = new ArrayList<>();
    for (long i = (long) Math.ceil(low / step); i * step <= high; i++) {
      add(ticks, i * step);
    }
    return ticks;
  }

  private void add(List<Double> ticks, double value) {
    if (value >= low && value <= high) {
      ticks.add(value);
    }
  }

  /// A tick's value, without the dust of binary fractions.
  static String label(double tick) {
    double size = Math.abs(tick);
    if (tick != 0 && (size < 1e-5 || size >= 1e5)) {
      DecimalFormatSymbols point = DecimalFormatSymbols.getInstance(Locale.ROOT);
      return new DecimalFormat("0.#####E0", point).format(tick).replace('E', 'e');
    }
    return new BigDecimal(tick).round(new MathContext(6)).stripTrailingZeros().toPlainString();
  }
}
