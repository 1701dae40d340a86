package dae.tensor;

/// Checks made while a graph is built. Every message reads *who: expected … got … — what to do*.
public final class Check {
  private Check() {}

  /// Throws unless the two shapes are the same.
  public static void same(String who, Shape expected, Shape got) {
    that(expected.equals(got), who, "" + expected, "" + got, "give both sides the same shape");
  }

  /// Throws unless the shape is a batch of images.
  public static void image(String who, Shape got) {
    that(got.isImage(), who, "an image N×H×W×C", "" + got, "feed it feature maps");
  }

  /// Throws `IllegalArgumentException` unless the condition holds.
  public static void that(
      boolean condition, String who, String expected, String got, String advice) {
    if (!condition) {
      throw new IllegalArgumentException(
          who + ": expected " + expected + ", got " + got + " — " + advice);
    }
  }
}
