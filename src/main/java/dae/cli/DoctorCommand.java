package dae.cli;

import dae.Heap;
import dae.UserError;
import dae.backend.Backends;
import dae.kernel.Backend;
import dae.model.Network;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Says what the program finds on this machine.
@Command(
    name = "doctor",
    description = "Says what this machine offers: Java, vectors, memory, devices, data.",
    footer = {
      "",
      "Examples:",
      "  java -jar dae-engine.jar doctor",
      "  java -jar dae-engine.jar doctor --backend opencl --rates 128,512"
    })
final class DoctorCommand implements Callable<Integer> {
  private static final int MEBI = 20;

  @Mixin private DataOptions data;
  @Mixin private BackendOptions machine;
  @Mixin private NetworkOptions arch;

  @Option(
      names = "--rates",
      paramLabel = "N",
      split = ",",
      description =
          "Also time training steps and inference of the network on batches of N (default: none).")
  private int[] rates = {};

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    for (int batch : rates) {
      if (batch < 1) {
        throw new UserError("doctor: expected at least 1, got " + batch + " — change --rates");
      }
    }
    Network network = arch.network();
    // First, so that `auto` need not ask the drivers again.
    List<String> devices = Backends.openClDevices();
    try (Backend backend = machine.open()) {
      Runtime runtime = Runtime.getRuntime();
      Heap.expectLongWork();
      out.printf(
          "java      %s, %s, %s%n",
          Runtime.version(), System.getProperty("java.vm.name"), System.getProperty("java.home"));
      out.printf(
          "machine   %s, %d cores%n", System.getProperty("os.arch"), runtime.availableProcessors());
      out.printf("memory    heap of at most %d MiB%n", runtime.maxMemory() >> MEBI);
      out.printf(
          "          besides it some %d MiB, of %d MiB that there are%n",
          Heap.outside() >> MEBI, Heap.machine() >> MEBI);
      out.println("backend   " + backend.name());
      Backends.multiplyAddPeak(backend, machine.threads())
          .ifPresent(peak -> out.printf(Locale.ROOT, "fma       %.1f GFLOP/s at most%n", peak));
      Backends.copyPeak(backend, machine.threads())
          .ifPresent(peak -> out.printf(Locale.ROOT, "copy      %.1f GB/s at most%n", peak));
      for (int batch : rates) {
        rate(network, batch, backend, out);
      }
    }
    devices.forEach(device -> out.println("opencl    " + device));
    for (String dataset : new String[] {"cifar100", "cifar10"}) {
      out.printf(
          "%-9s %s%n",
          dataset,
          data.has(dataset)
              ? "found in " + data.folder()
              : "not in " + data.folder() + "; get it with: " + Shell.self() + " fetch " + dataset);
    }
    return 0;
  }

  private static void rate(Network network, int batch, Backend backend, PrintWriter out) {
    double step = Rate.training(network, batch, backend);
    double run = Rate.inference(network, batch, backend);
    out.printf(
        Locale.ROOT,
        "rate      batches of %d: training %.3f ms, %.0f images/s; inference %.3f ms, %.0f images/s%n",
        batch,
        step,
        1000 * batch / step,
        run,
        1000 * batch / run);
    out.flush();
  }
}
