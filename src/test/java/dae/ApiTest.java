package dae;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dae.backend.Backends;
import dae.denoise.Denoiser;
import dae.image.Buffered;
import dae.image.Picture;
import dae.image.Png;
import dae.model.Checkpoint;
import dae.model.Imported;
import dae.model.Models;
import dae.onnx.OnnxExport;
import java.io.IOException;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What programs may rely on stands in `src/doc/api.md`. A change of a public signature fails here
/// until that page says the same; `mvn test -Dtest=ApiTest -Ddae.api=write` rewrites it.
class ApiTest {
  private static final Path PAGE = Path.of("src/doc/api.md");
  private static final String FENCE = "```";

  private static final Pattern SINCE = Pattern.compile("(?m)^/// @since \\d+\\.\\d+\\.\\d+$");

  private static final Set<String> OF_RECORDS = Set.of("equals", "hashCode", "toString");

  private static final List<Class<?>> TYPES =
      List.of(
          UserError.class,
          DeviceError.class,
          Backends.class,
          Buffered.class,
          Picture.class,
          Png.class,
          Checkpoint.class,
          Imported.class,
          Models.class,
          OnnxExport.class);

  @Test
  void thePageListsEverySignature() throws Exception {
    String listed = String.join("\n", signatures());
    String page = Files.readString(PAGE);
    int begin = page.indexOf(FENCE + "\n") + FENCE.length() + 1;
    int end = page.indexOf("\n" + FENCE, begin - 1);
    if ("write".equals(System.getProperty("dae.api"))) {
      Files.writeString(PAGE, page.substring(0, begin) + listed + page.substring(end));
    } else {
      assertEquals(page.substring(begin, end), listed);
    }
  }

  @Test
  void everyTypeSaysSinceWhenItIsThere() throws Exception {
    for (Class<?> type : types()) {
      if (isOpen(type.getModifiers())) {
        Path file = Path.of("src/main/java", type.getName().replace('.', '/') + ".java");
        assertTrue(SINCE.matcher(Files.readString(file)).find(), file + " has no @since");
      }
    }
  }

  private static List<Class<?>> types() throws IOException {
    List<Class<?>> types = new ArrayList<>(TYPES);
    types.addAll(in(Denoiser.class.getPackageName()));
    return types;
  }

  private static List<String> signatures() throws Exception {
    List<Class<?>> types = types();
    for (int i = 0; i < types.size(); i++) {
      types.addAll(Arrays.asList(types.get(i).getDeclaredClasses()));
    }
    types.sort(Comparator.comparing(Class::getName));
    List<String> lines = new ArrayList<>();
    for (Class<?> type : types) {
      if (isOpen(type.getModifiers())) {
        lines.add(type.toGenericString());
        Stream.of(
                type.getDeclaredConstructors(), type.getDeclaredMethods(), type.getDeclaredFields())
            .flatMap(Arrays::stream)
            .map(Member.class::cast)
            .filter(member -> isOpen(member.getModifiers()) && !member.isSynthetic())
            .filter(member -> !OF_RECORDS.contains(member.getName()))
            .map(member -> "  " + text(member).replace(type.getName() + ".", ""))
            .sorted()
            .forEach(lines::add);
      }
    }
    return lines;
  }

  private static String text(Member member) {
    return member instanceof Executable executable
        ? executable.toGenericString()
        : ((Field) member).toGenericString();
  }

  private static boolean isOpen(int modifiers) {
    return Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers);
  }

  private static List<Class<?>> in(String packageName) throws IOException {
    Path folder = Path.of("src/main/java", packageName.replace('.', '/'));
    List<Class<?>> types = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.sorted().toList()) {
        String name = file.getFileName().toString().replace(".java", "");
        if (!name.equals("package-info")) {
          types.add(Class.forName(packageName + "." + name));
        }
      }
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
    return types;
  }
}
