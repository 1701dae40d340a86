package dae.launcher;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.util.List;

/// Runs the engine's process and stands between it and the outside: signals in, exit code out.
final class Relay {
  private static final boolean WINDOWS = System.getProperty("os.name").startsWith("Windows");
  private static final int INTERRUPT = 2;
  private static final int SIGNALLED = 128;

  /// Signals nearer than this are one request: `timeout`, for one, sends each of its signals twice.
  private static final long ONE_REQUEST_NANOS = 250_000_000L;

  private Process engine;
  private int firstSignal;
  private long firstInterruptNanos;
  private boolean interrupted;

  /// Starts the command with this process' streams and waits for its end.
  int run(List<String> command) throws IOException, InterruptedException {
    listen("HUP");
    listen("INT");
    listen("TERM");
    synchronized (this) {
      engine = new ProcessBuilder(command).inheritIO().start();
      if (firstSignal != 0) {
        engine.destroy();
      }
    }
    // For a Java without sun.misc.Signal, where a signal ends this JVM through its hooks.
    Runtime.getRuntime().addShutdownHook(new Thread(this::stopAndWait));
    int exitCode = engine.waitFor();
    synchronized (this) {
      // The engine may have died of the SIGTERM that stood for another signal.
      return firstSignal != 0 && exitCode > SIGNALLED ? SIGNALLED + firstSignal : exitCode;
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
    // A Windows console tells both processes, and there destroy() would not ask but kill.
    if (engine == null || WINDOWS) {
      return;
    }
    if (again) {
      engine.destroyForcibly();
    } else {
      engine.destroy();
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
