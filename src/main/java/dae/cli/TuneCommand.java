package dae.cli;

import dae.UserError;
import dae.backend.Backends;
import dae.kernel.Backend;
import dae.model.Denoising;
import dae.model.Loss;
import dae.model.Network;
import dae.noise.Noises;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Finds the fastest tiles of a device.
@Command(
    name = "tune",
    description = {
      "Tries every way to cut the model's products on an OpenCL device and keeps the fastest.",
      "Later commands on that device use it for about as many images per step; results do not depend"
          + " on it."
    },
    footer = {
      "",
      "Examples:",
      "  java -jar dae-engine.jar tune",
      "  java -jar dae-engine.jar tune --backend opencl:0.1 --batch-size 512"
    })
final class TuneCommand implements Callable<Integer> {
  private static final int SIDE = 32;

  @Option(
      names = "--backend",
      paramLabel = "NAME",
      description = "opencl or opencl:<platform>.<device>; doctor lists them.")
  private String backend = "opencl";

  @Option(names = "--batch-size", paramLabel = "N", description = "Images per step.")
  private int batchSize = 128;

  @Mixin private NetworkOptions arch;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    require(backend.startsWith("opencl"), "--backend", "opencl", backend);
    require(batchSize >= 1, "--batch-size", "at least 1", batchSize);
    Network network = arch.network();
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    try (Backend device = Backends.open(backend, 1, err::println)) {
      err.println("device  " + device.name());
      Denoising model =
          Denoising.training(
              network, Noises.named(Noises.DEFAULT), Loss.MEAN_SQUARED_ERROR, SIDE, SIDE);
      Backends.tune(
          device,
          batchSize,
          () -> model.training(device, batchSize),
          line -> {
            out.println(line);
            out.flush();
          });
    }
    return 0;
  }

  private static void require(boolean fits, String option, String expected, Object got) {
    if (!fits) {
      throw new UserError("tune: expected " + expected + ", got " + got + " — change " + option);
    }
  }
}
