package dae.cli;

import dae.backend.Backends;
import dae.kernel.Backend;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// Says what the program finds on this machine.
@Command(
    name = "doctor",
    description = "Says what this machine offers: Java, vectors, memory, devices, data.",
    footer = {"", "Example:", "  java -jar dae-engine.jar doctor"})
final class DoctorCommand implements Callable<Integer> {
  private static final int MEBI = 20;

  @Mixin private DataOptions data;
  @Mixin private BackendOptions machine;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    String backend;
    try (Backend opened = machine.open()) {
      backend = opened.name();
    }
    PrintWriter out = spec.commandLine().getOut();
    Runtime runtime = Runtime.getRuntime();
    out.printf(
        "java      %s, %s, %s%n",
        Runtime.version(), System.getProperty("java.vm.name"), System.getProperty("java.home"));
    out.printf(
        "machine   %s, %d cores%n", System.getProperty("os.arch"), runtime.availableProcessors());
    out.printf("memory    heap of at most %d MiB%n", runtime.maxMemory() >> MEBI);
    out.println("backend   " + backend);
    Backends.multiplyAddPeak(machine.threads())
        .ifPresent(peak ->
            out.printf(Locale.ROOT, "fma       %.0f GFLOP/s with vectors this wide%n", peak));
    Backends.copyPeak(machine.threads())
        .ifPresent(peak -> out.printf(Locale.ROOT, "copy      %.1f GB/s at most%n", peak));
    Backends.openClDevices().forEach(device -> out.println("opencl    " + device));
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
}
