package dae.cli;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;

/// Whether somebody watches stderr. Java knows only about stdin and stdout, so C is asked.
final class Terminal {
  private static final int STDERR = 2;

  private Terminal() {}

  @SuppressWarnings("restricted")
  static boolean isStderr() {
    if ("dumb".equals(System.getenv("TERM"))) {
      return false;
    }
    Linker linker = Linker.nativeLinker();
    return linker
        .defaultLookup()
        .find("isatty")
        .or(() -> linker.defaultLookup().find("_isatty"))
        .map(isatty -> {
          try {
            FunctionDescriptor type = FunctionDescriptor.of(JAVA_INT, JAVA_INT);
            return (int) linker.downcallHandle(isatty, type).invokeExact(STDERR) != 0;
          } catch (Throwable e) {
            throw new IllegalStateException(e);
          }
        })
        .orElse(false);
  }
}
