package dae.cli;

import dae.Heap;
import dae.UserError;
import dae.data.Cut;
import dae.data.Dataset;
import dae.data.Datasets;
import dae.data.Images;
import dae.data.PictureFiles;
import dae.file.AtomicFile;
import dae.kernel.Backend;
import dae.model.Checkpoint;
import dae.model.Models;
import dae.noise.Noise;
import dae.noise.Noises;
import dae.report.ScoreCsv;
import dae.train.PictureEvaluation;
import dae.train.PictureSet;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Measures models on test images or whole pictures and draws the article's figure.
@Command(
    name = "evaluate",
    description = {
      "Measures a model on test images, on whole pictures, or on pictures with real noise.",
      "PSNR and SSIM before and after, and how far the mean of a colour moved (shift, of 255). Noise"
          + " that is added is the same in every evaluation and validation, so that results can be"
          + " compared.",
      "95 %%: from where to where the mean would lie in 95 of 100 cases, had as many other pictures of"
          + " the same kind been taken (bootstrap); - where there are fewer than 10 pictures."
    },
    footer = {
      "",
      "Examples:",
      "  java -jar dae-engine.jar evaluate --dataset cifar10",
      "  java -jar dae-engine.jar evaluate --model runs/first/best.safetensors",
      "  java -jar dae-engine.jar evaluate --dataset cifar100 --baselines --limit 500",
      "  java -jar dae-engine.jar evaluate --dataset photos --noise none --csv a.csv",
      "  java -jar dae-engine.jar evaluate --noisy 'a/*_real.jpg' --clean 'a/*_mean.jpg'"
    })
final class EvaluateCommand implements Callable<Integer> {
  @Option(
      names = "--model",
      paramLabel = "MODEL",
      description =
          "A built-in model by name (photo, cifar, article, restore), or a file that train has saved; may be"
              + " repeated, to compare models image by image (default: photo for pictures, else cifar).")
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
      names = "--baselines",
      description =
          "Measure denoisers of the textbooks beside the model, each with the parameters that do best on"
              + " training images.")
  private boolean baselines;

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
          "Where to write what was measured of each picture, and beside it, as <name>-means.csv, the"
              + " means with their 95 %% intervals; new files (default: nowhere).")
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
    require(figure == null || AtomicFile.reserve(figure), "--figure", "no such file", figure);
    require(csv == null || AtomicFile.reserve(csv), "--csv", "no such file", csv);
    Path means = csv == null ? null : ScoreCsv.meansBeside(csv);
    require(csv == null || AtomicFile.reserve(means), "--csv", "no such file", means);
    require(csv == null || hasFolder(csv), "--csv", "a folder that can be written to", csv);
    List<Named> named =
        (models == null ? List.of(usual()) : models)
            .stream().map(name -> new Named(name, Models.ofUser().open(name.toString()))).toList();
    Deque<Consumer<Backend>> left = new ArrayDeque<>(work(named));
    return machine.work(
        machine.name(BackendOptions.AUTO),
        backend -> {
          Heap.expectLongWork();
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
      requireNothingOfTestImages();
      PictureSet set = new PictureSet.Pairs(first(pairs.find(this::warn)));
      return List.of(pictures(pairs.describe(), named, model -> List.of(set)));
    }
    require(
        named.stream().flatMap(model -> noises(model).stream()).noneMatch(Noise::ofPairs),
        "--noise",
        "another for pictures that come alone",
        Noises.PAIRS);
    List<String> names = names();
    require(csv == null || names.size() == 1, "--csv", "one --dataset", names);
    List<Consumer<Backend>> work = new ArrayList<>();
    for (String name : names) {
      // Also refuses what is neither a name nor a folder.
      Dataset dataset = Datasets.open(name, data.folder(), Cut.DEFAULT, this::warn);
      if (Datasets.named(name)) {
        require(noises == null || noises.size() == 1, "--noise", "one for " + name, noises);
        require(figure == null || names.size() == 1, "--figure", "one --dataset", names);
        require(figure == null || named.size() == 1, "--figure", "one --model", named.size());
        require(!baselines || named.size() == 1, "--baselines", "one --model", named.size());
        images(name, dataset, named, work);
      } else {
        requireNothingOfTestImages();
        work.add(folder(Path.of(name), named));
      }
    }
    return work;
  }

  /// Adds a piece of work for each model, and one that lays them beside each other.
  private void images(
      String name, Dataset dataset, List<Named> named, List<Consumer<Backend>> work) {
    ImageTable table = new ImageTable();
    for (Named model : named) {
      Noise noisy = noises(model).getFirst();
      Path drawn = figure(name, model.name);
      // Loaded in its turn, so that not all data sets are in memory from the start.
      work.add(backend -> {
        Images images = limit == null ? dataset.test() : dataset.test().first(limit);
        String word = model.name.toString();
        table.add(
            new EvaluateImages(dataset, images, word, model.checkpoint, noisy, batchSize, ensemble)
                .run(backend, baselines, drawn, figure != null, out, err));
      });
    }
    work.add(backend -> table.end(csv, out));
  }

  private void requireNothingOfTestImages() {
    require(figure == null, "--figure", "cifar100, cifar10 or leaves for it", "whole pictures");
    require(!baselines, "--baselines", "cifar100, cifar10 or leaves for it", "whole pictures");
  }

  /// Where test images are drawn; null for nowhere.
  private Path figure(String dataset, Path model) {
    Path file = Models.ofUser().file(model.toString());
    return figure != null || file == null
        ? figure
        : file.resolveSibling("evaluation-" + dataset + ".png");
  }

  private void warn(String line) {
    err.println("warning: " + line);
    err.flush();
  }

  private Consumer<Backend> folder(Path folder, List<Named> named) {
    List<Path> files = first(List.copyOf(PictureFiles.in(folder, this::warn)));
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
}
