package dae.graph;

import dae.kernel.Backend;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Adds up what each entry of the tape costs: by the clock, or, where kernels run while the caller
/// continues, by the device's own.
public final class Trace {
  private static final class Row {
    long nanos;
    long calls;
    long launches;
    double flops;
    double bytes;
  }

  private final Backend backend;
  private final Map<String, Row> rows = new LinkedHashMap<>();
  private long started;

  /// @param backend that does the work
  public Trace(Backend backend) {
    this.backend = backend;
    backend.profile(true);
  }

  void begin() {
    // What came before is somebody else's.
    backend.used();
    started = System.nanoTime();
  }

  void end(String what, double flops, double bytes) {
    Row row = rows.computeIfAbsent(what, w -> new Row());
    Backend.Usage used = backend.used();
    row.nanos += used != null ? used.nanos() : System.nanoTime() - started;
    row.launches += used != null ? used.launches() : 0;
    row.calls++;
    row.flops += flops;
    row.bytes += bytes;
  }

  /// Times work that is not on the tape, such as the optimiser.
  ///
  /// @param bytes read and written
  public void time(String what, double bytes, Runnable work) {
    begin();
    work.run();
    end(what, 0, bytes);
  }

  /// Forgets everything so far: the warm-up.
  public void clear() {
    rows.clear();
  }

  /// One line per entry: milliseconds per call, GFLOP/s (multiply-adds that meet padding count, as
  /// in Keras), GB/s (every tensor read or written once), share of the sum; and on a device how
  /// many kernels it launches.
  public List<String> table() {
    long total = rows.values().stream().mapToLong(row -> row.nanos).sum();
    boolean device = backend.asynchronous();
    List<String> lines = new ArrayList<>();
    lines.add(
        String.format("%-52s %9s %9s %8s %7s", "entry", "ms", "GFLOP/s", "GB/s", "share")
            + (device ? " launches" : ""));
    rows.forEach((what, row) ->
        lines.add(
            String.format(
                    Locale.ROOT,
                    "%-52s %9.3f %9s %8s %6.1f%%",
                    what,
                    row.nanos / 1e6 / row.calls,
                    speed(row.flops, row.nanos),
                    speed(row.bytes, row.nanos),
                    100.0 * row.nanos / total)
                + (device ? String.format(" %8d", row.launches / row.calls) : "")));
    if (device) {
      lines.add(
          String.format(
              Locale.ROOT,
              "%-52s %9.3f %37d",
              "all",
              rows.values().stream().mapToDouble(row -> row.nanos / 1e6 / row.calls).sum(),
              rows.values().stream().mapToLong(row -> row.launches / row.calls).sum()));
    }
    return lines;
  }

  /// Nothing where there is nothing to be fast at, as in a concatenation whose inputs are in place.
  private static String speed(double amount, long nanos) {
    return amount == 0 ? "" : String.format(Locale.ROOT, "%.1f", amount / nanos);
  }
}
