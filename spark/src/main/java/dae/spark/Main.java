package dae.spark;

import dae.UserError;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/// What `spark-submit` starts, and where a failure becomes a message and an exit code.
@Command(
    name = "dae-engine-spark",
    mixinStandardHelpOptions = true,
    description = "Cleans pictures and trains models on a Spark cluster.",
    subcommands = {DenoiseCommand.class, TrainCommand.class})
public final class Main implements Callable<Integer> {
  static final int BUG = 1;
  static final int WRONG_INPUT = 2;

  @Spec private CommandSpec spec;

  private Main() {}

  /// Runs a command and ends the JVM with its exit code.
  ///
  /// @param args the command and its options
  public static void main(String[] args) {
    Locale.setDefault(Locale.ROOT);
    System.exit(commandLine().execute(args));
  }

  static CommandLine commandLine() {
    return new CommandLine(new Main())
        .setExpandAtFiles(false)
        .setParameterExceptionHandler(Main::wrongParameter)
        .setExecutionExceptionHandler(Main::failed);
  }

  @Override
  public Integer call() {
    spec.commandLine().usage(spec.commandLine().getErr());
    return WRONG_INPUT;
  }

  private static int wrongParameter(ParameterException failure, String[] args) {
    CommandLine command = failure.getCommandLine();
    String name = command.getCommandSpec().qualifiedName();
    command
        .getErr()
        .printf(
            "%s: %s — try '%s --help'%n",
            name, failure.getMessage().replaceAll("\\s*\\R\\s*", " "), name);
    return WRONG_INPUT;
  }

  private static int failed(Exception failure, CommandLine command, ParseResult parsed) {
    PrintWriter err = command.getErr();
    if (failure instanceof UserError) {
      err.println(failure.getMessage());
      return WRONG_INPUT;
    }
    failure.printStackTrace(err);
    return BUG;
  }
}
