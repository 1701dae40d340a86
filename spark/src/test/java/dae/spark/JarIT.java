package dae.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;

/// What lies in the jar for `spark-submit`.
class JarIT {
  private static Set<String> classes(Path jar) throws IOException {
    try (JarFile open = new JarFile(jar.toFile())) {
      Set<String> names = new HashSet<>();
      open.stream()
          .map(ZipEntry::getName)
          .filter(name -> name.endsWith(".class") && !name.startsWith("META-INF/"))
          .forEach(names::add);
      return names;
    }
  }

  /// A class that Spark has comes from there, in its version; and a library of ours among Spark's
  /// would be found on our machine alone.
  @Test
  void hasNoClassThatSparkHas() throws IOException {
    Set<String> ours = classes(Path.of(System.getProperty("dae.jar")));
    assertTrue(ours.contains("dae/spark/Main.class"));
    assertTrue(ours.contains("io/jhdf/HdfFile.class"), "libraries are in it");
    List<String> both = new ArrayList<>();
    for (String jar : Files.readString(Path.of("target/spark/class-path")).strip().split(":")) {
      for (String name : classes(Path.of(jar))) {
        if (ours.contains(name)) {
          both.add(name + " in " + jar);
        }
      }
    }
    assertEquals(List.of(), both);
  }
}
