package dae.cli;

import dae.UserError;
import dae.backend.Backends;
import dae.kernel.Backend;
import picocli.CommandLine.Option;

/// What computes, and with how many threads.
final class BackendOptions {
  /// More than any machine's cores; 100,000 would take the system a minute to refuse.
  private static final int MOST_THREADS = 1024;

  @Option(
      names = "--backend",
      paramLabel = "NAME",
      description = "What computes: auto, simd or scalar (default: auto).")
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
    return open(name("auto"));
  }

  Backend open(String name) {
    return Backends.open(name, threads());
  }
}
