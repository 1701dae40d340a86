package dae.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dae.DeviceError;
import dae.file.Safetensors;
import dae.image.Picture;
import dae.image.Png;
import dae.kernel.Backend;
import dae.kernel.simd.SimdBackend;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/// A device that `auto` took is lost in the middle of a command.
class FallbackTest {
  @TempDir private static Path whole;
  @TempDir private Path folder;

  @BeforeAll
  static void train() {
    Ran ran = train(-1, () -> {}, whole.resolve("run"));
    assertEquals(0, ran.exitCode, ran.err);
  }

  /// SIMD under the name of a device, which after this many reads fails for good. Losses are
  /// gathered as for a device.
  private static Backend device(int reads, Runnable lost) {
    Backend simd = new SimdBackend(1);
    int[] left = {reads};
    return (Backend)
        Proxy.newProxyInstance(
            Backend.class.getClassLoader(),
            new Class<?>[] {Backend.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("download") && left[0]-- <= 0) {
                lost.run();
                throw new DeviceError("opencl: expected a device, got none any more", null);
              }
              return switch (method.getName()) {
                case "kind" -> "opencl:9.9";
                case "name" -> "opencl:9.9, lost soon";
                case "asynchronous" -> true;
                default -> method.invoke(simd, arguments);
              };
            });
  }

  private record Ran(int exitCode, String out, String err) {}

  private static Ran run(int reads, String... args) {
    return run(reads, () -> {}, args);
  }

  /// @param reads after which the device is lost; negative for none
  /// @param lost looks at what there is at that moment
  private static Ran run(int reads, Runnable lost, String... args) {
    CommandLine commands = Main.commandLine();
    if (reads >= 0) {
      CommandLine command = commands.getSubcommands().get(args[0]);
      BackendOptions machine =
          (BackendOptions) command.getCommandSpec().mixins().get("machine").userObject();
      machine.backends = name -> device(reads, lost);
    }
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    commands.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    return new Ran(commands.execute(args), "" + out, "" + err);
  }

  private static Ran train(int reads, Runnable lost, Path run) {
    List<String> args =
        new ArrayList<>(
            List.of("train", "--dataset", "leaves", "--limit", "16", "--batch-size", "8"));
    args.addAll(List.of("--width", "2", "--epochs", "3", "--threads", "1", "--out", "" + run));
    return run(reads, lost, args.toArray(String[]::new));
  }

  /// Lost before anything is saved, in the first epoch, while that is being saved, and in a later
  /// one: before an epoch was saved as a whole it starts again, later it goes on from there. SIMD
  /// under another name makes the same bits, so the result must be that of an unbroken run.
  @ParameterizedTest
  @CsvSource({
    "0, 1, false, false, false",
    "100, 2, true, false, false",
    "200, 2, true, true, false",
    "325, 2, true, true, true"
  })
  void aTrainingEndsAsIfNothingHadHappened(
      int reads, int named, boolean state, boolean best, boolean history) throws Exception {
    Path run = folder.resolve("broken");
    Ran broken =
        train(
            reads,
            () -> {
              assertEquals(state, Files.exists(run.resolve("state.safetensors")), "when lost");
              assertEquals(best, Files.exists(run.resolve("best.safetensors")), "when lost");
              assertEquals(history, Files.exists(run.resolve("history.csv")), "when lost");
            },
            run);
    assertEquals(0, broken.exitCode, broken.err);
    List<String> devices = broken.err.lines().filter(line -> line.startsWith("device ")).toList();
    assertEquals(named, devices.size(), broken.err);
    assertTrue(devices.getLast().contains("simd"), broken.err);
    long epochs = broken.out.lines().filter(line -> line.startsWith("epoch ")).count();
    assertEquals(3, epochs, "none is trained again that was saved: " + broken.out);
    var expected = Safetensors.read(whole.resolve("run/last.safetensors")).tensors();
    var got = Safetensors.read(folder.resolve("broken/last.safetensors")).tensors();
    assertEquals(expected.keySet(), got.keySet());
    expected.forEach(
        (name, tensor) -> assertArrayEquals(tensor.data(), got.get(name).data(), name));
    assertEquals(
        4, Files.readAllLines(folder.resolve("broken/history.csv")).size(), "three epochs");
  }

  @Test
  void aPictureIsCleanedAllTheSame() throws Exception {
    Path picture = folder.resolve("a.png");
    Png.write(new Picture(16, 16, new float[16 * 16 * 3], null), picture);
    Ran broken = run(0, "denoise", "" + picture, "--strength", "1");
    assertEquals(0, broken.exitCode, broken.err);
    assertTrue(Files.exists(folder.resolve("a-denoised.png")));
    assertTrue(broken.err.contains("any more; going on without the device"), broken.err);
  }

  /// What was refused until then is still said.
  @Test
  void aNamedDeviceEndsTheBatch() throws Exception {
    Path pictures = Files.createDirectory(folder.resolve("in"));
    Files.writeString(pictures.resolve("a.png"), "no picture");
    for (String name : List.of("b", "c")) {
      Png.write(new Picture(16, 16, new float[16 * 16 * 3], null), pictures.resolve(name + ".png"));
    }
    Ran broken = run(0, "denoise", "--strength", "1", "--backend", "opencl", "" + pictures);
    assertEquals(2, broken.exitCode, broken.err);
    assertTrue(broken.err.contains("done    0 cleaned, 1 refused, 2 left"), broken.err);
    assertTrue(broken.err.contains("a.png: expected"), broken.err);
    assertTrue(broken.err.endsWith("got none any more\n"), broken.err);
  }

  @Test
  void aBatchGoesOnWithWhatIsLeft() throws Exception {
    Path pictures = Files.createDirectory(folder.resolve("in"));
    for (String name : List.of("a", "c", "d")) {
      Png.write(new Picture(16, 16, new float[16 * 16 * 3], null), pictures.resolve(name + ".png"));
    }
    Files.writeString(pictures.resolve("b.png"), "no picture");
    Ran broken = run(1, "denoise", "--strength", "1", "" + pictures);
    assertEquals(2, broken.exitCode, broken.err);
    assertEquals(3, broken.out.lines().distinct().count(), broken.out);
    assertEquals(3, broken.out.lines().count(), "each is cleaned once: " + broken.out);
    for (String name : List.of("a", "c", "d")) {
      assertTrue(Files.exists(folder.resolve("in-denoised").resolve(name + ".png")), name);
    }
    assertTrue(broken.err.contains("any more; going on without the device"), broken.err);
    assertTrue(broken.err.contains("done    3 cleaned, 1 refused"), broken.err);
    assertEquals(
        1, broken.err.lines().filter(line -> line.contains("b.png: expected")).count(), broken.err);
  }

  @Test
  void anEvaluationToo() {
    Ran broken = run(2, "evaluate", "--dataset", "leaves", "--limit", "8");
    assertEquals(0, broken.exitCode, broken.err);
    assertTrue(broken.out.contains("denoised MSE in full"), broken.out);
    assertFalse(broken.err.contains("Exception"), broken.err);
  }
}
