package dae.launcher;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Runs the engine's process and stands between it and the outside: signals in, exit code out.
final class Relay {
  private static final boolean WINDOWS = System.getProperty("os.name").startsWith("Windows");
  private static final String PRELOAD = "LD_PRELOAD";
  private static final int INTERRUPT = 2;
  private static final int KILLED = 128 + 9;
  private static final int TERMINATED = 128 + 15;
  private static final int SIGNALLED = 128;

  /// Signals closer than this are one request: `timeout`, for one, sends each of its signals twice.
  private static final long ONE_REQUEST_NANOS = 250_000_000L;

  private static final long MOMENT_MILLIS = 500;

  private Process engine;
  private int firstSignal;
  private long firstInterruptNanos;
  private boolean interrupted;
  private boolean killed;

  /// Starts the command with this process's streams and waits for its end.
  ///
  /// @param preloaded a library that the system's linker loads into it first; null for none
  int run(List<String> command, String preloaded) throws IOException, InterruptedException {
    listen("HUP");
    listen("INT");
    listen("TERM");
    synchronized (this) {
      ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
      if (preloaded != null) {
        String before = builder.environment().get(PRELOAD);
        String both = before == null || before.isEmpty() ? preloaded : before + ":" + preloaded;
        builder.environment().put(PRELOAD, both);
      }
      if (Letters.isPoor()) {
        Letters.enrich(builder.environment());
      }
      engine = started(builder);
      if (firstSignal != 0) {
        engine.destroy();
      }
    }
    // For a Java without sun.misc.Signal, where a signal ends this JVM through its hooks.
    try {
      Runtime.getRuntime().addShutdownHook(new Thread(this::stopAndWait));
    } catch (IllegalStateException ending) {
      stopAndWait();
    }
    int exitCode = engine.waitFor();
    synchronized (this) {
      // It may have died of the SIGTERM that stood for another signal, or of the second request. A
      // crash on the way out is a crash: its code says so.
      boolean asAsked = exitCode == TERMINATED || killed && exitCode == KILLED;
      return firstSignal != 0 && asAsked ? SIGNALLED + firstSignal : exitCode;
    }
  }

  /// A signal for the whole process group may hit the JDK's helper that is just starting the
  /// engine. Started again, the engine gets the signal from us.
  private static Process started(ProcessBuilder builder) throws IOException {
    try {
      return builder.start();
    } catch (IOException e) {
      return builder.start();
    }
  }

  private synchronized void signalled(int signal) {
    long now = System.nanoTime();
    if (firstSignal == 0) {
      firstSignal = signal;
    }
    boolean again = signal == INTERRUPT && interrupted;
    if (again && now - firstInterruptNanos < ONE_REQUEST_NANOS) {
      return;
    }
    if (signal == INTERRUPT && !interrupted) {
      interrupted = true;
      firstInterruptNanos = now;
    }
    // A Windows console tells both processes, and there destroy() would kill instead of asking.
    if (engine == null || WINDOWS) {
      return;
    }
    if (again) {
      killed = true;
      endForcibly();
    } else {
      engine.destroy();
    }
  }

  /// A terminal has told the engine, too, which leaves no half-written file behind where it has a
  /// moment to end by itself.
  private void endForcibly() {
    try {
      if (!engine.waitFor(MOMENT_MILLIS, TimeUnit.MILLISECONDS)) {
        engine.destroyForcibly();
      }
    } catch (InterruptedException ended) {
      engine.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  private void stopAndWait() {
    if (engine.isAlive() && !WINDOWS) {
      engine.destroy();
    }
    try {
      engine.waitFor();
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    }
  }

  /// `sun.misc.Signal.handle` by reflection: javac's `--release` hides it. A signal that whoever
  /// started this process ignores (`nohup`, a script's `&`) stays ignored, here and, inherited, in
  /// the engine: HotSpot sees to that.
  private void listen(String name) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object self = signal.getConstructor(String.class).newInstance(name);
      int number = (Integer) signal.getMethod("getNumber").invoke(self);
      Object ours =
          Proxy.newProxyInstance(
              handler.getClassLoader(),
              new Class<?>[] {handler},
              (proxy, method, args) -> {
                signalled(number);
                return null;
              });
      signal.getMethod("handle", signal, handler).invoke(null, self, ours);
    } catch (ReflectiveOperationException unavailable) {
      // No such signal on this system, or it belongs to the JVM (-Xrs): the hook and the engine's
      // watch remain.
      return;
    }
  }
}
