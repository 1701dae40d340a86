package dae.cli;

import dae.UserError;
import dae.model.Network;
import dae.model.Networks;
import dae.model.Summary;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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

  @Mixin private NetworkOptions arch;

  @Option(names = "--size", paramLabel = "N", description = "Height and width of the image.")
  private int size = 32;

  @Option(names = "--all", description = "Every network in its usual sizes, without its layers.")
  private boolean all;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    if (all) {
      for (Network network : Networks.all()) {
        draw(network, summary(network), out);
        out.println();
      }
      out.println(Summary.LEGEND);
      return 0;
    }
    Network network = arch.network();
    Summary summary = summary(network);
    draw(network, summary, out);
    out.println(Summary.LEGEND);
    out.println();
    summary.lines().forEach(out::println);
    return 0;
  }

  private static void draw(Network network, Summary summary, PrintWriter out) {
    out.printf(
        Locale.ROOT,
        "%s: %,d parameters, %,d multiply-adds per pixel%n",
        network.word(),
        summary.parameters(),
        summary.multiplyAddsPerPixel());
    summary.sketch().forEach(out::println);
  }

  private Summary summary(Network network) {
    if (size < 1 || size > MAX_SIZE || size % network.multiple() != 0) {
      throw new UserError(
          "summary: expected a multiple of %d up to %d, got %d — change --size"
              .formatted(network.multiple(), MAX_SIZE, size));
    }
    try {
      return new Summary(network, size, size);
    } catch (IllegalArgumentException e) {
      throw new UserError(
          "summary: %s of %d x %d: %s — lower --size or take a smaller network"
              .formatted(network.word(), size, size, e.getMessage()),
          e);
    }
  }
}
