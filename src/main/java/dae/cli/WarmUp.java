package dae.cli;

import dae.backend.Backends;
import dae.graph.Parameters;
import dae.graph.Plan;
import dae.kernel.Backend;
import dae.model.Denoising;
import dae.model.Networks;
import java.util.List;

/// Has the kernels compiled while the command line, the model and the first picture are read: of
/// the time that one small picture takes, most is the compiler's, and a second core would be idle.
/// A tile with an edge on every side takes the kernels through all their cases, so that hardly
/// anything is compiled twice (bench/NOTES.md).
final class WarmUp {
  /// The network of the model that `denoise` takes by itself.
  static final String NETWORK = "edsr:32,6";

  private static final int SIDE = 32;

  private WarmUp() {}

  /// Starts it, where the command is one that will need these kernels soon.
  static void start(List<String> args) {
    if (pays(args, Runtime.getRuntime().availableProcessors())) {
      Thread.ofPlatform().daemon().name("warm-up").start(WarmUp::clean);
    }
  }

  /// Whether it is `denoise` with its own model on the processor, and another core is there.
  static boolean pays(List<String> args, int processors) {
    return processors > 1
        && !args.isEmpty()
        && args.getFirst().equals("denoise")
        && args.stream().noneMatch(arg -> arg.startsWith("--model") || arg.startsWith("--backend"));
  }

  private static void clean() {
    Denoising model = Denoising.inference(Networks.named(NETWORK), SIDE, SIDE);
    try (Backend backend = Backends.open("simd", 1, note -> {});
        Parameters parameters = new Parameters(model.graph().params(), backend, 1);
        Plan plan = model.inference(backend, 1).open(parameters)) {
      float[] pixels = new float[model.noisy().shape().size()];
      // Once is too little for what the first and the last layer do alone (bench/NOTES.md).
      for (int round = 0; round < 3; round++) {
        plan.run(model.noisy(), pixels, 1, model.denoised(), pixels);
      }
    } catch (OutOfMemoryError e) {
      // The command itself will say so, if it needs as much.
      return;
    }
  }
}
