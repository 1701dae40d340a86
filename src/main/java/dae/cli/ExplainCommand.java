package dae.cli;

import dae.lesson.Lesson;
import dae.lesson.Lessons;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Prints an op's lesson.
@Command(
    name = "explain",
    description = {
      "Explains an op: its formula, where its gradients come from, and numbers to follow by hand, computed"
          + " at this moment and checked by central differences.",
      "Without a name it lists the ops in the order in which to read them."
    },
    footer = {
      "",
      "Examples:",
      "  java -jar dae-engine.jar explain",
      "  java -jar dae-engine.jar explain conv_transpose2d"
    })
final class ExplainCommand implements Callable<Integer> {
  @Parameters(paramLabel = "OP", arity = "0..1", description = "An op by its name.")
  private String op;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    if (op != null) {
      // Where the page links to is no place on a terminal.
      PlainText.of(
              Lessons.named(op).page().stream()
                  .filter(line -> !line.startsWith("Source: "))
                  .toList())
          .forEach(out::println);
      return 0;
    }
    out.println("In this order; `explain relu` is the first page.");
    out.println();
    int number = 0;
    for (Lesson lesson : Lessons.all()) {
      out.printf("%2d  %-18s  %s%n", ++number, lesson.name(), lesson.line());
    }
    return 0;
  }
}
