package dae.lesson;

import static dae.op.AbsoluteError.absoluteError;
import static dae.op.MeanSquaredError.meanSquaredError;
import static dae.op.PsnrError.psnrError;
import static dae.op.RepairError.repairError;

import dae.op.AbsoluteError;
import dae.op.MeanSquaredError;
import dae.op.PsnrError;
import dae.op.RepairError;
import java.util.List;

/// What is to become small.
final class LossLessons {
  static final List<Lesson> FIRST =
      List.of(
          new Lesson(
              "mean_squared_error",
              MeanSquaredError.class,
              List.of("mse", "l2", "mseloss"),
              "where the chain of gradients starts",
              List.of(
                  new Example(
                          "A prediction p of four pixels and its target t.",
                          x -> meanSquaredError("loss", x.get(0), x.get(1)))
                      .image("p", 2, 2, 1, 3, 1, 4, 1)
                      .image("t", 2, 2, 1, 1, 1, 8, 3)
                      .byHand("L", 0, "(2·2 + 0·0 + 4·4 + 2·2) / 4")
                      .byHand("dp", 0, "2·(3 − 1) / 4")
                      .byHand("dp", 2, "2·(4 − 8) / 4")),
              List::of),
          new Lesson(
              "absolute_error",
              AbsoluteError.class,
              List.of("mae", "l1", "l1loss", "meanabsoluteerror"),
              "a loss that asks for the median instead of the mean",
              List.of(
                  new Example(
                          "A prediction p of four pixels and its target t.",
                          x -> absoluteError("loss", x.get(0), x.get(1)))
                      .image("p", 2, 2, 1, 3, 2, 4, 1)
                      .image("t", 2, 2, 1, 1, 1, 8, 2)
                      .byHand("L", 0, "(2 + 1 + 4 + 1) / 4")
                      .byHand("dp", 0, "1 / 4")
                      .byHand("dp", 2, "(−1) / 4")),
              List::of));

  static final List<Lesson> LATER =
      List.of(
          new Lesson(
              "psnr_error",
              PsnrError.class,
              List.of("psnr", "psnrloss"),
              "a loss in which each image has one voice",
              List.of(
                  new Example(
                          "Four pixels: e = (0.1·0.1 + 0.2·0.2) / 4 = 0.0125, and L = log(1 + 125).",
                          x -> psnrError("loss", x.get(0), x.get(1)))
                      .image("p", 2, 2, 1, 0.5, 0.5, 0.5, 0.5)
                      .image("t", 2, 2, 1, 0.4, 0.5, 0.7, 0.5)
                      .step(1.0 / 2048)
                      .byHand("dp", 0, "2·(0.5 − 0.4) / (4·(0.0125 + 0.0001))")
                      .byHand("dp", 2, "2·(0.5 − 0.7) / (4·(0.0125 + 0.0001))")
                      .byHand("dt", 0, "2·(0.4 − 0.5) / (4·(0.0125 + 0.0001))"),
                  new Example(
                          "A tenth of the errors: e = 0.000125, L = log(1 + 1.25), slopes 5.6 times.",
                          x -> psnrError("loss", x.get(0), x.get(1)))
                      .image("p", 2, 2, 1, 0.5, 0.5, 0.5, 0.5)
                      .image("t", 2, 2, 1, 0.49, 0.5, 0.52, 0.5)
                      .step(1.0 / 8192)
                      .byHand("dp", 0, "2·(0.5 − 0.49) / (4·(0.000125 + 0.0001))")),
              List::of),
          new Lesson(
              "repair_error",
              RepairError.class,
              List.of("repair", "repairloss"),
              "three losses in one, and an exponential that never overflows",
              List.of(
                  new Example(
                          "Two pixels, the first covered: e = 0.025, u = 0.02, B = log 2, log 1.135.",
                          x ->
                              repairError("loss", x.get(0), x.get(1), x.get(2), x.get(3), x.get(4)))
                      .image("p", 2, 1, 1, 0.5, 0.5)
                      .data("t", 2, 1, 1, 0.4, 0.7)
                      .image("z", 2, 1, 1, 0, -2)
                      .data("c", 2, 1, 1, 1, 0)
                      .image("q", 2, 1, 1, 0.6, 0.5)
                      .step(1.0 / 2048)
                      .byHand("L", 0, "7.8244 + 7.6014 + (0.6931 + 0.1269) / 2")
                      .byHand("dp", 0, "2·(0.5 − 0.4) / (2·(0.025 + 0.00001))")
                      .byHand("dq", 0, "2·1·1·(0.6 − 0.4) / (2·(0.02 + 0.00001))")
                      .byHand("dz", 0, "(0.5 − 1) / 2")
                      .byHand("dz", 1, "(0.119 − 0) / 2")),
              List::of));

  private LossLessons() {}
}
