package dae.cli;

import dae.data.Fetch;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Downloads an archive, because the user says so.
@Command(
    name = "fetch",
    description = "Downloads CIFAR's official archive; an interrupted download is continued.",
    footer = {
      "",
      "Examples:",
      "  java -jar dae-engine.jar fetch cifar100",
      "  java -jar dae-engine.jar fetch cifar10 --data /mnt/images"
    })
final class FetchCommand implements Callable<Integer> {
  private static final double MEGA = 1e6;

  @Parameters(paramLabel = "DATASET", description = "cifar100 (169 MB) or cifar10 (170 MB).")
  private String dataset;

  @Mixin private DataOptions data;

  @Option(
      names = "--url",
      paramLabel = "URL",
      description = "Another address of the same archive (default: the data set's home page).")
  private String url;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    ProgressLine line = new ProgressLine(spec.commandLine().getErr());
    try {
      Path archive =
          Fetch.fetch(
              dataset, data.folder(), url, (done, total) -> line.show(() -> text(done, total)));
      line.clear();
      spec.commandLine().getOut().println(archive);
    } finally {
      line.clear();
    }
    return 0;
  }

  private static String text(long done, long total) {
    return total < 0
        ? "%.1f MB".formatted(done / MEGA)
        : "%s %.1f of %.1f MB"
            .formatted(ProgressLine.bar((double) done / total), done / MEGA, total / MEGA);
  }
}
