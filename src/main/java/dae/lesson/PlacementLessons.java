package dae.lesson;

import static dae.op.Add.add;
import static dae.op.Blend.blend;
import static dae.op.Concat.concat;
import static dae.op.Fill.fill;
import static dae.op.Pixels.pixels;
import static dae.op.Slice.slice;

import dae.graph.Bytes;
import dae.graph.Graph;
import dae.op.Add;
import dae.op.Blend;
import dae.op.Concat;
import dae.op.Fill;
import dae.op.Pixels;
import dae.op.Slice;
import dae.tensor.Shape;
import java.util.List;

/// Where numbers go, together or apart, and where they come from.
final class PlacementLessons {
  static final List<Lesson> ALL =
      List.of(
          new Lesson(
              "add",
              Add.class,
              List.of("sum", "residual"),
              "a gradient that goes two ways, and adds up where two come together",
              List.of(
                  new Example("Two images.", x -> add("sum", x.get(0), x.get(1)))
                      .image("a", 2, 2, 1, 1, 2, 3, 4)
                      .image("b", 2, 2, 1, 10, 20, 30, 40)
                      .dy(1, 0, 2, 5),
                  new Example(
                          "One image on both sides: what comes back both ways adds up.",
                          x -> add("sum", x.get(0), x.get(0)))
                      .image("a", 2, 2, 1, 1, 2, 3, 4)
                      .dy(1, 0, 2, 5)
                      .byHand("da", 3, "5 + 5")),
              List::of),
          new Lesson(
              "concat",
              Concat.class,
              List.of("concatenate", "concatenation", "cat", "skip"),
              "side by side; the gradient is cut where the output was joined",
              List.of(
                  new Example(
                          "Two pixels with one channel each; y has two.",
                          x -> concat("concat", x.get(0), x.get(1)))
                      .image("a", 1, 2, 1, 1, 2)
                      .image("b", 1, 2, 1, 10, 20)
                      .dy(1, 2, 3, 4)),
              List::of),
          new Lesson(
              "slice",
              Slice.class,
              List.of("split"),
              "a part alone; what is left out gets 0",
              List.of(
                  new Example(
                          "Channel 1 of two pixels with three channels each.",
                          x -> slice("slice", x.get(0), 1, 1))
                      .image("x", 1, 2, 3, 1, 10, 100, 2, 20, 200)
                      .dy(7, 8)),
              List::of),
          new Lesson(
              "blend",
              Blend.class,
              List.of("mask"),
              "the product rule, and a gradient that sums over channels",
              List.of(
                  new Example(
                          "Two pixels of two channels; the mask m has one number for each pixel.",
                          x -> blend("blend", x.get(0), x.get(1), x.get(2)))
                      .image("x", 1, 2, 2, 1, 2, 3, 4)
                      .image("m", 1, 2, 1, 0, 0.5)
                      .image("r", 1, 2, 2, 10, 20, 30, 40)
                      .dy(1, 2, 3, 4)
                      .byHand("dm", 0, "10·1 + 20·2")
                      .byHand("dm", 1, "30·3 + 40·4")
                      .byHand("dr", 2, "0.5·3")),
              List::of));

  static final List<Lesson> DATA =
      List.of(
          new Lesson(
              "pixels",
              Pixels.class,
              List.of("bytes"),
              "where a tape on stored images starts",
              List.of(),
              PlacementLessons::bytes),
          new Lesson(
              "fill",
              Fill.class,
              List.of("constant", "level"),
              "an output that depends on nothing",
              List.of(
                  new Example("A map of 0.1 beside an image.", x -> fill("fill", x.get(0), 0.1f))
                      .image("x", 1, 3, 1, 1, 2, 3)
                      .dy(1, 2, 3)),
              List::of));

  private PlacementLessons() {}

  private static List<String> bytes() {
    Shape row = Shape.image(1, 4, 1);
    byte[] fed = {0, 51, 102, (byte) 255};
    Graph graph = new Graph();
    Bytes images = graph.bytes("images", row);
    double[] y = Inference.of(graph, pixels(images), plan -> plan.feed(images, fed));
    return Grid.beside(
        "forward",
        List.of(Grid.of("bytes", row, new double[] {0, 51, 102, 255}), Grid.of("→ y", row, y)));
  }
}
