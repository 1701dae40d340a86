package peers;

import com.google.gson.Gson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// The child JVM: one task, warmed up and timed. Prints one line of JSON.
final class Window {
  /// Which call's error is compared between the frameworks, apart from the first's.
  private static final int CHECKED = 8;

  private Window() {}

  /// What came out.
  ///
  /// @param first error of the first call
  /// @param later error of a later call, with updated weights where they are updated
  /// @param ms mean milliseconds of a call
  /// @param peakKb most memory that the process ever held, 0 where the system does not tell
  record Result(double first, double later, double ms, long peakKb) {}

  static void main(String[] args) throws Exception {
    Task task = new Gson().fromJson(args[0], Task.class);
    Contender contender = task.open();
    double first = 0;
    double later = 0;
    long begin = System.nanoTime();
    for (int call = 1; call <= CHECKED || seconds(begin) < task.warmup(); call++) {
      contender.run();
      first = call == 1 ? contender.error() : first;
      later = call == CHECKED ? contender.error() : later;
    }
    begin = System.nanoTime();
    int calls = 0;
    while (calls < 3 || seconds(begin) < task.seconds()) {
      contender.run();
      calls++;
    }
    double ms = 1e3 * seconds(begin) / calls;
    System.out.println(new Gson().toJson(new Result(first, later, ms, peakKb())));
    System.exit(0);
  }

  private static double seconds(long begin) {
    return 1e-9 * (System.nanoTime() - begin);
  }

  private static long peakKb() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.exists(status)) {
      return 0;
    }
    return Files.readAllLines(status).stream()
        .filter(line -> line.startsWith("VmHWM:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElse(0);
  }
}
