package dae.cli;

import dae.UserError;
import dae.data.Datasets;
import dae.file.AtomicFile;
import dae.file.Reason;
import dae.image.Canvas;
import dae.image.PictureFile;
import dae.inspect.Inspection;
import dae.model.Checkpoint;
import dae.model.Models;
import dae.noise.Noises;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Makes a page of what is inside a model.
@Command(
    name = "inspect",
    description = {
      "Shows what a model has learnt and what becomes of pictures in it, as one HTML page: filters,"
          + " activations, weights, what it changes, how far it looks, what its bottleneck keeps.",
    },
    footer = {
      "",
      "Examples:",
      "  java -jar dae-engine.jar inspect article",
      "  java -jar dae-engine.jar inspect runs/today/best.safetensors photo.jpg -o inside.html"
    })
final class InspectCommand implements Callable<Integer> {
  /// Rows and columns of a picture that are shown, at most: enough for every network's reach, and
  /// few enough to see each pixel.
  private static final int SIDE = 128;

  /// Generated pictures where none are given.
  private static final int SCENES = 3;

  private static final int SCENE_SIDE = 256;

  @Parameters(
      index = "0",
      paramLabel = "MODEL",
      description =
          "A built-in model by name (photo, cifar, article, restore), or a file that train has saved.")
  private Path model;

  @Parameters(
      index = "1..*",
      arity = "0..*",
      paramLabel = "PICTURES",
      showDefaultValue = CommandLine.Help.Visibility.NEVER,
      description =
          "Pictures to show to it, of which the middle is taken (default: generated ones with noise).")
  private List<Path> pictures = List.of();

  @Option(
      names = {"-o", "--out"},
      paramLabel = "FILE",
      description = "Where to write; a new file (default: inspect-<model>.html).")
  private Path out;

  @Mixin private BackendOptions backend;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    String name = model.getFileName().toString().replaceFirst("\\.safetensors$", "");
    Path target = out == null ? Path.of("inspect-" + name + ".html") : out;
    if (!AtomicFile.reserve(target)) {
      throw new UserError(target + ": expected no such file, got one — change --out");
    }
    Checkpoint checkpoint = Models.ofUser().open(model.toString());
    int side = SIDE / checkpoint.network().multiple() * checkpoint.network().multiple();
    List<PictureFile> files = new ArrayList<>();
    for (Path picture : pictures) {
      PictureFile file = opened(picture, checkpoint.network().multiple());
      files.add(file);
      int least = Math.min(file.height(), file.width());
      side =
          Math.min(side, least / checkpoint.network().multiple() * checkpoint.network().multiple());
    }
    List<Inspection.Subject> subjects = files.isEmpty() ? scenes(side) : subjects(files, side);
    int shown = side;
    String page =
        backend.work(
            backend.name(BackendOptions.AUTO),
            computes -> Inspection.of(model.toString(), checkpoint, computes, subjects, shown));
    try {
      AtomicFile.write(target, to -> to.write(page.getBytes(StandardCharsets.UTF_8)));
    } catch (IOException e) {
      throw new UserError(
          target + ": expected to write the page, got " + Reason.of(e) + " — change --out", e);
    }
    spec.commandLine().getErr().println("page  " + target);
    return 0;
  }

  private static PictureFile opened(Path picture, int multiple) {
    try {
      return PictureFile.inspect(picture, multiple);
    } catch (IOException e) {
      throw unreadable(picture, e);
    }
  }

  private static UserError unreadable(Path picture, IOException e) {
    return new UserError(
        picture + ": expected a picture, got " + Reason.of(e) + " — name another", e);
  }

  private static List<Inspection.Subject> subjects(List<PictureFile> files, int side) {
    List<Inspection.Subject> subjects = new ArrayList<>();
    for (PictureFile file : files) {
      byte[] rgb = new byte[side * side * 3];
      try {
        int top = (file.height() - side) / 2;
        int left = (file.width() - side) / 2;
        file.crop(top, left, side, rgb, 0);
      } catch (IOException e) {
        throw unreadable(file.path(), e);
      }
      Canvas canvas = new Canvas(side, side);
      canvas.read(rgb, 0);
      subjects.add(new Inspection.Subject("" + file.path().getFileName(), canvas.rgb()));
    }
    return subjects;
  }

  private static List<Inspection.Subject> scenes(int side) {
    List<Inspection.Subject> subjects = new ArrayList<>();
    for (int scene = 0; scene < SCENES; scene++) {
      byte[] whole = Datasets.scene(scene);
      byte[] rgb = new byte[side * side * 3];
      for (int row = 0; row < side; row++) {
        System.arraycopy(whole, row * SCENE_SIDE * 3, rgb, row * side * 3, side * 3);
      }
      Canvas canvas = new Canvas(side, side);
      canvas.read(rgb, 0);
      Noises.named(Noises.DEFAULT).paintAll(canvas, 1, 0, scene);
      subjects.add(
          new Inspection.Subject("generated, with " + Noises.DEFAULT, canvas.rgb().clone()));
    }
    return subjects;
  }
}
