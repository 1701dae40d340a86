package dae.lesson;

/// A sum as it is written for people, `2·(3 − 1) / 4`, computed.
final class Sum {
  private final String text;
  private int at;

  Sum(String text) {
    this.text = text.replace(" ", "").replace('−', '-');
  }

  double value() {
    double value = terms();
    if (at < text.length()) {
      throw new IllegalArgumentException(text + ": expected a sum, got " + text.substring(at));
    }
    return value;
  }

  private boolean next(char sign) {
    boolean is = at < text.length() && text.charAt(at) == sign;
    at += is ? 1 : 0;
    return is;
  }

  private double terms() {
    double sum = next('-') ? -factors() : factors();
    while (true) {
      if (next('+')) {
        sum += factors();
      } else if (next('-')) {
        sum -= factors();
      } else {
        return sum;
      }
    }
  }

  private double factors() {
    double product = factor();
    while (true) {
      if (next('·')) {
        product *= factor();
      } else if (next('/')) {
        product /= factor();
      } else {
        return product;
      }
    }
  }

  private double factor() {
    if (next('(')) {
      double value = terms();
      if (!next(')')) {
        throw new IllegalArgumentException(text + ": expected ) at " + at);
      }
      return value;
    }
    int from = at;
    while (at < text.length() && (Character.isDigit(text.charAt(at)) || text.charAt(at) == '.')) {
      at++;
    }
    return Double.parseDouble(text.substring(from, at));
  }
}
