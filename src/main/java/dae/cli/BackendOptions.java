package dae.cli;

import dae.DeviceError;
import dae.UserError;
import dae.backend.Backends;
import dae.graph.Room;
import dae.kernel.Backend;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// What computes, and with how many threads.
final class BackendOptions {
  /// More than any machine's cores; 100,000 would take the system a minute to refuse.
  private static final int MOST_THREADS = 1024;

  static final String AUTO = "auto";

  /// Opens a backend by its name; a test puts in a device that fails.
  Function<String, Backend> backends = name -> Backends.open(name, threads(), this::say);

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @Option(
      names = "--backend",
      paramLabel = "NAME",
      description =
          "What computes: auto, scalar, simd, opencl or opencl:<platform>.<device> (default: auto; a"
              + " GPU if it is correct and faster, else simd).")
  private String backend;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads that compute; results do not depend on it (default: all cores).")
  private Integer threads;

  /// The name that was given, or the fallback.
  String name(String fallback) {
    return backend == null ? fallback : backend;
  }

  int threads() {
    if (threads != null && threads > MOST_THREADS) {
      throw new UserError(
          "threads: expected at most %d, got %d — change --threads"
              .formatted(MOST_THREADS, threads));
    }
    return threads == null ? Runtime.getRuntime().availableProcessors() : threads;
  }

  Backend open() {
    return backends.apply(name(AUTO));
  }

  /// Works on a backend. If a device that `auto` took fails, the work is done again without it.
  <T> T work(String name, Function<Backend, T> work) {
    try (Backend backend = backends.apply(name)) {
      return work.apply(backend);
    } catch (DeviceError e) {
      if (!name.equals(AUTO)) {
        throw e;
      }
      say("warning: " + e.getMessage() + "; going on without the device");
    }
    try (Backend backend = Backends.processor(threads(), this::say)) {
      return work.apply(backend);
    }
  }

  /// What a run is on, for its report.
  Map<String, String> describe(Backend backend) {
    Map<String, String> machine = new LinkedHashMap<>();
    machine.put("device", backend.name());
    machine.put(
        "processor",
        "%s, %d cores"
            .formatted(System.getProperty("os.arch"), Runtime.getRuntime().availableProcessors()));
    machine.put("memory", new Room(backend).describe());
    machine.put("Java", "" + Runtime.version());
    machine.put("system", System.getProperty("os.name") + " " + System.getProperty("os.version"));
    return machine;
  }

  private void say(String line) {
    PrintWriter err = command.commandLine().getErr();
    err.println(line);
    err.flush();
  }
}
