package dae.cli;

import dae.UserError;
import dae.data.Cut;
import dae.data.Dataset;
import dae.data.Datasets;
import dae.data.Images;
import dae.data.PictureFiles;
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
import dae.train.PictureEvaluation;
import dae.train.PictureSet;
import java.io.IOException;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Measures models on test images or whole pictures and draws the article's figure.
@Command(
    name = "evaluate",
    description = {
      "Measures a model on test images, on the whole pictures of a folder, or on",
      "pictures with real noise: PSNR and SSIM before and after.",
      "Noise that is added is the same in every evaluation and validation, so that",
      "results can be compared."
    },
    footer = {
      "",
      "Examples:",
      "  java -jar dae-engine.jar evaluate --dataset cifar10",
      "  java -jar dae-engine.jar evaluate --model runs/first/best.safetensors",
      "  java -jar dae-engine.jar evaluate --dataset photos --noise none --csv a.csv",
      "  java -jar dae-engine.jar evaluate --noisy 'a/*_real.jpg' --clean 'a/*_mean.jpg'"
    })
final class EvaluateCommand implements Callable<Integer> {
  private static final int SAMPLES = 10;

  @Option(
      names = "--model",
      paramLabel = "MODEL",
      description =
          "A built-in model by name (photo, cifar, article, restore), or a file that train has saved; may be"
              + " repeated for pictures (default: photo for pictures, else cifar).")
  private List<Path> models;

  @Mixin private DataOptions data;

  @Option(
      names = "--dataset",
      paramLabel = "NAME",
      description =
          "cifar100, cifar10, leaves or a folder, whose pictures and those of its subfolders are"
              + " measured whole; may be repeated (default: cifar100 and cifar10 if they are there, else"
              + " leaves).")
  private List<String> datasets;

  @Mixin private PairOptions pairs;

  @Option(
      names = "--noise",
      paramLabel = "WORD",
      description =
          "The noise, such as gaussian:0.1, or its standard deviation alone, or none; may be repeated"
              + " for folders (default: what the model was trained with).")
  private List<String> noises;

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "Only the first N test images or pictures (default: all).")
  private Integer limit;

  @Option(
      names = "--batch-size",
      paramLabel = "N",
      description = "Test images computed together; results do not depend on it.")
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
          "Where to draw the first test images; a new file (default: evaluation-<dataset>.png next"
              + " to the model; with the built-in one, nowhere).")
  private Path figure;

  @Option(
      names = "--csv",
      paramLabel = "FILE",
      description =
          "Where to write what was measured of each picture; a new file (default: nowhere).")
  private Path csv;

  @Mixin private BackendOptions machine;

  @Spec private CommandSpec spec;

  private PrintWriter out;
  private PrintWriter err;

  /// A model as it was named.
  private record Named(Path name, Checkpoint checkpoint) {}

  @Override
  public Integer call() {
    out = spec.commandLine().getOut();
    err = spec.commandLine().getErr();
    require(batchSize >= 1, "--batch-size", "at least 1", batchSize);
    require(limit == null || limit >= 1, "--limit", "at least 1", limit);
    require(figure == null || !Files.exists(figure), "--figure", "no such file", figure);
    require(csv == null || !Files.exists(csv), "--csv", "no such file", csv);
    require(csv == null || hasFolder(csv), "--csv", "a folder that can be written to", csv);
    List<Named> named =
        (models == null ? List.of(usual()) : models)
            .stream().map(name -> new Named(name, ModelOption.load(name, "--model"))).toList();
    Deque<Consumer<Backend>> left = new ArrayDeque<>(work(named));
    return machine.work(
        machine.name(BackendOptions.AUTO),
        backend -> {
          err.println("device  " + backend.name());
          named.forEach(model -> err.println("model   " + model.checkpoint.source()));
          while (!left.isEmpty()) {
            left.peek().accept(backend);
            left.remove();
          }
          return 0;
        });
  }

  private Path usual() {
    boolean pictures =
        pairs.given() || datasets != null && !datasets.stream().allMatch(Datasets::named);
    return Path.of(pictures ? Checkpoint.PHOTO : Checkpoint.CIFAR);
  }

  private static boolean hasFolder(Path file) {
    Path folder = file.toAbsolutePath().getParent();
    return folder != null && Files.isDirectory(folder) && Files.isWritable(folder);
  }

  /// What is to be measured, once everything that was asked for is known to make sense.
  private List<Consumer<Backend>> work(List<Named> named) {
    if (pairs.given()) {
      require(datasets == null, "--dataset", "it or --noisy and --clean", "both");
      require(noises == null, "--noise", "none for pictures that have their own", noises);
      requireNoFigure();
      PictureSet set = new PictureSet.Pairs(first(pairs.find(this::warn)));
      return List.of(pictures(pairs.describe(), named, model -> List.of(set)));
    }
    require(
        named.stream().flatMap(model -> noises(model).stream()).noneMatch(Noise::ofPairs),
        "--noise",
        "another for pictures that come alone",
        Noises.PAIRS);
    List<String> names = names();
    List<Consumer<Backend>> work = new ArrayList<>();
    for (String name : names) {
      // Also refuses what is neither a name nor a folder.
      Dataset dataset = Datasets.open(name, data.folder(), Cut.DEFAULT, this::warn);
      if (Datasets.named(name)) {
        require(named.size() == 1, "--model", "one for " + name, named.size());
        require(noises == null || noises.size() == 1, "--noise", "one for " + name, noises);
        require(csv == null, "--csv", "a folder of pictures for it", name);
        require(figure == null || names.size() == 1, "--figure", "one --dataset", names);
        Noise noisy = noises(named.getFirst()).getFirst();
        work.add(backend -> evaluate(name, dataset, named.getFirst(), noisy, backend));
      } else {
        requireNoFigure();
        require(csv == null || names.size() == 1, "--csv", "one --dataset", names);
        work.add(folder(Path.of(name), named));
      }
    }
    return work;
  }

  private void requireNoFigure() {
    require(figure == null, "--figure", "cifar100, cifar10 or leaves for it", "whole pictures");
  }

  private void warn(String line) {
    err.println("warning: " + line);
    err.flush();
  }

  private Consumer<Backend> folder(Path folder, List<Named> named) {
    List<Path> files = first(PictureFiles.in(folder));
    if (files.isEmpty()) {
      throw new UserError(
          folder
              + ": expected pictures (PNG, JPEG, TIFF, WebP, BMP, GIF), got none — add some or name another folder");
    }
    return pictures(
        folder.toString(),
        named,
        model ->
            noises(model).stream()
                .<PictureSet>map(noise -> new PictureSet.Damaged(folder, files, noise))
                .toList());
  }

  /// @param sets what each model is measured on
  private Consumer<Backend> pictures(
      String title, List<Named> named, Function<Named, List<PictureSet>> sets) {
    List<EvaluatePictures.Task> tasks = new ArrayList<>();
    for (Named model : named) {
      for (PictureSet set : sets.apply(model)) {
        String word = model.name.toString();
        tasks.add(new EvaluatePictures.Task(word, model.checkpoint, new PictureEvaluation(set)));
      }
    }
    return new EvaluatePictures(title, tasks, ensemble, csv, out, err)::run;
  }

  private <T> List<T> first(List<T> all) {
    return limit == null ? all : all.subList(0, Math.min(limit, all.size()));
  }

  private static void require(boolean fits, String option, String expected, Object got) {
    if (!fits) {
      throw new UserError(
          "evaluate: expected " + expected + ", got " + got + " — change " + option);
    }
  }

  /// The noises that were named, or the one that the model was trained with.
  ///
  /// @throws UserError if one is not a noise that this program knows
  private List<Noise> noises(Named model) {
    if (noises != null) {
      return noises.stream().map(Noises::named).toList();
    }
    String trained = model.checkpoint.metadata().getOrDefault("noise", Noises.DEFAULT);
    try {
      return List.of(Noises.named(trained));
    } catch (UserError e) {
      throw new UserError(
          "%s: expected a model whose noise this program knows, got '%s' — say it with --noise"
              .formatted(model.checkpoint.source(), trained),
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

  private void evaluate(String name, Dataset dataset, Named model, Noise noisy, Backend backend) {
    Images images = limit == null ? dataset.test() : dataset.test().first(limit);
    Evaluation.Draft draft = requireRoom(model.checkpoint.network(), noisy, images, backend);
    ProgressLine line = new ProgressLine(err);
    try (Parameters parameters = model.checkpoint.parameters(backend);
        Evaluation evaluation = draft.open(parameters)) {
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
      draw(name, model.name, evaluation);
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
    if (noisy > 0) {
      out.printf(Locale.ROOT, "error reduced by a factor of %.3f%n", noisy / denoised);
    }
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

  private void draw(String name, Path model, Evaluation evaluation) {
    Path file = ModelOption.file(model);
    if (figure == null && file == null) {
      return;
    }
    Path target = figure != null ? figure : file.resolveSibling("evaluation-" + name + ".png");
    try {
      Drawing.write(() -> Figure.of(evaluation.samples(SAMPLES)), target);
      err.println("figure  " + target);
    } catch (IOException e) {
      err.println("warning: " + e.getMessage());
    }
  }
}
