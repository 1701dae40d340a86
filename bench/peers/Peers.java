package peers;

import com.google.gson.Gson;
import dae.UserError;
import dae.model.Network;
import dae.model.Networks;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import peers.Task.Peer;
import peers.Task.What;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// Times every framework in turn, each in a JVM of its own, round after round, so that a busy
/// moment of the machine hits all of them alike.
@Command(
    name = "peers",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    description = "Trains and runs the same network in other frameworks and in ours.")
final class Peers implements Callable<Integer> {
  @Option(
      names = "--arch",
      paramLabel = "WORD",
      showDefaultValue = Visibility.NEVER,
      description =
          "the network; may be repeated (default: " + Networks.DEFAULT + ", or no network)")
  private List<String> networks = List.of();

  @Option(
      names = "--convolution",
      paramLabel = "NxHxWxC",
      arity = "0..1",
      split = ",",
      showDefaultValue = Visibility.NEVER,
      fallbackValue = Convolution.USUAL,
      description = "a 3x3 convolution with stride 1, on its own; without value: ${FALLBACK-VALUE}")
  private List<String> convolutions = List.of();

  @Option(names = "--rounds", defaultValue = "5", description = "how often each is timed")
  private int rounds;

  @Option(names = "--warmup", defaultValue = "5", description = "seconds before a timed window")
  private double warmup;

  @Option(names = "--seconds", defaultValue = "3", description = "length of a timed window")
  private double seconds;

  @Option(
      names = "--threads",
      split = ",",
      defaultValue = "1,2",
      description = "numbers of threads")
  private List<Integer> threads;

  @Option(
      names = "--what",
      split = ",",
      defaultValue = "training,inference,latency,forward,input-gradient,filter-gradient",
      description =
          "the first three of networks (latency: one image), the others of convolutions; and tile: a"
              + " network on 1024×1024 pixels")
  private List<What> what;

  @Option(
      names = "--peers",
      split = ",",
      defaultValue = "tensorflow,torch,onnxruntime",
      description = "the frameworks besides ours")
  private List<Peer> peers;

  @Option(names = "--out", paramLabel = "FILE", description = "one JSON object a line")
  private Path out;

  @Spec private CommandSpec spec;

  private final Gson json = new Gson();

  static void main(String[] args) {
    CommandLine line = new CommandLine(new Peers()).setCaseInsensitiveEnumValuesAllowed(true);
    System.exit(line.execute(args));
  }

  @Override
  public Integer call() throws Exception {
    if (out != null && !Files.isDirectory(out.toAbsolutePath().getParent())) {
      throw new ParameterException(
          spec.commandLine(), "--out: expected a file in a folder that exists, got " + out);
    }
    List<Task> tasks = tasks();
    Map<Task, List<Window.Result>> results = new LinkedHashMap<>();
    boolean allRan = true;
    for (int round = 1; round <= rounds; round++) {
      for (Task task : tasks) {
        System.err.printf(
            "round %d of %d: %s, %s %s%n", round, rounds, task, task.framework(), task.mode());
        try {
          results.computeIfAbsent(task, t -> new ArrayList<>()).add(run(task));
        } catch (IOException e) {
          System.err.println(e.getMessage());
          allRan = false;
        }
      }
    }
    Report report = new Report(results);
    report.print();
    if (out != null) {
      Files.write(out, report.lines());
    }
    return allRan && report.agrees() ? 0 : 1;
  }

  private List<Task> tasks() {
    Set<Peer> frameworks = EnumSet.of(Peer.OURS);
    frameworks.addAll(peers);
    List<Task> tasks = new ArrayList<>();
    for (Network subject : subjects()) {
      for (int n : threads) {
        for (What each : what) {
          for (Peer peer : frameworks) {
            for (boolean tuned : new boolean[] {false, true}) {
              Task task = new Task(subject.word(), peer, tuned, each, n, warmup, seconds);
              if (task.product() == subject instanceof Convolution && task.exists()) {
                tasks.add(task);
              }
            }
          }
        }
      }
    }
    if (tasks.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(),
          "--what: expected training, inference, latency or tile of a network, forward,"
              + " input-gradient or filter-gradient of a convolution, got "
              + what);
    }
    return tasks;
  }

  private List<Network> subjects() {
    boolean none = networks.isEmpty() && convolutions.isEmpty();
    try {
      return Stream.concat(
              (none ? List.of(Networks.DEFAULT) : networks).stream().map(Networks::named),
              convolutions.stream().map(Convolution::named))
          .toList();
    } catch (UserError e) {
      throw new ParameterException(spec.commandLine(), e.getMessage());
    }
  }

  private Window.Result run(Task task) throws IOException, InterruptedException {
    Path jar = Path.of(System.getProperty("java.class.path")).toAbsolutePath();
    Path log = jar.resolveSibling("stderr.txt");
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--add-modules=jdk.incubator.vector",
            "--enable-native-access=ALL-UNNAMED",
            "-XX:+UseSerialGC",
            "-Dorg.bytedeco.javacpp.cachedir=" + jar.resolveSibling("natives"),
            "-cp",
            jar.toString(),
            Window.class.getName(),
            json.toJson(task));
    builder.environment().put("OMP_NUM_THREADS", "" + task.threads());
    if (task.tuned()) {
      // A thread that spins at a barrier takes the core from the one it waits for.
      builder.environment().put("OMP_WAIT_POLICY", "PASSIVE");
    }
    if (System.getProperty("os.name").equals("Linux")) {
      // As our launcher does; the C library's huge pages made the others slower.
      builder.command().add(1, "-XX:+UseTransparentHugePages");
    }
    // As our launcher does, too.
    builder.command().add(1, "-XX:ObjectAlignmentInBytes=64");
    builder.command().add(1, "-XX:Tier3DelayOn=1000");
    builder.environment().put("TF_ENABLE_ONEDNN_OPTS", "1");
    Process process = builder.redirectError(log.toFile()).start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int code = process.waitFor();
    if (code != 0) {
      throw new IOException("exit code " + code + "\n" + Files.readString(log));
    }
    List<String> lines = text.lines().toList();
    return json.fromJson(lines.getLast(), Window.Result.class);
  }
}
