package dae.lesson;

import dae.backend.Backends;
import dae.graph.Mode;
import dae.graph.Probe;
import dae.graph.Value;
import dae.kernel.Backend;
import dae.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// An op at hand-size numbers: what goes in, by whole numbers where that is possible, and what
/// comes from behind as dy. [#work] runs it on the scalar kernels, forwards and backwards, and
/// differentiates the forward pass numerically.
final class Example {
  /// Something with a gradient, or data.
  ///
  /// @param parameter its name in the graph; null for an image that goes in
  private record Given(
      String letter, String parameter, Shape shape, double[] values, boolean learns) {}

  /// A sum that a reader can add up.
  ///
  /// @param of the letter of a result, such as dx
  /// @param at which of its numbers, counted from 0 on
  /// @param sum the numbers that make it, such as `1·10 + 2·3`
  record Hand(String of, int at, String sum) {}

  final String title;
  private final Function<List<Value>, Value> op;
  private final List<Given> given = new ArrayList<>();
  private final List<Hand> hands = new ArrayList<>();
  private final List<Function<Worked, List<String>>> more = new ArrayList<>();
  private double[] dy = {1};
  private double h = 1.0 / 16;
  private boolean firstRow;

  Example(String title, Function<List<Value>, Value> op) {
    this.title = title;
    this.op = op;
  }

  /// An image that goes in and wants a gradient.
  Example image(String letter, int h, int w, int c, double... values) {
    given.add(new Given(letter, null, Shape.image(h, w, c), values, true));
    return this;
  }

  /// An image that is data.
  Example data(String letter, int h, int w, int c, double... values) {
    given.add(new Given(letter, null, Shape.image(h, w, c), values, false));
    return this;
  }

  /// Values of a parameter that the op learns.
  Example parameter(String letter, String name, Shape shape, double... values) {
    given.add(new Given(letter, name, shape, values, true));
    return this;
  }

  /// The gradient from behind; a loss needs none.
  Example dy(double... values) {
    dy = values;
    return this;
  }

  /// The step of the central differences, where functions are curved.
  Example step(double h) {
    this.h = h;
    return this;
  }

  /// Shows the first row of everything: of a filter that one of its rows in which it is not 0.
  Example firstRow() {
    firstRow = true;
    return this;
  }

  Example byHand(String of, int at, String sum) {
    hands.add(new Hand(of, at, sum));
    return this;
  }

  /// Lines that say more of what was worked.
  Example more(Function<Worked, List<String>> lines) {
    more.add(lines);
    return this;
  }

  /// Runs it.
  Worked work() {
    List<Given> images = given.stream().filter(g -> g.parameter == null).toList();
    List<Probe.Leaf> leaves =
        images.stream().map(g -> new Probe.Leaf(g.letter, g.shape, g.learns)).toList();
    try (Backend backend = Backends.open("scalar", 1);
        Probe probe = new Probe(backend, Mode.PLAIN_TRAINING, leaves, op)) {
      for (Given g : given) {
        set(probe, images, g, g.values);
      }
      double[] y = doubles(probe.forward());
      probe.backward(floats(dy));
      List<Worked.Part> parts = new ArrayList<>();
      for (Given g : given) {
        double[] gradient =
            g.learns ? doubles(probe.gradient(g.parameter == null ? g.letter : g.parameter)) : null;
        parts.add(new Worked.Part(g.letter, g.shape, g.values, gradient, new double[0]));
      }
      for (int i = 0; i < parts.size(); i++) {
        Worked.Part part = parts.get(i);
        parts.set(i, part.learns() ? part.with(slopes(probe, images, given.get(i))) : part);
      }
      return new Worked(this, parts, probe.output(), y, dy, h, firstRow, hands, more);
    }
  }

  /// (f(x + h) − f(x − h)) / 2h for each number x in turn, where f = Σ y·dy.
  private double[] slopes(Probe probe, List<Given> images, Given g) {
    double[] slopes = new double[g.values.length];
    for (int i = 0; i < slopes.length; i++) {
      double[] moved = g.values.clone();
      moved[i] = g.values[i] + h;
      set(probe, images, g, moved);
      double above = dot(doubles(probe.forward()), dy);
      moved[i] = g.values[i] - h;
      set(probe, images, g, moved);
      slopes[i] = (above - dot(doubles(probe.forward()), dy)) / (2 * h);
    }
    set(probe, images, g, g.values);
    return slopes;
  }

  private static void set(Probe probe, List<Given> images, Given g, double[] values) {
    if (g.parameter == null) {
      probe.set(images.indexOf(g), floats(values));
    } else {
      probe.parameters().set(g.parameter, floats(values));
    }
  }

  static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  static float[] floats(double[] values) {
    float[] narrow = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      narrow[i] = (float) values[i];
    }
    return narrow;
  }

  static double[] doubles(float[] values) {
    double[] wide = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      wide[i] = values[i];
    }
    return wide;
  }
}
