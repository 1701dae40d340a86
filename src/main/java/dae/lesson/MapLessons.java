package dae.lesson;

import static dae.op.Clip.clip;
import static dae.op.LeakyRelu.leakyRelu;
import static dae.op.Relu.relu;
import static dae.op.Sigmoid.sigmoid;

import dae.graph.Graph;
import dae.graph.Value;
import dae.op.Clip;
import dae.op.LeakyRelu;
import dae.op.Relu;
import dae.op.Sigmoid;
import dae.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/// Number to number.
final class MapLessons {
  static final List<Lesson> FIRST =
      List.of(
          new Lesson(
              "relu",
              Relu.class,
              List.of("rectifier", "rectifiedlinearunit"),
              "what a gradient is: how much the loss changes with each number",
              List.of(
                  new Example("Four numbers, two of them negative.", x -> relu("relu", x.get(0)))
                      .image("x", 1, 4, 1, -2, 1, 3, -1)
                      .dy(5, 6, 7, 8)
                      .byHand("dx", 1, "1·6")
                      .byHand("dx", 3, "0·8")),
              List::of),
          new Lesson(
              "leaky_relu",
              LeakyRelu.class,
              List.of(),
              "the same without a flat side on which nothing learns",
              List.of(
                  new Example(
                          "Four numbers, two of them negative.", x -> leakyRelu("relu", x.get(0)))
                      .image("x", 1, 4, 1, -20, 10, 30, -10)
                      .dy(50, 60, 70, 80)
                      .byHand("y", 0, "0.1·(−20)")
                      .byHand("dx", 0, "0.1·50")
                      .byHand("dx", 1, "1·60")),
              List::of),
          new Lesson(
              "sigmoid",
              Sigmoid.class,
              List.of("logistic"),
              "a slope that can be computed from the output alone",
              List.of(
                  new Example("Three numbers.", x -> sigmoid("sigmoid", x.get(0)))
                      .image("x", 1, 3, 1, -2, 0, 2)
                      .dy(1, 4, 1)
                      .step(1.0 / 64)
                      .byHand("dx", 0, "1·0.119·(1 − 0.119)")
                      .byHand("dx", 1, "4·0.5·(1 − 0.5)")),
              List::of),
          new Lesson(
              "clip",
              Clip.class,
              List.of("clamp"),
              "when not to believe the slope: nothing is cut while the network learns",
              List.of(
                  new Example(
                          "Training: what is beyond 0 and 1 stays.", x -> clip("clip", x.get(0)))
                      .image("x", 1, 4, 1, -0.5, 0.25, 0.75, 1.5)
                      .dy(1, 2, 3, 4)
                      .byHand("dx", 3, "1·4")),
              MapLessons::cut));

  private MapLessons() {}

  private static List<String> cut() {
    Shape row = Shape.image(1, 4, 1);
    double[] x = {-0.5, 0.25, 0.75, 1.5};
    Graph graph = new Graph();
    Value given = graph.input("x", row);
    double[] y =
        Inference.of(graph, clip("clip", given), plan -> plan.upload(given, Example.floats(x), 1));
    List<String> lines = new ArrayList<>(List.of("", "", "Inference: cut.", ""));
    lines.addAll(Grid.beside("forward", List.of(Grid.of("x", row, x), Grid.of("→ y", row, y))));
    return lines;
  }
}
