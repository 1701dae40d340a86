package dae.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.InputStream;
import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A project of somebody else's that depends on the Maven artifact: it is compiled against the
/// small jar and what its pom brings along, nothing else, and run with them.
class LibraryIT {
  private static final Path LIBRARY = Path.of(System.getProperty("dae.library"));

  @TempDir private Path folder;

  private static String classPath() throws Exception {
    String libraries = Files.readString(Path.of(System.getProperty("dae.libraries"))).strip();
    assertTrue(libraries.contains("gson"), libraries);
    assertTrue(!libraries.contains("junit"), libraries);
    return LIBRARY + File.pathSeparator + libraries;
  }

  private Path source(String name, String text) throws Exception {
    Path file = folder.resolve("src").resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  private Path consumer() throws Exception {
    try (InputStream in = LibraryIT.class.getResourceAsStream("/library/Consumer.java.txt")) {
      return source("consumer/Consumer.java", new String(in.readAllBytes()));
    }
  }

  private static void compile(List<String> options, Path... sources) {
    List<String> words = new ArrayList<>(List.of("-proc:none"));
    words.addAll(options);
    Arrays.stream(sources).map(Path::toString).forEach(words::add);
    int failed =
        ToolProvider.getSystemJavaCompiler().run(null, null, null, words.toArray(String[]::new));
    assertEquals(0, failed, "it does not compile");
  }

  private static void cleans(String modules, List<String> options) throws Exception {
    List<String> command = new ArrayList<>(List.of(Jar.JAVA, "-Xmx1g", "--add-modules", modules));
    command.addAll(options);
    Jar.Ended ended = Jar.run(command);
    assertEquals(0, ended.exitCode(), ended.err());
    String[] errors = ended.out().strip().split(" ");
    double before = Double.parseDouble(errors[0]);
    double after = Double.parseDouble(errors[1]);
    assertTrue(before > 300 && after < before / 3, ended.out());
  }

  @Test
  void aProgramOnTheClassPathCleansAPicture() throws Exception {
    String classes = folder.resolve("classes").toString();
    compile(List.of("-cp", classPath(), "-d", classes), consumer());
    cleans(
        "jdk.incubator.vector",
        List.of("-cp", classes + File.pathSeparator + classPath(), "consumer.Consumer"));
  }

  /// What an automatic module needs is not resolved by itself, where it is a module with a
  /// descriptor.
  @Test
  void aModuleCleansAPicture() throws Exception {
    String modules = folder.resolve("modules").toString();
    Path module =
        source(
            "module-info.java", "module consumer { requires dae.engine; requires java.desktop; }");
    compile(List.of("-p", classPath(), "-d", modules), consumer(), module);
    cleans(
        "jdk.incubator.vector,ALL-MODULE-PATH",
        List.of(
            "-p", modules + File.pathSeparator + classPath(), "-m", "consumer/consumer.Consumer"));
  }

  /// Whatever a repository or a mirror gives us today. Another version is `sha256sum $(tr : ' ' <
  /// target/runtime-class-path)`, without the folders, and a look at its licence.
  @Test
  void librariesAreThoseThatWereChosen() throws Exception {
    List<String> chosen;
    try (InputStream in = LibraryIT.class.getResourceAsStream("/library/libraries.sha256")) {
      chosen = new String(in.readAllBytes()).lines().toList();
    }
    String licences = Files.readString(Path.of("THIRD-PARTY.md"));
    List<String> found = new ArrayList<>();
    String libraries = Files.readString(Path.of(System.getProperty("dae.libraries"))).strip();
    for (String library : libraries.split(File.pathSeparator)) {
      Path file = Path.of(library);
      String name = file.getFileName().toString();
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
      found.add(HexFormat.of().formatHex(hash) + "  " + name);
      String artifact = name.replaceFirst("-[0-9][^-]*\\.jar$", "");
      assertTrue(
          licences
              .lines()
              .filter(line -> line.startsWith("| "))
              .anyMatch(line ->
                  line.matches(
                      "\\| [^|]*\\b"
                          + artifact
                          + "\\b[^|]*\\| (Apache-2.0|MIT|BSD-3-Clause)\\b.*")),
          name + ": expected a line in THIRD-PARTY.md with a licence that we can keep");
    }
    assertEquals(chosen.stream().sorted().toList(), found.stream().sorted().toList());
  }

  @Test
  void theModulesNameIsFixed() {
    var module = ModuleFinder.of(LIBRARY).find("dae.engine").orElseThrow();
    assertTrue(module.descriptor().isAutomatic());
    assertTrue(module.descriptor().packages().contains("dae.denoise"));
  }
}
