package dae.model;

import dae.file.Safetensors;
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
