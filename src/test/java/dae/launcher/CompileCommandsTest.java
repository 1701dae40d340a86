package dae.launcher;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class CompileCommandsTest {
  /// A JVM says nothing of a name that no method has: a start would be slower, and nobody would
  /// know.
  @Test
  void theMethodsThatTheLauncherNamesExist() throws Exception {
    String launcher = Files.readString(Path.of("src/launcher/java/dae/launcher/Launcher.java"));
    List<MatchResult> named =
        Pattern.compile("dontinline,([\\w.]+)::(\\w+)").matcher(launcher).results().toList();
    assertTrue(named.size() > 0);
    for (MatchResult each : named) {
      assertTrue(
          Arrays.stream(Class.forName(each.group(1)).getDeclaredMethods())
              .anyMatch(method -> method.getName().equals(each.group(2))),
          each.group());
    }
  }
}
