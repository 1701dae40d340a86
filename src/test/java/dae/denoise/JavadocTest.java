package dae.denoise;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.DocumentationTool;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The front door's pages are whole: everything public has its comment, every link its target.
class JavadocTest {
  @TempDir private Path folder;

  @Test
  void hasNoWarnings() throws Exception {
    DocumentationTool javadoc = ToolProvider.getSystemDocumentationTool();
    StringWriter said = new StringWriter();
    List<Path> sources;
    try (Stream<Path> files = Files.list(Path.of("src/main/java/dae/denoise"))) {
      sources = files.toList();
    }
    try (StandardJavaFileManager files = javadoc.getStandardFileManager(null, null, null)) {
      List<String> options =
          List.of(
              "-quiet",
              "-Xdoclint:all",
              "-Werror",
              "-cp",
              System.getProperty("java.class.path"),
              "-d",
              "" + folder);
      boolean good =
          javadoc
              .getTask(said, files, null, null, options, files.getJavaFileObjectsFromPaths(sources))
              .call();
      assertEquals("", said.toString());
      assertEquals(true, good);
    }
  }
}
