package dae.cli;

import dae.UserError;
import dae.file.AtomicFile;
import dae.file.Reason;
import dae.model.Imported;
import dae.noise.Noises;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Makes a model of one that another program has trained.
@Command(
    name = "import",
    description = {
      "Makes a model file of weights that Keras or PyTorch has saved, and says which layer went"
          + " where.",
      "Files of Keras 2 (.h5) and Keras 3 (.weights.h5, .keras). Layers are told by kind and order,"
          + " so their names do not matter.",
      "State dicts of PyTorch as safetensors. Layers are told by their shapes, those of one shape"
          + " by the numbers in their names, or by names as the network has them"
          + " (conv_block1.conv2d.weight).",
      "Padding is in no such file: strides and borders have to be the network's."
    },
    footer = {
      "",
      "Examples:",
      "  java -jar dae-engine.jar import best_model.h5 -o model.safetensors",
      "  java -jar dae-engine.jar import best_model.keras --arch residual:32 --noise 0.1",
      "  java -jar dae-engine.jar import state.safetensors -o model.safetensors --arch edsr:32,6"
    })
final class ImportCommand implements Callable<Integer> {
  @Parameters(paramLabel = "IN", description = "The file to read.")
  private Path input;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "OUT",
      description =
          "Model file to write (default: <name>.safetensors beside the file,"
              + " <name>-model.safetensors for a state dict).")
  private Path output;

  @Option(names = "--overwrite", description = "Write over a file that is there.")
  private boolean overwrite;

  @Option(
      names = "--arch",
      paramLabel = "WORD",
      description = "Word of its network (default: article, as wide as its first layer).")
  private String arch;

  @Option(
      names = "--noise",
      paramLabel = "WORD",
      description = "The noise that it was trained with, to be remembered (default: not said).")
  private String noise;

  @Option(
      names = "--bn-epsilon",
      paramLabel = "EPSILON",
      description =
          "ε of its batch norms, which its file does not say (default: 0.001 for Keras, 0.00001 for"
              + " PyTorch).")
  private Double epsilon;

  @Option(names = "--float16", description = "Save kernels as 16-bit floats, in half the space.")
  private boolean float16;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Path target = output == null ? input.resolveSibling(stem() + ".safetensors") : output;
    if (output == null && target.equals(input)) {
      target = input.resolveSibling(stem() + "-model.safetensors");
    }
    if (!overwrite && !AtomicFile.reserve(target)) {
      throw new UserError(
          target + ": expected no such file, got one — name another with -o, or give --overwrite");
    }
    try {
      Imported model = read();
      model.checkpoint().save(target, float16);
      report(model);
      spec.commandLine().getErr().println("model   " + target);
      return 0;
    } catch (IOException e) {
      throw new UserError(
          "import: expected a file to read and one to write, got: %s — check the paths"
              .formatted(Reason.of(e)),
          e);
    }
  }

  private Imported read() throws IOException {
    if (epsilon != null && !(epsilon > 0 && epsilon < 1)) {
      throw new UserError(
          "import: expected an ε between 0 and 1, got %s — change --bn-epsilon".formatted(epsilon));
    }
    Map<String, String> metadata =
        noise == null ? Map.of() : Map.of("noise", Noises.named(noise).word());
    return Imported.read(input, arch, epsilon, metadata);
  }

  private String stem() {
    return input.getFileName().toString().replaceFirst("(\\.weights)?\\.[^.]+$", "");
  }

  private void report(Imported model) {
    PrintWriter out = spec.commandLine().getOut();
    out.printf("%s, network %s%n", model.format(), model.checkpoint().network().word());
    int wide = model.rows().stream().mapToInt(row -> row.from().length()).max().orElse(1);
    int there = model.rows().stream().mapToInt(row -> row.to().length()).max().orElse(1);
    for (Imported.Row row : model.rows()) {
      String shapes =
          row.shapes().entrySet().stream()
              .map(shape -> shape.getKey() + " " + shape.getValue())
              .collect(Collectors.joining(", "));
      out.printf("%-" + wide + "s → %-" + there + "s  %s%n", row.from(), row.to(), shapes);
    }
    out.flush();
  }
}
