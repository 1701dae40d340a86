package dae.graph;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Adds up what each entry of the tape costs.
public final class Trace {
  private static final class Row {
    long nanos;
    long calls;
    double flops;
    double bytes;
  }

  private final Map<String, Row> rows = new LinkedHashMap<>();
  private long started;

  void begin() {
    started = System.nanoTime();
  }

  void end(String what, double flops, double bytes) {
    Row row = rows.computeIfAbsent(what, w -> new Row());
    row.nanos += System.nanoTime() - started;
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
  /// in Keras), GB/s (every tensor read or written once), share of the sum.
  public List<String> table() {
    long total = rows.values().stream().mapToLong(row -> row.nanos).sum();
    List<String> lines = new ArrayList<>();
    lines.add(String.format("%-52s %9s %9s %8s %7s", "entry", "ms", "GFLOP/s", "GB/s", "share"));
    rows.forEach((what, row) ->
        lines.add(
            String.format(
                Locale.ROOT,
                "%-52s %9.3f %9s %8s %6.1f%%",
                what,
                row.nanos / 1e6 / row.calls,
                speed(row.flops, row.nanos),
                speed(row.bytes, row.nanos),
                100.0 * row.nanos / total)));
    return lines;
  }

  /// Nothing where there is nothing to be fast at, as in a concatenation whose inputs are in place.
  private static String speed(double amount, long nanos) {
    return amount == 0 ? "" : String.format(Locale.ROOT, "%.1f", amount / nanos);
  }
}
