package dae.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dae.UserError;
import dae.kernel.Backend;
import dae.kernel.OwnJvm;
import dae.kernel.TestBackends;
import dae.kernel.opencl.SignalChaining;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BackendsTest {
  @Test
  void opensByName() {
    List<String> warnings = new ArrayList<>();
    try (Backend scalar = Backends.open("scalar", 2, warnings::add);
        Backend simd = Backends.open("simd", 2, warnings::add)) {
      assertTrue(scalar.name().startsWith("scalar, "), scalar.name());
      assertTrue(simd.name().startsWith("simd, "), simd.name());
      assertTrue(simd.name().endsWith("2 threads"), simd.name());
      assertEquals("scalar", scalar.kind());
      assertEquals("simd", simd.kind());
    }
  }

  @Test
  void autoSaysWhyItIsNotSimd() {
    List<String> warnings = new ArrayList<>();
    try (Backend auto = Backends.open("auto", 1, warnings::add)) {
      assertEquals(auto.name().startsWith("simd") ? 0 : 1, warnings.size());
    }
  }

  /// Any device is tried here, where `auto` by itself tries GPUs only: in a JVM that shares its
  /// signals with a driver, and in one that does not.
  @Test
  void autoTriesADeviceAndSaysWhatItTook() throws Exception {
    TestBackends.openCl().open().close();
    List<String> options =
        List.of("-Ddae.opencl=any", "-Ddae.cache=" + System.getProperty("dae.cache"));
    String library = SignalChaining.library().map(Path::toString).orElse("");
    OwnJvm.run(Auto.class, all -> all.put("LD_PRELOAD", library), options, " times as fast as ");
    if (!library.isEmpty()) {
      OwnJvm.run(Auto.class, all -> all.remove("LD_PRELOAD"), options, "LD_PRELOAD=" + library);
    }
  }

  static final class Auto {
    public static void main(String[] said) {
      List<String> notes = new ArrayList<>();
      try (Backend auto = Backends.open("auto", 2, notes::add)) {
        String last = notes.getLast();
        assertTrue(last.startsWith("auto    " + auto.name() + ": opencl:"), last);
        assertTrue(last.contains(said[0]), last);
      }
    }
  }

  @Test
  void whatDoesNotExistIsOneLine() {
    for (String choice : new String[] {"cuda", "opencl0", "opencl:77", "opencl:0.77", "opencl:x"}) {
      String message = assertThrows(UserError.class, () -> Backends.open(choice, 1)).getMessage();
      assertTrue(message.contains("expected") && !message.contains("\n"), message);
    }
    String names = assertThrows(UserError.class, () -> Backends.open("cuda", 1)).getMessage();
    assertTrue(names.contains("auto, scalar, simd, opencl"), names);
    assertThrows(UserError.class, () -> Backends.open("auto", 0));
  }

  @Test
  void openClIsALineInAnyCase() {
    assertTrue(!Backends.openClDevices().isEmpty());
  }
}
