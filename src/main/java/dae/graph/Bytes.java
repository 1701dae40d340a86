package dae.graph;

import dae.tensor.Shape;

/// Stored images as an input of a graph: N·H·W·C unsigned bytes, interleaved, that the host hands
/// over before each run ([Plan#feed]). An op turns them into floats ([Step#bytes]).
public final class Bytes {
  private final Graph graph;
  private final String name;
  private final Shape shape;

  Bytes(Graph graph, String name, Shape shape) {
    this.graph = graph;
    this.name = name;
    this.shape = shape;
  }

  /// The graph whose ops may read them.
  public Graph graph() {
    return graph;
  }

  /// The shape of the images.
  public Shape shape() {
    return shape;
  }

  @Override
  public String toString() {
    return name + " " + shape;
  }
}
