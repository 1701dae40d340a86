package dae.cli;

import dae.UserError;
import dae.data.Cut;
import dae.data.Dataset;
import dae.data.Datasets;
import dae.data.Images;
import dae.graph.Parameters;
import dae.graph.Room;
import dae.kernel.Backend;
import dae.model.Checkpoint;
import dae.model.Network;
import dae.noise.Noise;
import dae.noise.Noises;
import dae.report.Drawing;
import dae.report.Figure;
import dae.train.Evaluation;
import java.io.IOException;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.IntFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Measures a model on test images and draws the article's figure.
@Command(
    name = "evaluate",
    description = {
      "Measures a model on test images: mean squared error, PSNR and SSIM before and after.",
      "The noise is the same in every evaluation and validation, so that results can be compared."
    },
    footer = {
      "",
      "Examples:",
      "  java -jar dae-engine.jar evaluate --dataset cifar10",
      "  java -jar dae-engine.jar evaluate --model runs/first/best.safetensors"
    })
final class EvaluateCommand implements Callable<Integer> {
  private static final int SAMPLES = 10;

  @Mixin private ModelOption model;

  @Mixin private DataOptions data;

  @Option(
      names = "--dataset",
      paramLabel = "NAME",
      description =
          "cifar100, cifar10, leaves or a folder of pictures; may be repeated (default: cifar100 and"
              + " cifar10 if they are there, else leaves).")
  private List<String> datasets;

  @Option(
      names = "--noise",
      paramLabel = "WORD",
      description =
          "The noise, such as gaussian:0.1, or its standard deviation alone (default: what the model"
              + " was trained with).")
  private String noise;

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "Only the first N test images (default: all).")
  private Integer limit;

  @Option(
      names = "--batch-size",
      paramLabel = "N",
      description = "Images computed together; results do not depend on it.")
  private int batchSize = 128;

  @Option(
      names = "--ensemble",
      description =
          "Denoise each image in all eight orientations, turned and mirrored, and take the mean;"
              + " takes eight times as long.")
  private boolean ensemble;

  @Option(
      names = "--figure",
      paramLabel = "FILE",
      description =
          "Where to draw the first images; a new file (default: evaluation-<dataset>.png next to"
              + " the model; with the built-in one, nowhere).")
  private Path figure;

  @Mixin private BackendOptions machine;

  @Spec private CommandSpec spec;

  private PrintWriter out;
  private PrintWriter err;

  @Override
  public Integer call() {
    out = spec.commandLine().getOut();
    err = spec.commandLine().getErr();
    require(batchSize >= 1, "--batch-size", "at least 1", batchSize);
    require(limit == null || limit >= 1, "--limit", "at least 1", limit);
    Checkpoint checkpoint = model.load();
    Noise noisy = noise(checkpoint);
    List<String> names = names();
    require(figure == null || names.size() == 1, "--figure", "one --dataset", names);
    require(figure == null || !Files.exists(figure), "--figure", "no such file", figure);
    Deque<String> left = new ArrayDeque<>(names);
    return machine.work(
        machine.name(BackendOptions.AUTO),
        backend -> {
          err.println("device  " + backend.name());
          err.println("model   " + checkpoint.source());
          try (Parameters parameters = checkpoint.parameters(backend)) {
            while (!left.isEmpty()) {
              evaluate(left.peek(), parameters, checkpoint.network(), noisy, backend);
              left.remove();
            }
          }
          return 0;
        });
  }

  private static void require(boolean fits, String option, String expected, Object got) {
    if (!fits) {
      throw new UserError(
          "evaluate: expected " + expected + ", got " + got + " — change " + option);
    }
  }

  /// @throws UserError if it is not a noise that this program knows
  private Noise noise(Checkpoint checkpoint) {
    if (noise != null) {
      return Noises.named(noise);
    }
    String trained = checkpoint.metadata().getOrDefault("noise", Noises.DEFAULT);
    try {
      return Noises.named(trained);
    } catch (UserError e) {
      throw new UserError(
          "%s: expected a model whose noise this program knows, got '%s' — say it with --noise"
              .formatted(checkpoint.source(), trained),
          e);
    }
  }

  private List<String> names() {
    if (datasets != null) {
      return datasets;
    }
    List<String> found = List.of("cifar100", "cifar10").stream().filter(data::has).toList();
    if (!found.isEmpty()) {
      return found;
    }
    require(!data.given(), "--data", "CIFAR-100 or CIFAR-10 in it", data.folder());
    err.println("There is no CIFAR in " + data.folder() + ": evaluating on generated images.");
    return List.of("leaves");
  }

  private void evaluate(
      String name, Parameters parameters, Network network, Noise noisy, Backend backend) {
    Dataset dataset =
        Datasets.open(name, data.folder(), Cut.DEFAULT, w -> err.println("warning: " + w));
    Images images = limit == null ? dataset.test() : dataset.test().first(limit);
    Evaluation.Draft draft = requireRoom(network, noisy, images, backend);
    ProgressLine line = new ProgressLine(err);
    try (Evaluation evaluation = draft.open(parameters)) {
      Evaluation.Result result =
          evaluation
              .measureWithSsim(
                  done -> line.show(() -> ProgressLine.bar((double) done / images.count())),
                  () -> false)
              .orElseThrow();
      line.clear();
      double mse = result.denoised().mse();
      require(Double.isFinite(mse), "--model", "a model with finite results", mse);
      print(dataset.describe(), images.count(), noisy.word(), result);
      draw(name, evaluation);
    } finally {
      line.clear();
    }
  }

  private Evaluation.Draft requireRoom(
      Network network, Noise noisy, Images images, Backend backend) {
    IntFunction<Evaluation.Draft> draft =
        size -> new Evaluation.Draft(network, noisy, images, size, backend, ensemble);
    Evaluation.Draft asked = draft.apply(batchSize);
    new Room(backend)
        .requireBatches(
            "evaluate",
            batchSize,
            asked.bytes(),
            size -> draft.apply(size).bytes(),
            "take a smaller model");
    return asked;
  }

  private void print(String images, int count, String word, Evaluation.Result result) {
    double noisy = result.noisy().mse();
    double denoised = result.denoised().mse();
    String how = ensemble ? ", mean of eight orientations" : "";
    out.printf(Locale.ROOT, "%s: %d test images, noise %s%s%n", images, count, word, how);
    out.printf("%-22s %10s %10s%n", "against the original", "noisy", "denoised");
    row("MSE", "%.6f", noisy, denoised);
    row(
        "PSNR of the MSE (dB)",
        "%.3f",
        result.noisy().psnrOfMean(),
        result.denoised().psnrOfMean());
    row("mean PSNR (dB)", "%.3f", result.noisy().meanPsnr(), result.denoised().meanPsnr());
    row("mean SSIM", "%.4f", result.noisy().ssim(), result.denoised().ssim());
    out.printf(Locale.ROOT, "error reduced by a factor of %.3f%n", noisy / denoised);
    out.printf("denoised MSE in full  %s%n", BigDecimal.valueOf(denoised).toPlainString());
    out.flush();
  }

  private void row(String name, String format, double noisy, double denoised) {
    out.printf(
        "%-22s %10s %10s%n",
        name,
        String.format(Locale.ROOT, format, noisy),
        String.format(Locale.ROOT, format, denoised));
  }

  private void draw(String name, Evaluation evaluation) {
    if (figure == null && model.file() == null) {
      return;
    }
    String file = "evaluation-" + Path.of(name).toAbsolutePath().normalize().getFileName() + ".png";
    Path target = figure != null ? figure : model.file().resolveSibling(file);
    try {
      Drawing.write(() -> Figure.of(evaluation.samples(SAMPLES)), target);
      err.println("figure  " + target);
    } catch (IOException e) {
      err.println("warning: " + e.getMessage());
    }
  }
}
