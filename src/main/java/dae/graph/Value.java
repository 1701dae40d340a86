package dae.graph;

import dae.tensor.Shape;

/// What flows along the tape: the output of an op, or an input of the graph. It has a shape, and a
/// place in memory only once a [Plan] is compiled.
public final class Value {
  private final Graph graph;
  private final String name;
  private final Shape shape;

  Value(Graph graph, String name, Shape shape) {
    this.graph = graph;
    this.name = name;
    this.shape = shape;
  }

  /// The graph that recorded it; ops add themselves there.
  public Graph graph() {
    return graph;
  }

  /// The label of the op that makes it, or the name of the input.
  public String name() {
    return name;
  }

  public Shape shape() {
    return shape;
  }

  @Override
  public String toString() {
    return name + " " + shape;
  }
}
