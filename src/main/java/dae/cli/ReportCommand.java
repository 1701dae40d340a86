package dae.cli;

import dae.UserError;
import dae.file.Reason;
import dae.report.Page;
import dae.report.RunRecord;
import dae.train.RunFile;
import dae.train.RunFolder;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Writes the report of a run, or of several over one another.
@Command(
    name = "report",
    description = {
      "Writes the report of a run as one page for a browser, from what lies in its folder.",
      "Of several runs it says what came of them and what they differ in, and lays their curves over one"
          + " another."
    },
    footer = {
      "",
      "Examples:",
      "  java -jar dae-engine.jar report runs/first",
      "  java -jar dae-engine.jar report runs/first runs/second -o both.html"
    })
final class ReportCommand implements Callable<Integer> {
  @Parameters(paramLabel = "RUN", arity = "1..*", description = "Folders of runs.")
  private List<Path> folders;

  @Option(
      names = {"-o", "--out"},
      paramLabel = "FILE",
      description =
          "Where to write it; takes the place of an older report only (default: report.html in the run's"
              + " folder; of several runs, in this one).")
  private Path out;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    List<RunRecord> runs = new ArrayList<>();
    for (Path folder : folders) {
      runs.add(read(new RunFolder(folder)));
    }
    RunFolder first = new RunFolder(folders.getFirst());
    boolean one = runs.size() == 1;
    Path usual = one ? first.file(RunFile.REPORT) : Path.of(RunFile.REPORT.fileName());
    Path target = out != null ? out : usual;
    Page.requireReplaceable(target);
    write(
        runs,
        one ? Again.commands(first, runs.getFirst().settings()) : List.of(self(target)),
        target);
    PrintWriter results = spec.commandLine().getOut();
    results.println(target);
    results.flush();
    return 0;
  }

  private String self(Path target) {
    String names =
        folders.stream().map(each -> " " + Shell.quoted("" + each)).collect(Collectors.joining());
    return Shell.self() + " report" + names + " -o " + Shell.quoted("" + target);
  }

  private static RunRecord read(RunFolder folder) {
    try {
      return RunRecord.read(folder);
    } catch (IOException e) {
      throw new UserError(
          folder.path()
              + ": expected a run that can be read, got "
              + Reason.of(e)
              + " — check the folder",
          e);
    }
  }

  private static void write(List<RunRecord> runs, List<String> again, Path target) {
    try {
      if (runs.size() == 1) {
        Page.write(runs.getFirst(), again, false, target);
      } else {
        Page.write(runs, again, target);
      }
    } catch (IOException e) {
      throw new UserError(e.getMessage() + " — name another file with --out", e);
    }
  }
}
