package dae.cli;

import dae.UserError;
import dae.file.AtomicFile;
import dae.train.Diverged;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/// The root command, and the one place where a failure becomes a message and an exit code.
@Command(
    name = "dae-engine",
    description = "Cleans noisy, scratched and stained pictures, and trains what cleans them.",
    footer = {
      "",
      "Examples:",
      "  java -jar dae-engine.jar train",
      "  java -jar dae-engine.jar denoise photo.png",
      "  java -jar dae-engine.jar denoise --help"
    })
public final class Main implements Callable<Integer> {
  private static final int BUG = 1;
  private static final int WRONG_INPUT = 2;
  private static final int DIVERGED = 3;

  private static final Map<String, Class<?>> COMMANDS = new LinkedHashMap<>();

  static {
    COMMANDS.put("train", TrainCommand.class);
    COMMANDS.put("evaluate", EvaluateCommand.class);
    COMMANDS.put("report", ReportCommand.class);
    COMMANDS.put("denoise", DenoiseCommand.class);
    COMMANDS.put("import", ImportCommand.class);
    COMMANDS.put("export", ExportCommand.class);
    COMMANDS.put("models", ModelsCommand.class);
    COMMANDS.put("summary", SummaryCommand.class);
    COMMANDS.put("explain", ExplainCommand.class);
    COMMANDS.put("inspect", InspectCommand.class);
    COMMANDS.put("noise", NoiseCommand.class);
    COMMANDS.put("doctor", DoctorCommand.class);
    COMMANDS.put("tune", TuneCommand.class);
    COMMANDS.put("fetch", FetchCommand.class);
  }

  @Spec private CommandSpec spec;

  private Main() {}

  /// Runs a command and ends the JVM with its exit code.
  ///
  /// @param args the command and its options
  public static void main(String[] args) {
    // Numbers in plain digits in every country.
    Locale.setDefault(Locale.ROOT);
    ParentWatch.start();
    try {
      // For commands that a signal ends at once.
      Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(AtomicFile::discard));
    } catch (IllegalStateException e) {
      // It has come already.
      return;
    }
    String[] typed = Arguments.typed(args);
    WarmUp.start(List.of(typed));
    System.exit(run(typed));
  }

  private static int run(String[] args) {
    try {
      CommandLine command = commandLine(args);
      int exitCode = command.execute(args);
      command.getOut().flush();
      return exitCode == 0 && isOutputLost() ? WRONG_INPUT : exitCode;
    } catch (OutOfMemoryError e) {
      System.err.printf(
          "dae-engine: expected more memory than the heap's %d MiB — give Java more (java -Xmx4g"
              + " -jar dae-engine.jar …) or take a smaller --batch-size%n",
          Runtime.getRuntime().maxMemory() >> 20);
      return WRONG_INPUT;
    } catch (Throwable e) {
      // Past picocli, which catches exceptions only; without this line a worker thread would keep
      // the JVM alive.
      e.printStackTrace();
      return BUG;
    }
  }

  /// Whether results could not be written: on a full disk, for one. Who closes a pipe early, as
  /// `head` does, has seen enough.
  private static boolean isOutputLost() {
    if (!System.out.checkError()) {
      return false;
    }
    try (FileOutputStream out = new FileOutputStream(FileDescriptor.out)) {
      out.write('\n');
      return false;
    } catch (IOException e) {
      if (("" + e.getMessage()).contains("Broken pipe")) {
        return false;
      }
      System.err.println(
          "dae-engine: expected standard output to take the results, got " + e.getMessage());
      return true;
    }
  }

  /// The command line, ready to [CommandLine#execute].
  ///
  /// @param args where the first is a command, there is only that one: to look at the options of
  ///   all takes longer than to clean a small picture
  static CommandLine commandLine(String... args) {
    CommandLine root = new CommandLine(new Main());
    Class<?> asked = args.length == 0 ? null : COMMANDS.get(args[0]);
    if (asked != null) {
      root.addSubcommand(asked);
    } else {
      COMMANDS.values().forEach(root::addSubcommand);
      root.addSubcommand(GenerateCompletion.class);
    }
    equip(root);
    root.setOut(new Lines(System.out));
    root.setErr(new Lines(System.err));
    root.setCaseInsensitiveEnumValuesAllowed(true);
    // A picture may be called @at.png.
    root.setExpandAtFiles(false);
    root.registerConverter(Path.class, Main::path);
    root.setParameterExceptionHandler(Main::wrongParameter);
    root.setExecutionExceptionHandler(Main::failed);
    return root;
  }

  /// Without a command there is nothing to do but say which there are.
  @Override
  public Integer call() {
    spec.commandLine().usage(spec.commandLine().getErr());
    return WRONG_INPUT;
  }

  private static void equip(CommandLine command) {
    CommandSpec spec = command.getCommandSpec();
    if (!spec.mixinStandardHelpOptions()) {
      spec.mixinStandardHelpOptions(true);
    }
    spec.versionProvider(new Version());
    spec.usageMessage().showDefaultValues(true);
    command.getSubcommands().values().forEach(Main::equip);
  }

  /// Java takes no name at all for the working folder, which nobody means who leaves one out.
  private static Path path(String name) {
    if (name.isEmpty()) {
      throw new TypeConversionException("expected a name, got an empty one");
    }
    if (name.equals(CleaningJob.STANDARD)) {
      throw new TypeConversionException(
          "expected a file's name, got '-', which only denoise knows; ./- is a file of that name");
    }
    return Path.of(name);
  }

  private static int wrongParameter(ParameterException failure, String[] args) {
    CommandLine command = failure.getCommandLine();
    PrintWriter err = command.getErr();
    String name = command.getCommandSpec().qualifiedName();
    Optional<String> meant =
        failure instanceof UnmatchedArgumentException unmatched
            ? Suggestion.of(unmatched.getUnmatched().getFirst(), command.getCommandSpec())
            : Optional.empty();
    err.printf(
        "%s: %s — %stry '%s --help'%n",
        name,
        failure.getMessage().replaceAll("\\s*\\R\\s*", " "),
        meant.map(word -> "did you mean '" + word + "'? Or ").orElse(""),
        name);
    err.flush();
    return WRONG_INPUT;
  }

  private static int failed(Exception failure, CommandLine command, ParseResult parsed) {
    PrintWriter err = command.getErr();
    if (failure instanceof UserError) {
      err.println(failure.getMessage());
      err.flush();
      return failure.getCause() instanceof Diverged ? DIVERGED : WRONG_INPUT;
    }
    failure.printStackTrace(err);
    err.flush();
    return BUG;
  }

  /// What `--version` prints: the version in the jar's manifest, and the Java it runs on.
  private static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Main.class.getPackage().getImplementationVersion();
      return new String[] {
        "dae-engine %s (Java %s, %s %s)"
            .formatted(
                version == null ? "unpackaged" : version,
                Runtime.version(),
                System.getProperty("os.name"),
                System.getProperty("os.arch"))
      };
    }
  }
}
