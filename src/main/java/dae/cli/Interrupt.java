package dae.cli;

import dae.file.AtomicFile;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;

/// Lets a long command end properly when it is asked to: the first SIGINT (Ctrl-C), SIGTERM or
/// SIGHUP (terminal closed) only raises a flag, which the command polls before it saves and returns
/// [#exitCode]; the JVM runs on until then. A second SIGINT stops at once. A repeated SIGTERM does
/// not: the launcher passes every signal on as SIGTERM on top of the SIGINT that the terminal sends
/// itself, and `timeout` and service managers signal a whole group twice.
///
/// A command that does not listen is ended by the JVM as any program is.
///
/// ```java
/// try (Interrupt interrupt = Interrupt.listen("stopping after this batch; Ctrl-C again stops at once")) {
///   boolean complete = run.train(interrupt::requested);
///   return complete ? 0 : interrupt.exitCode();
/// }
/// ```
public final class Interrupt implements AutoCloseable {
  private static final int INTERRUPT = 2;
  private static final int SIGNALLED = 128;

  /// Two SIGINTs closer than this are one request: a key held a little long, or `timeout`.
  private static final long ONE_REQUEST_NANOS = 250_000_000L;

  private final String notice;
  private final List<AutoCloseable> handlers = new ArrayList<>();
  private volatile int signal;
  private boolean interrupted;
  private long firstInterruptNanos;

  private Interrupt(String notice) {
    this.notice = notice;
  }

  /// Listens until [#close].
  ///
  /// @param notice printed to stderr when the first signal comes
  public static Interrupt listen(String notice) {
    Interrupt interrupt = new Interrupt(notice);
    for (String name : List.of("INT", "TERM", "HUP")) {
      interrupt.handle(name);
    }
    return interrupt;
  }

  /// Whether a signal has come.
  public boolean requested() {
    return signal != 0;
  }

  /// The exit code that says so: 130 after a SIGINT, 143 after a SIGTERM, 129 after a SIGHUP.
  public int exitCode() {
    return SIGNALLED + signal;
  }

  /// Gives the signals back to whoever had them.
  @Override
  public void close() {
    for (AutoCloseable handler : handlers) {
      try {
        handler.close();
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private void signalled(int number) {
    boolean first = note(number);
    if (first) {
      System.err.println(System.lineSeparator() + notice);
    }
  }

  private synchronized boolean note(int number) {
    boolean first = signal == 0;
    if (first || number == INTERRUPT) {
      signal = number;
    }
    if (number == INTERRUPT) {
      long now = System.nanoTime();
      if (!interrupted) {
        interrupted = true;
        firstInterruptNanos = now;
      } else if (now - firstInterruptNanos >= ONE_REQUEST_NANOS) {
        AtomicFile.discard();
        Runtime.getRuntime().halt(SIGNALLED + INTERRUPT);
      }
    }
    return first;
  }

  /// `sun.misc.Signal.handle` by reflection: javac warns of the direct call whatever it is told. A
  /// signal that is ignored already (`nohup`, a script's `&`) stays ignored: HotSpot sees to that.
  private void handle(String name) {
    try {
      Class<?> type = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object self = type.getConstructor(String.class).newInstance(name);
      int number = (Integer) type.getMethod("getNumber").invoke(self);
      Object ours =
          Proxy.newProxyInstance(
              handler.getClassLoader(),
              new Class<?>[] {handler},
              (proxy, method, args) -> {
                signalled(number);
                return null;
              });
      Method handle = type.getMethod("handle", type, handler);
      Object before = handle.invoke(null, self, ours);
      handlers.add(() -> handle.invoke(null, self, before));
    } catch (ReflectiveOperationException unavailable) {
      // No such signal on this system, or it belongs to the JVM (-Xrs): it keeps its usual effect.
      return;
    }
  }
}
