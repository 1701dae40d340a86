package dae.kernel.opencl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dae.DeviceError;
import dae.kernel.Activation;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jocl.cl_context;
import org.jocl.cl_program;
import org.junit.jupiter.api.Test;

/// The files in `kernels` can be compiled, and so tried and read, without the host's options.
class KernelFilesTest {
  private static final Pattern FUNCTION = Pattern.compile("kernel [^{;]*?void (\\w+)\\(");
  private static final Pattern DEFINE =
      Pattern.compile("^#define (\\w+) (\\d+)$", Pattern.MULTILINE);

  /// `exp.cl` is in front of each.
  private static List<String> files() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("kernels"))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".cl") && !name.equals("exp.cl"))
          .sorted()
          .toList();
    }
  }

  @Test
  void eachCompilesWithoutOptionsAndHasAllItsFunctions() throws IOException {
    List<String> files = files();
    assertFalse(files.isEmpty());
    try (ClBackend backend = TestDevice.open()) {
      Cl cl = backend.context().cl();
      Listing.Present device = backend.context().present();
      cl_context context = cl.createContext(device);
      try {
        for (String file : files) {
          compile(cl, device, context, file);
        }
      } finally {
        cl.release(context);
      }
    }
  }

  private static void compile(Cl cl, Listing.Present device, cl_context context, String file) {
    String source = ClContext.source(file);
    cl_program program = cl.createProgram(context, source);
    try {
      cl.build(program, device, ClContext.STANDARD);
      Matcher function = FUNCTION.matcher(source);
      int functions = 0;
      while (function.find()) {
        cl.release(cl.createKernel(program, function.group(1)));
        functions++;
      }
      assertFalse(functions == 0, file + " has no function");
    } catch (DeviceError e) {
      throw new AssertionError(file + ": " + cl.log(program, device), e);
    } finally {
      cl.release(program);
    }
  }

  @Test
  void flagsAreThoseOfTheHost() throws IOException, IllegalAccessException {
    Map<String, Integer> host = new TreeMap<>();
    for (Field field : Flags.class.getDeclaredFields()) {
      host.put(field.getName(), field.getInt(null));
    }
    Map<String, Integer> device = new TreeMap<>();
    Matcher define = DEFINE.matcher(Files.readString(Path.of("kernels/exp.cl")));
    while (define.find()) {
      device.put(define.group(1), Integer.parseInt(define.group(2)));
    }
    assertEquals(host, device);
  }

  @Test
  void theSlopeIsThatOfTheHost() throws IOException {
    String define = "#define SLOPE %sf\n".formatted(Activation.SLOPE);
    assertTrue(Files.readString(Path.of("kernels/exp.cl")).contains(define), define);
  }
}
