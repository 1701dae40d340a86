package dae.cli;

import dae.UserError;
import dae.file.AtomicFile;
import dae.file.Reason;
import dae.model.Checkpoint;
import dae.model.Models;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Lists the models that `--model` knows by name.
@Command(
    name = "models",
    description =
        "Lists the models that --model knows by name: those built in and those in a folder of"
            + " yours.",
    footer = {
      "",
      "Examples:",
      "  java -jar dae-engine.jar models",
      "  java -jar dae-engine.jar models show photo",
      "  java -jar dae-engine.jar models add runs/first/best.safetensors --name mine",
      "  java -jar dae-engine.jar models remove mine"
    })
final class ModelsCommand implements Callable<Integer> {
  private static final int REFUSED = 2;

  @Spec private CommandSpec spec;

  private final Models models;

  ModelsCommand() {
    this(Models.ofUser());
  }

  ModelsCommand(Models models) {
    this.models = models;
  }

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    List<String> names = new ArrayList<>(Checkpoint.BUILT_IN);
    names.addAll(models.own());
    boolean whole = true;
    for (String name : names) {
      try {
        Checkpoint model = models.load(name);
        out.printf(
            "%s: network %s, %s%n",
            name,
            model.network().word(),
            Checkpoint.BUILT_IN.contains(name) ? "built in" : models.find(name));
        models.facts(name, model).forEach((key, value) -> out.printf("  %-8s %s%n", key, value));
      } catch (UserError e) {
        spec.commandLine().getErr().println(e.getMessage());
        whole = false;
      }
    }
    spec.commandLine().getErr().println("folder  " + models.folder());
    return whole ? 0 : REFUSED;
  }

  @Command(
      name = "show",
      description = "Prints a model's card: what it is and how it was made.",
      mixinStandardHelpOptions = true)
  int show(@Parameters(paramLabel = "NAME", description = "One that models lists.") String name) {
    PrintWriter out = spec.commandLine().getOut();
    Checkpoint model = models.load(name);
    String card = models.card(name);
    if (card == null) {
      out.printf("# %s%n%n| | |%n|---|---|%n| network | %s |%n", name, model.network().word());
      model.metadata().forEach((key, value) -> out.printf("| %s | %s |%n", key, value));
    } else {
      PlainText.of(card.lines().toList()).forEach(out::println);
    }
    out.flush();
    return 0;
  }

  @Command(
      name = "add",
      description = "Copies a model file, or one of Keras or PyTorch, into the folder.",
      mixinStandardHelpOptions = true)
  int add(
      @Parameters(paramLabel = "FILE", description = "The model.") Path file,
      @Option(
              names = "--name",
              paramLabel = "NAME",
              description = "What to call it (default: as the file is called).")
          String name) {
    String called = file.getFileName().toString().replaceFirst("(\\.weights)?\\.[^.]+$", "");
    Path target = models.place(name == null ? called : name);
    if (!AtomicFile.reserve(target)) {
      throw new UserError(
          target + ": expected no such model, got one — choose another --name, or remove it first");
    }
    if (!Files.isRegularFile(file)) {
      throw new UserError(file + ": expected a model file, got none — check the path");
    }
    Checkpoint model = Checkpoint.load(file);
    try {
      Files.createDirectories(models.folder());
      model.save(target, false);
    } catch (IOException e) {
      throw new UserError(
          "models: expected a folder to write to, got: " + Reason.of(e) + " — check the folder", e);
    }
    spec.commandLine().getErr().println("model   " + target);
    return 0;
  }

  @Command(
      name = "remove",
      description = "Deletes a model, with its card, from the folder.",
      mixinStandardHelpOptions = true)
  int remove(@Parameters(paramLabel = "NAME", description = "One of yours.") String name) {
    Path file = models.find(name);
    if (file == null) {
      throw new UserError(
          "models: expected a model in %s, got '%s' — models lists them"
              .formatted(models.folder(), name));
    }
    try {
      Files.delete(file);
      Files.deleteIfExists(models.folder().resolve(name + ".md"));
    } catch (IOException e) {
      throw new UserError(
          "models: expected a file to delete, got: " + Reason.of(e) + " — check the folder", e);
    }
    spec.commandLine().getErr().println("removed " + file);
    return 0;
  }
}
