package dae.cli;

import dae.UserError;
import dae.file.AtomicFile;
import dae.file.Reason;
import dae.file.Safetensors;
import dae.model.Checkpoint;
import dae.model.Denoising;
import dae.model.Network;
import dae.onnx.Folding;
import dae.onnx.OnnxExport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Writes a model for other programs.
@Command(
    name = "export",
    description = {
      "Writes a model as ONNX, for ONNX Runtime and what else reads that.",
      "noisy goes in and denoised comes out: images × 3 × height × width, red, green and blue from"
          + " 0 to 1. A model that says where it repaints has a second output, mask."
    },
    footer = {
      "",
      "Examples:",
      "  java -jar dae-engine.jar export -o photo.onnx",
      "  java -jar dae-engine.jar export --model best.safetensors -o best.onnx --fold --float16"
    })
final class ExportCommand implements Callable<Integer> {
  /// What a model can be written as.
  enum Format {
    /// Open Neural Network Exchange.
    ONNX
  }

  @Mixin private ModelOption model;

  @Option(names = "--format", paramLabel = "FORMAT", description = "Only onnx.")
  private Format format = Format.ONNX;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "OUT",
      required = true,
      description = "File to write (needed).")
  private Path output;

  @Option(names = "--overwrite", description = "Write over a file that is there.")
  private boolean overwrite;

  @Option(
      names = "--fold",
      description = "Bring batch norms into the convolutions in front of them.")
  private boolean fold;

  @Option(
      names = "--float16",
      description =
          "Store kernels as 16-bit floats, in half the space; what is computed stays float32.")
  private boolean float16;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    if (!overwrite && !AtomicFile.reserve(output)) {
      throw new UserError(
          output + ": expected no such file, got one — name another with -o, or give --overwrite");
    }
    Checkpoint checkpoint = model.load();
    Network network = checkpoint.network();
    Map<String, Safetensors.Entry> weights = checkpoint.tensors();
    if (fold) {
      int side = network.multiple();
      weights = Folding.of(Denoising.inference(network, side, side).graph(), weights);
    }
    String manifest = Main.class.getPackage().getImplementationVersion();
    String version = manifest == null ? "unpackaged" : manifest;
    byte[] bytes =
        OnnxExport.bytes(
            network, weights, new OnnxExport.Form(float16), version, metadata(checkpoint, version));
    try {
      AtomicFile.write(output, out -> out.write(bytes));
    } catch (IOException e) {
      throw new UserError(
          "export: expected a file to write, got: " + Reason.of(e) + " — name another with -o", e);
    }
    spec.commandLine()
        .getErr()
        .printf(
            "%s, network %s → %s, %,d bytes; height and width in multiples of %d%n",
            checkpoint.source(), network.word(), output, bytes.length, network.multiple());
    return 0;
  }

  private static Map<String, String> metadata(Checkpoint checkpoint, String version) {
    Network network = checkpoint.network();
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put("network", network.word());
    metadata.put("range", "0 to 1");
    metadata.put("multiple", "" + network.multiple());
    for (String key : new String[] {"noise", "dataset", Checkpoint.LICENCE}) {
      if (checkpoint.metadata().containsKey(key)) {
        metadata.put(key, checkpoint.metadata().get(key));
      }
    }
    metadata.put("version", version);
    return metadata;
  }
}
