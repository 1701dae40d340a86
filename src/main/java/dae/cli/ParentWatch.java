package dae.cli;

import java.util.Optional;

/// Ends this JVM when the launcher that started it is gone: a launcher killed by `kill -9` cannot
/// pass the signal on, and a training nobody can reach any more must not go on in the background.
final class ParentWatch {
  /// Set by the launcher to its own process id; absent when no launcher stands between the user and
  /// this JVM.
  private static final String LAUNCHER_PID = "dae.launcher.pid";

  private static final int KILLED = 128 + 9;

  private ParentWatch() {}

  static void start() {
    Long launcher = Long.getLong(LAUNCHER_PID);
    if (launcher == null) {
      return;
    }
    Optional<ProcessHandle> parent =
        ProcessHandle.current().parent().filter(process -> process.pid() == launcher);
    if (parent.isEmpty()) {
      Runtime.getRuntime().halt(KILLED);
    }
    parent.get().onExit().thenRun(() -> Runtime.getRuntime().halt(KILLED));
  }
}
