package peers;

import com.google.gson.Gson;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import peers.Task.Peer;

/// What all rounds came to: medians, and whether all frameworks computed the same.
record Report(Map<Task, List<Window.Result>> results) {
  /// What rounding lets later errors differ by at most.
  private static final double LATER = 1e-3;

  /// How far rounding lets a product be from ours, whose minimal filtering loses 2 to 6 · 10⁻⁵.
  private static final double PRODUCT = 2e-4;

  private double[] milliseconds(Task task) {
    return results.get(task).stream().mapToDouble(Window.Result::ms).sorted().toArray();
  }

  private double median(Task task) {
    double[] ms = milliseconds(task);
    return (ms[(ms.length - 1) / 2] + ms[ms.length / 2]) / 2;
  }

  private long peakMib(Task task) {
    return results.get(task).stream().mapToLong(Window.Result::peakKb).max().orElse(0) >> 10;
  }

  private List<Task> timed() {
    return results.keySet().stream().filter(task -> !results.get(task).isEmpty()).toList();
  }

  /// Images per second, of a product GFLOP/s.
  private double rate(Task task) {
    return 1e3 / median(task) * (task.product() ? 1e-9 * task.flops() : task.batch());
  }

  private boolean agrees(Task task) {
    Window.Result got = results.get(task).getFirst();
    if (task.product()) {
      return got.first() < PRODUCT && got.later() < PRODUCT;
    }
    List<Window.Result> ours = results.get(task.ours());
    Window.Result expected = ours.isEmpty() ? got : ours.getFirst();
    // In training others sum up batch norm's statistics float by float.
    double first = task.training() ? 1e-4 : 1e-5;
    return Math.abs(got.first() / expected.first() - 1) < first
        && Math.abs(got.later() / expected.later() - 1) < LATER
        && (!task.training() || got.later() < got.first());
  }

  /// Whether every framework made the errors that ours made, and lowered them by training, or the
  /// product that ours made.
  boolean agrees() {
    return timed().stream().allMatch(this::agrees);
  }

  void print() {
    Task before = null;
    for (Task task : timed()) {
      if (before == null || !task.ours().equals(before.ours())) {
        System.out.printf(
            "%n%s%n%-20s%10s %9s %9s %9s %8s %9s%n",
            task,
            "",
            task.product() ? "GFLOP/s" : "images/s",
            "ms",
            "least",
            "most",
            "ours is",
            task.product() ? "" : "peak MiB");
      }
      before = task;
      double[] ms = milliseconds(task);
      boolean ratio = task.peer() != Peer.OURS && !results.get(task.ours()).isEmpty();
      System.out.printf(
          "%-12s %-7s%10.1f %9.3f %9.3f %9.3f %8s %9s%s%n",
          task.framework(),
          task.mode(),
          rate(task),
          median(task),
          ms[0],
          ms[ms.length - 1],
          ratio ? "%.2f×".formatted(median(task) / median(task.ours())) : "",
          task.product() ? "" : peakMib(task),
          agrees(task) ? "" : " WRONG: " + results.get(task).getFirst());
    }
  }

  /// One JSON object per task.
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    for (Task task : timed()) {
      double[] ms = milliseconds(task);
      Map<String, Object> line = new LinkedHashMap<>();
      line.put("framework", task.framework());
      if (task.peer() != Peer.OURS) {
        line.put("mode", task.mode());
      }
      line.put(task.product() ? "convolution" : "network", task.subject());
      line.put("what", task.what().toString());
      line.put("threads", task.threads());
      line.put("batch", task.batch());
      line.put(task.product() ? "nominal_gflops" : "images_per_s", rounded(rate(task)));
      line.put("ms", rounded(median(task)));
      line.put("ms_min", rounded(ms[0]));
      line.put("ms_max", rounded(ms[ms.length - 1]));
      if (!task.product()) {
        line.put("peak_mib", peakMib(task));
      }
      lines.add(new Gson().toJson(line));
    }
    return lines;
  }

  private static double rounded(double number) {
    return Math.round(number * 1e3) / 1e3;
  }
}
