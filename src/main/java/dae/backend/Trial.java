package dae.backend;

import dae.UserError;
import dae.kernel.Backend;
import dae.kernel.Conv2dSpec;
import dae.kernel.Epilogue;
import dae.kernel.Needs;
import dae.kernel.Pass;
import dae.kernel.Workspace;
import dae.kernel.Write;
import dae.kernel.opencl.Probe;
import dae.tensor.Shape;
import dae.tensor.Tensor;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/// Whether a device computes correctly and is faster than the processor. It is tried in a process
/// of its own ([Probe]), which its driver may take down, and the result is kept.
///
/// Speed is measured in a quarter of a second, after as much for the compilers, on the most
/// expensive layer of the article's model, the last but one: all three products, 32 images.
final class Trial {
  private static final int N = 32;
  private static final Conv2dSpec LAYER = Conv2dSpec.transposed(16, 16, 96, 32, 3, 2);
  private static final long NANOS = 250_000_000;

  /// Mostly for compiling the kernels.
  private static final Duration LIMIT = Duration.ofSeconds(90);

  private Trial() {}

  /// What came of it.
  ///
  /// @param device its name
  /// @param processor name of what it was compared with
  /// @param ratio how many times as fast the device is
  /// @param refusal why it cannot be used; empty if it can
  record Verdict(String device, String processor, double ratio, String refusal) {}

  /// The verdict on a device, from an earlier trial or a new one.
  ///
  /// @param selector `platform.device`
  /// @param threads of the processor
  static Verdict of(String selector, int threads) {
    Probe.Answer answer =
        new Probe(Trial.class, Probe.sharedOptions(), List.of(selector, "" + threads), LIMIT)
            .answer();
    List<String> lines = answer.lines();
    return answer.failed()
        ? new Verdict("", "", 0, "opencl:" + selector + " was tried, " + answer.failure())
        : new Verdict(lines.get(0), lines.get(1), Double.parseDouble(lines.get(2)), "");
  }

  public static void main(String[] selectorAndThreads) {
    Probe.endWithAsker();
    int threads = Integer.parseInt(selectorAndThreads[1]);
    try (Backend device = Backends.open("opencl:" + selectorAndThreads[0], threads, line -> {});
        Backend processor = Backends.processor(threads, line -> {})) {
      double ratio = rate(device) / rate(processor);
      Probe.say(device.name());
      Probe.say(processor.name());
      Probe.say("" + ratio);
    } catch (UserError e) {
      Probe.fail(e.getMessage());
    }
    Probe.end();
  }

  /// Rounds per second.
  private static double rate(Backend backend) {
    Tensor x = tensor(backend, LAYER.x(), N);
    Tensor w = tensor(backend, LAYER.w(), 1);
    Tensor y = tensor(backend, LAYER.y(), N);
    Workspace[] workspaces = new Workspace[Pass.values().length];
    for (Pass pass : Pass.values()) {
      Needs needs = backend.conv().needs(LAYER, pass, N);
      workspaces[pass.ordinal()] =
          new Workspace(
              vector(backend, needs.scratch()), vector(backend, needs.derived()), () -> 1);
    }
    Runnable round =
        () -> {
          backend.conv().forward(LAYER, N, x, w, y, Write.SET, Epilogue.NONE, workspaces[0]);
          backend.conv().backwardInput(LAYER, N, y, w, x, Write.SET, Epilogue.NONE, workspaces[1]);
          backend.conv().backwardFilter(LAYER, N, x, y, w, Write.SET, workspaces[2]);
        };
    float[] one = new float[w.shape().size()];
    // The first rounds compile.
    rounds(backend, round, w, one);
    double rate = rounds(backend, round, w, one);
    Stream.of(x, w, y).map(Tensor::storage).forEach(backend::free);
    Stream.of(workspaces)
        .flatMap(workspace -> Stream.of(workspace.scratch(), workspace.derived()))
        .filter(Objects::nonNull)
        .map(Tensor::storage)
        .forEach(backend::free);
    return rate;
  }

  private static double rounds(Backend backend, Runnable round, Tensor w, float[] to) {
    long start = System.nanoTime();
    int rounds = 0;
    while (System.nanoTime() - start < NANOS) {
      round.run();
      rounds++;
      // A queue of a few rounds is what training has; reading waits for the device.
      if (rounds % 4 == 0) {
        backend.download(w, 1, to, 0);
      }
    }
    backend.download(w, 1, to, 0);
    return rounds * 1e9 / (System.nanoTime() - start);
  }

  private static Tensor tensor(Backend backend, Shape shape, int n) {
    return Tensor.dense(backend.allocate((long) n * shape.size()), 0, shape);
  }

  private static Tensor vector(Backend backend, long floats) {
    return floats == 0
        ? null
        : Tensor.dense(backend.allocate(floats), 0, Shape.vector(Math.toIntExact(floats)));
  }
}
