package dae.model;

import dae.file.Safetensors;
import dae.graph.Parameters;
import dae.graph.Plan;
import dae.kernel.Backend;
import dae.kernel.scalar.ScalarBackend;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/// One file of the golden values; `golden/README.md` says where they come from.
public record Golden(Safetensors file) {
  public static Golden read(String name) {
    try {
      var at = Objects.requireNonNull(Golden.class.getResource("/golden/" + name + ".safetensors"));
      return new Golden(Safetensors.read(Path.of(at.toURI())));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /// What a model of the article's network makes of the first golden batch; the values to compare
  /// it with are `prediction_inference_mode_of_batch01`.
  static float[] predictions(Checkpoint model) {
    float[] noisy = read("batches").get("batch01/noisy");
    float[] denoised = new float[noisy.length];
    int images = noisy.length / (32 * 32 * 3);
    Denoising denoising = Denoising.inference(model.network(), 32, 32);
    try (Backend backend = new ScalarBackend();
        Parameters parameters = model.parameters(backend);
        Plan plan = denoising.inference(backend, images).open(parameters)) {
      plan.run(denoising.noisy(), noisy, images, denoising.denoised(), denoised);
    }
    return denoised;
  }

  public float[] get(String name) {
    return entry(name).data();
  }

  public int[] shape(String name) {
    return entry(name).shape();
  }

  private Safetensors.Entry entry(String name) {
    return Objects.requireNonNull(file.tensors().get(name), name);
  }

  /// The part of each name before `/member`, of tensors that have such a member.
  public List<String> cases(String family, String member) {
    List<String> cases =
        file.tensors().keySet().stream()
            .filter(name -> name.startsWith(family + "/") && name.endsWith("/" + member))
            .map(name -> name.substring(0, name.length() - member.length() - 1))
            .toList();
    if (cases.isEmpty()) {
      throw new IllegalStateException("no golden case of " + family);
    }
    return cases;
  }
}
