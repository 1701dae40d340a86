package dae.cli;

import dae.UserError;
import dae.data.Datasets;
import dae.file.AtomicFile;
import dae.file.Reason;
import dae.image.Canvas;
import dae.image.PictureFile;
import dae.noise.Noise;
import dae.noise.Noises;
import dae.report.Drawing;
import dae.report.Figure;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Lists the kinds of damage and shows what they do.
@Command(
    name = "noise",
    description =
        "Lists the kinds of noise and other damage, and draws what they do to pictures (--preview).",
    footer = {
      "",
      "Examples:",
      "  java -jar dae-engine.jar noise",
      "  java -jar dae-engine.jar noise --preview all.png photo.jpg",
      "  java -jar dae-engine.jar noise --noise old-photo+gaussian:0.04 --preview sheet.png photo.jpg"
    })
final class NoiseCommand implements Callable<Integer> {
  /// Pixels of a crop in each direction, at most.
  private static final int SIDE = 256;

  /// Images of a sheet at least: what a mix does differs from one to the next.
  private static final int COLUMNS = 6;

  @Option(
      names = "--noise",
      paramLabel = "WORD",
      description =
          "What to show: one of the listed, or several joined by +; may be repeated (default: one of"
              + " each kind).",
      showDefaultValue = CommandLine.Help.Visibility.NEVER)
  private List<String> words = List.of();

  @Option(names = "--preview", paramLabel = "FILE", description = "Where to draw; a new file, PNG.")
  private Path preview;

  @Option(names = "--seed", paramLabel = "N", description = "Another number, other damage.")
  private long seed = 1;

  @Parameters(
      paramLabel = "PICTURES",
      arity = "0..*",
      showDefaultValue = CommandLine.Help.Visibility.NEVER,
      description =
          "Pictures to damage, of which the middle is shown, several times where they are few"
              + " (default: generated ones).")
  private List<Path> pictures = List.of();

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    List<Noise> noises =
        words.isEmpty() ? Noises.samples() : words.stream().map(Noises::named).toList();
    if (preview == null) {
      if (!pictures.isEmpty()) {
        throw new UserError("noise: expected --preview FILE with pictures, got none — add it");
      }
      Noises.usages().forEach(spec.commandLine().getOut()::println);
      return 0;
    }
    if (!AtomicFile.reserve(preview)) {
      throw new UserError(preview + ": expected no such file, got one — change --preview");
    }
    List<byte[]> clean = new ArrayList<>();
    int side = SIDE;
    if (pictures.isEmpty()) {
      for (int scene = 0; scene < COLUMNS; scene++) {
        clean.add(Datasets.scene(scene));
      }
    } else {
      List<PictureFile> files = pictures.stream().map(NoiseCommand::inspect).toList();
      for (PictureFile file : files) {
        side = Math.min(side, Math.min(file.height(), file.width()));
      }
      for (PictureFile file : files) {
        clean.add(middle(file, side));
      }
      while (clean.size() < COLUMNS) {
        clean.add(clean.get(clean.size() - files.size()));
      }
    }
    draw(noises, clean, side);
    spec.commandLine().getErr().println("preview " + preview);
    return 0;
  }

  private static PictureFile inspect(Path path) {
    try {
      return PictureFile.inspect(path, 1);
    } catch (IOException e) {
      throw unreadable(path, e);
    }
  }

  private static byte[] middle(PictureFile file, int side) {
    byte[] pixels = new byte[side * side * 3];
    try {
      int top = (file.height() - side) / 2;
      int left = (file.width() - side) / 2;
      file.crop(top, left, side, pixels, 0);
    } catch (IOException e) {
      throw unreadable(file.path(), e);
    }
    return pixels;
  }

  private static UserError unreadable(Path path, IOException e) {
    return new UserError(path + ": expected a picture, got " + Reason.of(e) + " — name another", e);
  }

  private Figure.Row row(String caption, Noise noise, List<byte[]> images, int side) {
    Canvas canvas = new Canvas(side, side);
    int floats = canvas.rgb().length;
    float[] row = new float[images.size() * floats];
    for (int i = 0; i < images.size(); i++) {
      canvas.read(images.get(i), 0);
      noise.paintAll(canvas, seed, 0, i);
      System.arraycopy(canvas.rgb(), 0, row, i * floats, floats);
    }
    return new Figure.Row(caption, row);
  }

  private void draw(List<Noise> noises, List<byte[]> images, int side) {
    List<Figure.Row> rows = new ArrayList<>();
    rows.add(row("clean", Noises.named("none"), images, side));
    for (Noise noise : noises) {
      rows.add(row(noise.word(), noise, images, side));
    }
    try {
      Drawing.write(() -> Figure.of(rows, images.size(), side, side), preview);
    } catch (IOException e) {
      throw new UserError(e.getMessage() + " — change --preview", e);
    }
  }
}
