package dae.denoise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dae.image.Picture;
import dae.image.Png;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The Java in the README, compiled and run as it stands there.
class ReadmeExampleTest {
  private static final Pattern EXAMPLE = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

  @TempDir private Path folder;

  @Test
  void cleansAPicture() throws Exception {
    Matcher example = EXAMPLE.matcher(Files.readString(Path.of("README.md")));
    assertTrue(example.find(), "no Java in README.md");
    String code = example.group(1);
    Path photo = folder.resolve("photo.png");
    Path clean = folder.resolve("clean.png");
    Png.write(new Picture(20, 30, new float[20 * 30 * 3], null), photo);
    Path source = Files.writeString(folder.resolve("CleanFile.java"), code);
    JavaCompiler javac = ToolProvider.getSystemJavaCompiler();
    try (StandardJavaFileManager files = javac.getStandardFileManager(null, null, null)) {
      List<String> options =
          List.of("-cp", System.getProperty("java.class.path"), "-d", "" + folder);
      assertTrue(
          javac.getTask(null, files, null, options, null, files.getJavaFileObjects(source)).call(),
          code);
    }
    try (URLClassLoader classes = new URLClassLoader(new URL[] {folder.toUri().toURL()})) {
      Object args = new String[] {"" + photo, "" + clean};
      classes.loadClass("CleanFile").getMethod("main", String[].class).invoke(null, args);
    }
    assertEquals(30, Png.read(clean).width());
  }
}
