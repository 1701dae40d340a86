package dae.lesson;

import static dae.op.BatchNorm.batchNorm;
import static dae.op.Conv2d.conv2d;
import static dae.op.ConvTranspose2d.convTranspose2d;

import dae.graph.Value;
import dae.op.BatchNorm;
import dae.op.Conv2d;
import dae.op.ConvTranspose2d;
import dae.tensor.Shape;
import java.util.List;
import java.util.function.Function;

/// Convolution, its transpose, and the norm behind them.
final class ProductLessons {
  private static final Shape WINDOW = Shape.filter(3, 3, 1, 1);
  private static final Shape ONE = Shape.vector(1);
  private static final double[] IN_FIRST_ROW = {1, 10, 100, 0, 0, 0, 0, 0, 0};

  static final List<Lesson> ALL =
      List.of(
          new Lesson(
              "conv2d",
              Conv2d.class,
              List.of("conv", "convolution", "convolution2d"),
              "one product with three gradients: who touched whom, how hard",
              List.of(
                  new Example(
                          "A 4×4 image, a 3×3 window, stride 1: a border of one 0 all around.",
                          x -> conv2d("op", x.get(0), 1, 3, 1))
                      .image("x", 4, 4, 1, 1, 2, 0, 1, 0, 1, 3, 0, 2, 0, 1, 1, 1, 1, 0, 2)
                      .parameter("w", "op/kernel", WINDOW, 1, 0, 2, 0, 1, 0, 0, 3, -1)
                      .parameter("b", "op/bias", ONE, 1)
                      .dy(1, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0)
                      .byHand("y", 0, "1 + 1·1 + 2·0 + 0·3 + 1·(−1)")
                      .byHand("dx", 0, "1·1 + 2·1")
                      .byHand("dx", 5, "1·(−1) + 2·1")
                      .byHand("dw", 0, "2·1 + 1·3")
                      .byHand("dw", 8, "1·1 + 2·1")
                      .byHand("db", 0, "1 + 2 + 1"),
                  new Example(
                          "One row of 4, stride 2: no 0 in front, one behind. Rows not shown are 0.",
                          x -> conv2d("op", x.get(0), 1, 3, 2))
                      .image("x", 2, 4, 1, 1, 2, 3, 4, 0, 0, 0, 0)
                      .parameter("w", "op/kernel", WINDOW, IN_FIRST_ROW)
                      .parameter("b", "op/bias", ONE, 0)
                      .dy(1, 2)
                      .firstRow()
                      .byHand("y", 0, "1·1 + 2·10 + 3·100")
                      .byHand("y", 1, "3·1 + 4·10")
                      .byHand("dx", 2, "1·100 + 2·1")
                      .more(worked -> Matrix.of(worked, x -> conv2d("op", x.get(0), 1, 3, 2)))),
              List::of),
          new Lesson(
              "conv_transpose2d",
              ConvTranspose2d.class,
              List.of(
                  "conv2dtranspose",
                  "convtranspose",
                  "transposedconv",
                  "transposedconvolution",
                  "transposedconv2d",
                  "deconv",
                  "deconv2d",
                  "deconvolution"),
              "the same product read from the other end",
              List.of(
                  new Example(
                          "One row of 2, stride 2: one number cut off behind. Rows not shown are 0.",
                          layer(3))
                      .image("x", 1, 2, 1, 1, 2)
                      .parameter("w", "op/kernel", WINDOW, IN_FIRST_ROW)
                      .parameter("b", "op/bias", ONE, 0)
                      .dy(1, 2, 3, 4, 0, 0, 0, 0)
                      .firstRow()
                      .byHand("y", 2, "1·100 + 2·1")
                      .byHand("dx", 0, "1·1 + 2·10 + 3·100")
                      .byHand("dx", 1, "3·1 + 4·10")
                      .byHand("dw", 0, "1·1 + 2·3")
                      .byHand("dw", 2, "1·3")
                      .byHand("db", 0, "1 + 2 + 3 + 4")
                      .more(Matrix::adjoint)
                      .more(worked -> Matrix.of(worked, layer(3))),
                  new Example(
                          "Four stamps of 3×3, stride 2: the fifth row and column are cut off.",
                          layer(3))
                      .image("x", 2, 2, 1, 1, 2, 3, 0)
                      .parameter("w", "op/kernel", WINDOW, 1, 0, 2, 0, 5, 0, 3, 0, 1)
                      .parameter("b", "op/bias", ONE, 1)
                      .dy(1, 0, 0, 0, 0, 2, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0)
                      .byHand("y", 2, "1 + 1·2 + 2·1")
                      .byHand("y", 10, "1 + 1·1 + 2·3 + 3·2 + 0·1")
                      .byHand("dx", 0, "1·1 + 2·5 + 1·1")
                      .byHand("dw", 8, "1·1")),
              Stamps::touched),
          new Lesson(
              "batch_norm",
              BatchNorm.class,
              List.of("batchnormalization", "batchnormalisation", "batchnorm2d", "bn"),
              "three paths through one formula",
              List.of(
                  new Example("Four numbers, γ = 1, β = 0.", x -> batchNorm("op", x.get(0)))
                      .image("x", 1, 4, 1, 5, 5, 1, 1)
                      .parameter("γ", "op/gamma", ONE, 1)
                      .parameter("β", "op/beta", ONE, 0)
                      .dy(1, 0, 0, 0)
                      .step(1.0 / 64)
                      .byHand("dβ", 0, "1 + 0 + 0 + 0")
                      .byHand("dx", 0, "0.5·(1 − 1 / 4 − 1 / 4)")
                      .byHand("dx", 1, "0.5·(0 − 1 / 4 − 1 / 4)")
                      .byHand("dx", 2, "0.5·(0 − 1 / 4 − (−1) / 4)")
                      .more(NormPaths::of),
                  new Example(
                          "A 1×1 convolution in front: its bias gets no gradient.",
                          x -> batchNorm("op", conv2d("conv", x.get(0), 1, 1, 1)))
                      .image("x", 1, 4, 1, 5, 5, 1, 1)
                      .parameter("w", "conv/kernel", Shape.filter(1, 1, 1, 1), 1)
                      .parameter("b", "conv/bias", ONE, 7)
                      .dy(1, 0, 0, 0)
                      .step(1.0 / 64)
                      .byHand("db", 0, "0.25 − 0.25 + 0 + 0")),
              List::of));

  private ProductLessons() {}

  static Function<List<Value>, Value> layer(int kernel) {
    return x -> convTranspose2d("op", x.get(0), 1, kernel, 2);
  }
}
