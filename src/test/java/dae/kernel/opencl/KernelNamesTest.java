package dae.kernel.opencl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The names of the functions in `kernels/*.cl`: those that the ops' headers promise exist, and
/// each is called.
class KernelNamesTest {
  private static final List<String> FAMILIES =
      List.of("conv", "channel", "map", "pixel", "data", "optimiser");

  private static final Pattern DEFINED = Pattern.compile("kernel [^{;]*?void (\\w+)\\(");
  private static final Pattern LINKED =
      Pattern.compile("`((?:%s)_\\w+)`".formatted(String.join("|", FAMILIES)));
  private static final Pattern CALLED =
      Pattern.compile("(?:kernel|map|parts|momentsOfChunks)\\(\\s*\"(\\w+)\"");

  private static Set<String> defined() throws IOException {
    Set<String> names = new TreeSet<>();
    for (String family : FAMILIES) {
      find(DEFINED, Files.readString(Path.of("kernels", family + ".cl")), names);
    }
    return names;
  }

  private static void find(Pattern pattern, String text, Set<String> to) {
    Matcher matcher = pattern.matcher(text);
    while (matcher.find()) {
      to.add(matcher.group(1));
    }
  }

  @Test
  void opsLinkFunctionsThatExist() throws IOException {
    Set<String> defined = defined();
    Set<String> ops = new TreeSet<>();
    try (Stream<Path> files = Files.walk(Path.of("src/main/java/dae"))) {
      for (Path file : files.filter(file -> file.toString().endsWith(".java")).toList()) {
        String text = Files.readString(file);
        Set<String> linked = new TreeSet<>();
        find(LINKED, text, linked);
        assertTrue(defined.containsAll(linked), file + " links " + linked);
        if (!linked.isEmpty()) {
          ops.add(file.getFileName().toString());
        }
      }
    }
    assertEquals(
        Set.of(
            "AbsoluteError.java",
            "Add.java",
            "BatchNorm.java",
            "Blend.java",
            "Clip.java",
            "Concat.java",
            "Conv2d.java",
            "ConvTranspose2d.java",
            "Fill.java",
            "FoldedActivation.java",
            "FoldedBatchNorm.java",
            "GaussianNoise.java",
            "LeakyRelu.java",
            "MeanSquaredError.java",
            "Pixels.java",
            "PoissonNoise.java",
            "PsnrError.java",
            "Relu.java",
            "RepairError.java",
            "SaltPepperNoise.java",
            "Sigmoid.java",
            "Slice.java"),
        ops,
        "ops whose headers say where they run on a device");
  }

  @Test
  void everyFunctionIsCalled() throws IOException {
    Set<String> called = new TreeSet<>();
    Path backend = Path.of("src/main/java/dae/kernel/opencl");
    for (String family : List.of("Channel", "Map", "Pixel", "Data", "Optimiser")) {
      Set<String> names = new TreeSet<>();
      find(CALLED, Files.readString(backend.resolve("Cl" + family + ".java")), names);
      names.forEach(name -> called.add(family.toLowerCase(java.util.Locale.ROOT) + "_" + name));
    }
    called.addAll(
        Set.of("conv_forward", "conv_backward_input", "conv_backward_filter", "conv_sum_slices"));
    assertEquals(called, defined());
  }
}
