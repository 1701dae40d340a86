package dae.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dae.keras.KerasFiles;
import dae.model.Checkpoint;
import dae.model.Golden;
import dae.model.Models;
import dae.onnx.OnnxReader;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/// Models come in, go out and are found by name.
class ModelsTest {
  private record Ran(int exitCode, String out, String err) {}

  @TempDir private Path folder;
  private Path keras;

  @BeforeEach
  void write() throws Exception {
    keras = folder.resolve("best.weights.h5");
    Files.write(keras, KerasFiles.third(Golden.read("initial")).bytes());
  }

  private static Ran run(CommandLine command, Object... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    String[] words = new String[args.length];
    for (int i = 0; i < args.length; i++) {
      words[i] = "" + args[i];
    }
    command.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    return new Ran(command.execute(words), out.toString(), err.toString());
  }

  private static Ran main(Object... args) {
    return run(Main.commandLine(), args);
  }

  private Ran models(Object... args) {
    CommandLine command =
        new CommandLine(new ModelsCommand(new Models(folder.resolve("mine"))))
            .setExecutionExceptionHandler((e, line, parsed) -> {
              line.getErr().println(e.getMessage());
              return 2;
            });
    return run(command, args);
  }

  @Test
  void theProgramHandsItsWordsOn() {
    Ran ran = main("models", "show", "photo");
    assertEquals(0, ran.exitCode(), ran.err());
    assertTrue(ran.out().startsWith("The built-in model photo"), ran.out());
    assertTrue(main("models", "add", folder).err().contains("expected a model file"));
    assertTrue(main("models", "remove", "nobody").err().contains("got 'nobody'"));
    assertTrue(main("models", "add", "--help").out().contains("--name"));
  }

  @Test
  void importsWhatKerasSaved() {
    Ran ran = main("import", keras, "--noise", "0.1");
    assertEquals(0, ran.exitCode(), ran.err());
    assertTrue(ran.out().startsWith("Keras 3, network article:8\n"), ran.out());
    assertEquals(20, ran.out().lines().count(), ran.out());
    assertTrue(
        ran.out().contains("conv2d_transpose_4    → final_deconv/conv2d_transpose"), ran.out());
    Checkpoint model = Checkpoint.load(folder.resolve("best.safetensors"));
    assertEquals("gaussian:0.1", model.metadata().get("noise"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"import", "export"})
  void nothingIsWrittenOverUnasked(String command) throws Exception {
    Path there = Files.writeString(folder.resolve("there"), "mine");
    Object[] args =
        command.equals("import")
            ? new Object[] {command, keras, "-o", there}
            : new Object[] {command, "-o", there};
    Ran ran = main(args);
    assertEquals(2, ran.exitCode());
    assertEquals(1, ran.err().lines().count(), ran.err());
    assertEquals("mine", Files.readString(there));
  }

  @Test
  void exportsWhatIsAskedFor() throws Exception {
    Path file = folder.resolve("a.onnx");
    Ran ran = main("export", "--model", keras, "-o", file, "--fold", "--format", "onnx");
    assertEquals(0, ran.exitCode(), ran.err());
    assertTrue(ran.err().contains("network article:8"), ran.err());
    Ran smaller = main("export", "--model", keras, "-o", file, "--float16", "--overwrite");
    assertEquals(0, smaller.exitCode(), smaller.err());
    assertTrue(Files.size(file) < 350_000, "" + Files.size(file));
  }

  @Test
  void whatIsExportedSaysWhatItIs() throws Exception {
    Path file = folder.resolve("a.onnx");
    assertEquals(0, main("export", "--model", "cifar", "-o", file).exitCode());
    OnnxReader exported = OnnxReader.read(Files.readAllBytes(file));
    exported.check();
    Checkpoint model = Checkpoint.builtIn("cifar");
    Map<String, String> metadata = exported.metadata();
    assertEquals(model.network().word(), metadata.get("network"));
    assertEquals("0 to 1", metadata.get("range"));
    assertEquals("2", metadata.get("multiple"));
    assertEquals("gaussian:0.1", metadata.get("noise"));
    assertEquals("Apache-2.0", metadata.get("licence"));
    assertTrue(metadata.containsKey("version"), "" + metadata);
  }

  @Test
  void aLinkToNowhereIsThereToo() throws Exception {
    Path link = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("nowhere"));
    assertEquals(2, main("export", "-o", link).exitCode());
    assertEquals(2, main("import", keras, "-o", link).exitCode());
    assertTrue(Files.isSymbolicLink(link));
  }

  @Test
  void aCardThatIsNoTextIsNamed() throws Exception {
    assertEquals(0, models("add", keras, "--name", "mine").exitCode());
    Files.write(folder.resolve("mine/mine.md"), new byte[] {(byte) 0xff});
    Ran ran = models("show", "mine");
    assertEquals(2, ran.exitCode());
    assertTrue(ran.err().contains("mine.md: expected a card in UTF-8"), ran.err());
  }

  @Test
  void otherFilesAreNamed() throws Exception {
    Path text = Files.writeString(folder.resolve("a.h5"), "no HDF5");
    Ran ran = main("import", text);
    assertEquals(2, ran.exitCode());
    assertTrue(ran.err().contains("expected a safetensors"), ran.err());
  }

  @Test
  void listsWhatIsThere() {
    assertEquals(0, models("add", keras, "--name", "mine").exitCode());
    Ran ran = models();
    assertEquals(0, ran.exitCode(), ran.err());
    for (String name : Checkpoint.BUILT_IN) {
      assertTrue(ran.out().contains(name + ": network "), ran.out());
    }
    assertTrue(ran.out().contains("mine: network article:8, "), ran.out());
    assertTrue(ran.out().contains("  licence  Apache-2.0"), ran.out());
    assertTrue(models("show", "mine").out().contains("| imported | Keras 3 |"));
    assertTrue(models("show", "photo").out().startsWith("The built-in model photo\n"));
  }

  @Test
  void addedOnceAndRemoved() throws Exception {
    assertEquals(0, models("add", keras).exitCode());
    Path file = folder.resolve("mine/best.safetensors");
    byte[] before = Files.readAllBytes(file);
    assertEquals(2, models("add", keras).exitCode());
    assertArrayEquals(before, Files.readAllBytes(file));
    assertEquals(2, models("add", keras, "--name", "photo").exitCode());
    assertEquals(2, models("add", keras, "--name", "../photo").exitCode());
    assertEquals(0, models("remove", "best").exitCode());
    assertFalse(Files.exists(file));
    assertEquals(2, models("remove", "best").exitCode());
    assertEquals(2, models("remove", "photo").exitCode());
  }

  @Test
  void aDamagedOneDoesNotHideTheOthers() throws Exception {
    Files.createDirectories(folder.resolve("mine"));
    Files.writeString(folder.resolve("mine/bad.safetensors"), "x");
    Ran ran = models();
    assertEquals(2, ran.exitCode());
    assertTrue(ran.out().contains("restore: network"), ran.out());
    assertTrue(ran.err().contains("bad.safetensors"), ran.err());
  }
}
