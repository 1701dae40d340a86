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
  /// What an entry has cost so far.
  ///
  /// @param what the op and its pass
  /// @param milliseconds of one call
  /// @param calls how many
  /// @param gflops billions of floating-point operations a second
  /// @param gbytes billions of bytes a second
  /// @param share of the time of all entries
  /// @param launches of kernels a call; 0 where there is no device
  public record Cost(
      String what,
      double milliseconds,
      long calls,
      double gflops,
      double gbytes,
      double share,
      long launches) {}

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

  /// What each entry has cost, in the order of the first calls.
  public List<Cost> costs() {
    long total = rows.values().stream().mapToLong(row -> row.nanos).sum();
    List<Cost> costs = new ArrayList<>();
    rows.forEach((what, row) ->
        costs.add(
            new Cost(
                what,
                row.nanos / 1e6 / row.calls,
                row.calls,
                row.flops / row.nanos,
                row.bytes / row.nanos,
                (double) row.nanos / total,
                row.launches / row.calls)));
    return costs;
  }

  /// One line per entry: milliseconds per call, GFLOP/s (multiply-adds that meet padding count, as
  /// in Keras), GB/s (every tensor read or written once), share of the sum; and on a device how
  /// many kernels it launches.
  public List<String> table() {
    boolean device = backend.asynchronous();
    List<String> lines = new ArrayList<>();
    lines.add(
        String.format("%-52s %9s %9s %8s %7s", "entry", "ms", "GFLOP/s", "GB/s", "share")
            + (device ? " launches" : ""));
    List<Cost> costs = costs();
    for (Cost cost : costs) {
      lines.add(
          String.format(
                  Locale.ROOT,
                  "%-52s %9.3f %9s %8s %6.1f%%",
                  cost.what,
                  cost.milliseconds,
                  speed(cost.gflops),
                  speed(cost.gbytes),
                  100 * cost.share)
              + (device ? String.format(" %8d", cost.launches) : ""));
    }
    if (device) {
      lines.add(
          String.format(
              Locale.ROOT,
              "%-52s %9.3f %37d",
              "all",
              costs.stream().mapToDouble(Cost::milliseconds).sum(),
              costs.stream().mapToLong(Cost::launches).sum()));
    }
    return lines;
  }

  /// Nothing where there is nothing to be fast at, as in a concatenation whose inputs are in place.
  private static String speed(double billions) {
    return billions == 0 ? "" : String.format(Locale.ROOT, "%.1f", billions);
  }
}
