package dae.bench;

import com.google.gson.Gson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Runs sets of benchmarks and writes a file of rows for each.
@Command(
    name = "results",
    mixinStandardHelpOptions = true,
    description = "Runs sets of benchmarks and writes FOLDER/SET.jsonl for each.")
final class Results implements Callable<Integer> {
  /// What makes one file.
  enum Set {
    QUICK,
    PEAK,
    CONV,
    GEMM,
    MEMORY,
    MODEL,
    STEP,
    EPOCH,
    LANES
  }

  @Parameters(
      paramLabel = "SET",
      arity = "0..*",
      description = "${COMPLETION-CANDIDATES}; without any, all but QUICK")
  private List<Set> sets = Arrays.stream(Set.values()).filter(set -> set != Set.QUICK).toList();

  @Option(
      names = "--out",
      paramLabel = "FOLDER",
      defaultValue = "bench/results",
      description = "default: ${DEFAULT-VALUE}")
  private Path out;

  @Spec private CommandSpec spec;

  private final Gson json = new Gson();

  @Override
  public Integer call() throws RunnerException, IOException {
    if (!Files.isDirectory(out)) {
      throw new ParameterException(
          spec.commandLine(), "--out: expected a folder that exists, got " + out);
    }
    for (Set set : sets) {
      List<Map<String, Object>> rows = new ArrayList<>();
      for (ChainedOptionsBuilder run : runs(set)) {
        for (RunResult result : new Runner(run.shouldFailOnError(true).build()).run()) {
          rows.add(row(result));
        }
      }
      Path file = out.resolve(set.name().toLowerCase(Locale.ROOT) + ".jsonl");
      Files.write(file, rows.stream().map(json::toJson).toList());
      System.out.println();
      rows.forEach(row -> System.out.println(line(row)));
      System.out.println("written to " + file);
    }
    return 0;
  }

  private static List<ChainedOptionsBuilder> runs(Set set) {
    return switch (set) {
      case QUICK ->
          List.of(
              quick("ConvBench", 2).param("layer", "CONV2", "DECONV4", "FINAL"),
              quick("GemmBench.(simd|openBlas)", 2).param("shape", "32768x64x864"),
              quick("ChannelBench", 2)
                  .param("kernel", "MOMENTS", "NORMALIZE_RELU", "NORMALIZE_RELU_BACKWARD"),
              quick("OptimiserBench", 2).param("kernel", "ADAM"),
              quick("ModelBench", 9),
              quick("StepBench", 9).measurementTime(TimeValue.seconds(1)));
      case PEAK ->
          List.of(
              run("PeakBench", 0, 1),
              run("PeakBench", 0, 1).jvmArgsAppend("-Ddae.lanes=256"),
              run("PeakBench", 0, 1).jvmArgsAppend("-Ddae.lanes=128"));
      case CONV -> List.of(run("ConvBench", 2, 3));
      case GEMM -> List.of(run("GemmBench", 2, 3));
      case MEMORY -> List.of(run("(Channel|Map|Data|Optimiser)Bench", 2, 3));
      case MODEL ->
          List.of(run("ModelBench", 3, 4), run("ModelBench.inference", 3, 4).param("batch", "1"));
      case STEP -> List.of(run("StepBench", 2, 5));
      case EPOCH -> List.of(run("EpochBench", 2, 7));
      case LANES ->
          Stream.of("-Ddae.lanes=128", "-Ddae.lanes=256", "-XX:UseAVX=2")
              .map(argument -> run("ConvBench", 2, 3).param("threads", "1").jvmArgsAppend(argument))
              .toList();
    };
  }

  /// @param warmups iterations, as long as the benchmark says
  private static ChainedOptionsBuilder run(String benchmark, int warmups, int measurements) {
    return new OptionsBuilder()
        .include(benchmark)
        .warmupIterations(warmups)
        .measurementIterations(measurements);
  }

  private static ChainedOptionsBuilder quick(String benchmark, int warmupSeconds) {
    return run(benchmark, warmupSeconds, 3)
        .warmupTime(TimeValue.seconds(1))
        .measurementTime(TimeValue.milliseconds(400))
        .param("threads", "2");
  }

  /// What was run, milliseconds a call, and the benchmark's own counters.
  private static Map<String, Object> row(RunResult run) {
    Map<String, Object> row = new LinkedHashMap<>();
    BenchmarkParams params = run.getParams();
    row.put("bench", params.getBenchmark().replaceFirst(".*\\.(.*\\..*)", "$1"));
    for (String key : params.getParamsKeys()) {
      String value = params.getParam(key);
      row.put(key, value.matches("\\d+") ? Integer.valueOf(value) : value);
    }
    List<String> special =
        params.getJvmArgs().stream().filter(a -> a.matches("-Ddae.*|-XX:UseAVX.*")).toList();
    if (!special.isEmpty()) {
      row.put("jvm", String.join(" ", special));
    }
    Result<?> rate = run.getPrimaryResult();
    row.put("ms", rounded(1e3 / rate.getScore()));
    row.put("ms_min", rounded(1e3 / rate.getStatistics().getMax()));
    row.put("ms_max", rounded(1e3 / rate.getStatistics().getMin()));
    run.getSecondaryResults()
        .forEach((name, result) -> {
          row.put(snake(name), rounded(result.getScore()));
          if (name.equals("fmaGflops") || name.equals("copyGbPerS")) {
            row.put(snake(name) + "_min", rounded(result.getStatistics().getMin()));
            row.put(snake(name) + "_max", rounded(result.getStatistics().getMax()));
          }
        });
    return row;
  }

  private static String snake(String name) {
    return name.replaceAll("[A-Z]", "_$0").toLowerCase(Locale.ROOT);
  }

  private static double rounded(double number) {
    return Math.round(number * 1e3) / 1e3;
  }

  private static String line(Map<String, Object> row) {
    return row.entrySet().stream()
        .map(entry ->
            entry.getValue() instanceof String text
                ? text
                : entry.getKey() + " " + entry.getValue())
        .collect(Collectors.joining(", "));
  }
}
