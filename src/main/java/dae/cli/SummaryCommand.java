package dae.cli;

import dae.UserError;
import dae.model.Checkpoint;
import dae.model.DenoisingAutoencoder;
import dae.model.Summary;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Prints the model's layers.
@Command(
    name = "summary",
    description = "Prints the model's layers, their output shapes, parameters and operations.",
    footer = {
      "",
      "Examples:",
      "  java -jar dae-engine.jar summary",
      "  java -jar dae-engine.jar summary --width 8 --size 64"
    })
final class SummaryCommand implements Callable<Integer> {
  private static final int MAX_SIZE = 4096;

  @Option(names = "--width", paramLabel = "N", description = "Filters of the first layer.")
  private int width = DenoisingAutoencoder.WIDTH;

  @Option(names = "--size", paramLabel = "N", description = "Height and width of the image.")
  private int size = 32;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    if (width < 1 || width > Checkpoint.MAX_WIDTH) {
      throw new UserError(
          "summary: expected 1 to %d, got %d — change --width"
              .formatted(Checkpoint.MAX_WIDTH, width));
    }
    if (size < 1 || size > MAX_SIZE || size % DenoisingAutoencoder.MULTIPLE != 0) {
      throw new UserError(
          "summary: expected a multiple of %d up to %d, got %d — change --size"
              .formatted(DenoisingAutoencoder.MULTIPLE, MAX_SIZE, size));
    }
    if ((long) size * size * width > Integer.MAX_VALUE) {
      throw new UserError(
          "summary: expected feature maps of less than 2^31 numbers, got %d x %d x %d — lower --size or --width"
              .formatted(size, size, width));
    }
    new Summary(DenoisingAutoencoder.onFloats(size, size, width))
        .lines()
        .forEach(spec.commandLine().getOut()::println);
    return 0;
  }
}
