package dae.cli;

import dae.file.AtomicFile;

/// Ends this JVM when the launcher that started it is gone: a launcher killed by `kill -9` cannot
/// pass the signal on, and a run that nobody can reach any more must not go on in the background.
final class ParentWatch {
  /// Set by the launcher to its own process id; absent when no launcher stands between the user and
  /// this JVM.
  private static final String LAUNCHER_PID = "dae.launcher.pid";

  private static final int KILLED = 128 + 9;
  private static final int LOOK_EVERY_MILLIS = 250;

  private ParentWatch() {}

  static void start() {
    Long launcher = Long.getLong(LAUNCHER_PID);
    if (launcher != null) {
      endUnless(launcher);
      Thread.ofPlatform().daemon().name("parent-watch").start(() -> watch(launcher));
    }
  }

  /// Looks at who the parent is instead of awaiting its `ProcessHandle.onExit`: a killed launcher
  /// that nobody has reaped yet is still a process, but no longer a parent.
  private static void watch(long launcher) {
    while (true) {
      try {
        Thread.sleep(LOOK_EVERY_MILLIS);
      } catch (InterruptedException e) {
        return;
      }
      endUnless(launcher);
    }
  }

  private static void endUnless(long launcher) {
    boolean there =
        ProcessHandle.current()
            .parent()
            .filter(parent -> parent.pid() == launcher && parent.isAlive())
            .isPresent();
    if (!there) {
      AtomicFile.discard();
      Runtime.getRuntime().halt(KILLED);
    }
  }
}
