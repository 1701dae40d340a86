package dae;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What is written about the code cannot drift away from it: the length of files, and which types a
/// package's page names.
class RecordsTest {
  private static final int OP = 200;
  private static final int ANY = 400;

  /// Longer files, with their reason.
  private static final Map<String, String> LONGER =
      Map.of(
          "kernels/conv.cl",
          "three products that can be read apart, so each has a loop of its own");

  private static final Pattern PUBLIC =
      Pattern.compile(
          "^public (?:[a-z-]+ )*(?:class|interface|record|enum) (\\w+)", Pattern.MULTILINE);

  private static List<Path> files(String ending, String... roots) throws IOException {
    List<Path> files = new ArrayList<>();
    for (String root : roots) {
      try (Stream<Path> all = Files.walk(Path.of(root))) {
        all.filter(file -> file.toString().endsWith(ending)).sorted().forEach(files::add);
      }
    }
    assertTrue(!files.isEmpty(), ending);
    return files;
  }

  @Test
  void filesAreShort() throws IOException {
    List<String> tooLong = new ArrayList<>();
    List<Path> all = new ArrayList<>(files(".java", "src", "bench", "spark"));
    all.addAll(files(".cl", "kernels"));
    for (Path file : all) {
      String name = file.toString().replace('\\', '/');
      int lines = Files.readAllLines(file).size();
      boolean op = name.startsWith("src/main/java/dae/op/");
      if (lines > (op ? OP : ANY) && !LONGER.containsKey(name)) {
        tooLong.add(name + ": " + lines);
      }
    }
    assertEquals(List.of(), tooLong, "split them, or list them with a reason");
  }

  @Test
  void exceptionsAreStillNeeded() throws IOException {
    for (String name : LONGER.keySet()) {
      assertTrue(Files.readAllLines(Path.of(name)).size() > ANY, name + " is short by now");
    }
  }

  @Test
  void packagePagesNameTheirPublicTypes() throws IOException {
    List<String> missing = new ArrayList<>();
    for (Path page : files("package-info.java", "src/main/java", "spark/src/main/java")) {
      String text = Files.readString(page);
      try (Stream<Path> types = Files.list(page.getParent())) {
        for (Path type : types.filter(file -> file.toString().endsWith(".java")).toList()) {
          Matcher declared = PUBLIC.matcher(Files.readString(type));
          if (declared.find() && !text.contains(declared.group(1))) {
            missing.add(page + ": " + declared.group(1));
          }
        }
      }
    }
    assertEquals(List.of(), missing);
  }

  @Test
  void everyPackageHasAPage() throws IOException {
    for (Path file : files(".java", "src/main/java/dae", "src/launcher/java/dae")) {
      Path page = file.resolveSibling("package-info.java");
      assertTrue(Files.exists(page), page + " is missing");
    }
  }
}
