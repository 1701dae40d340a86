package dae.spark;

import dae.model.Checkpoint;
import java.util.concurrent.Callable;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Cleans the pictures of a folder.
@Command(
    name = "denoise",
    description = {
      "Cleans the pictures of a folder and its subfolders into another, in the same tree: PNG, JPEG,"
          + " TIFF and BMP in their own format, GIF and WebP as PNG.",
      "Pictures that are there already are left as they are. What could not be cleaned is listed in"
          + " OUT/_report.txt, and the exit code is 2 then."
    },
    footer = {
      "",
      "Example:",
      "  spark-submit dae-engine-spark.jar denoise hdfs:///pictures hdfs:///clean"
    })
final class DenoiseCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "IN", description = "Folder of noisy pictures.")
  private String in;

  @Parameters(index = "1", paramLabel = "OUT", description = "Folder for the clean ones.")
  private String out;

  @Option(
      names = "--model",
      paramLabel = "MODEL",
      description = "A model by name, built in or yours, or a file (default: photo).")
  private String model = Checkpoint.PHOTO;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    SparkConf conf =
        ExecutorJvm.configure(new SparkConf()).setIfMissing("spark.app.name", "dae denoise");
    try (JavaSparkContext spark = new JavaSparkContext(conf)) {
      Outcome outcome = new FolderCleaning(spark).clean(in, out, model);
      spec.commandLine()
          .getOut()
          .printf(
              "%d cleaned, %d were there already, %d refused%s%n",
              outcome.cleaned(),
              outcome.skipped(),
              outcome.refused().size(),
              outcome.refused().isEmpty() && outcome.warnings().isEmpty()
                  ? ""
                  : ": see " + out + "/" + FolderCleaning.REPORT);
      return outcome.refused().isEmpty() ? 0 : Main.WRONG_INPUT;
    }
  }
}
