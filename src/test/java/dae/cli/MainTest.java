package dae.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dae.UserError;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Messages and exit codes that all commands share.
class MainTest {
  private record Ran(int exitCode, String out, String err) {}

  @Command(name = "act")
  private static final class Act implements Callable<Integer> {
    @Option(names = "--fail")
    private String fail = "no";

    @Override
    public Integer call() {
      switch (fail) {
        case "user" -> throw new UserError("act: expected a, got b — give a");
        case "bug" -> throw new IllegalStateException("a bug");
        default -> {
          return 7;
        }
      }
    }
  }

  private static Ran run(String... args) {
    CommandLine command = Main.commandLine().addSubcommand(new Act());
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    command.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    int exitCode = command.execute(args);
    return new Ran(exitCode, out.toString(), err.toString());
  }

  @Test
  void helpAndVersionGoToStdout() {
    Ran help = run("--help");
    assertEquals(0, help.exitCode());
    assertTrue(help.out().contains("Examples:"), help.out());
    assertFalse(help.out().contains("\u001b"), "no colours without a terminal");
    Ran version = run("--version");
    assertEquals(0, version.exitCode());
    assertTrue(version.out().startsWith("dae-engine "), version.out());
  }

  @Test
  void noCommandShowsWhichThereAre() {
    Ran ran = run();
    assertEquals(2, ran.exitCode());
    assertTrue(ran.err().contains("Commands:"), ran.err());
  }

  @Test
  void mistypedCommandAndOptionGetASuggestion() {
    Ran command = run("generate-completoin");
    assertEquals(2, command.exitCode());
    assertTrue(command.err().contains("mean 'generate-completion'?"), command.err());
    Ran far = run("nonsense");
    assertFalse(far.err().contains("did you mean"), far.err());
    assertEquals(1, far.err().lines().count(), far.err());
    Ran option = run("act", "--fial", "x");
    assertEquals(2, option.exitCode());
    assertEquals(
        "dae-engine act: Unknown options: '--fial', 'x' — did you mean '--fail'? Or try 'dae-engine"
            + " act --help'"
            + System.lineSeparator(),
        option.err());
  }

  @Test
  void userErrorIsOneLineAndExitCode2() {
    Ran ran = run("act", "--fail=user");
    assertEquals(2, ran.exitCode());
    assertEquals("act: expected a, got b — give a" + System.lineSeparator(), ran.err());
  }

  @Test
  void anythingElseIsABugWithItsStackTrace() {
    Ran ran = run("act", "--fail=bug");
    assertEquals(1, ran.exitCode());
    assertTrue(ran.err().contains("IllegalStateException: a bug"), ran.err());
    assertTrue(ran.err().contains("\tat "), ran.err());
  }

  @Test
  void exitCodeOfTheCommandIsKept() {
    assertEquals(7, run("act").exitCode());
  }

  @Test
  void completionScriptKnowsTheCommands() {
    Ran ran = run("generate-completion");
    assertEquals(0, ran.exitCode());
    assertTrue(ran.out().contains("complete -F _complete_dae-engine"), ran.out());
    assertTrue(ran.out().contains("generate-completion"), ran.out());
  }

  @Test
  void everyCommandHasHelpWithAnExampleAndDefaults() {
    Main.commandLine()
        .getSubcommands()
        .forEach((name, command) -> {
          assertEquals(0, run(name, "--help").exitCode(), name);
          assertTrue(command.getCommandSpec().usageMessage().showDefaultValues(), name);
          if (!name.equals("generate-completion")) {
            assertTrue(
                command.getUsageMessage().contains("java -jar dae-engine.jar " + name),
                name + " --help shows an example");
          }
        });
  }
}
