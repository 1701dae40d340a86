package dae.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dae.denoise.Cleaning;
import dae.denoise.Denoiser;
import dae.denoise.Options;
import dae.file.Link;
import dae.image.Picture;
import dae.image.Png;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What `denoise` must never write to.
class DenoiseTargetsTest {
  private record Ran(int exitCode, String out, String err) {}

  @TempDir private Path folder;

  private static Ran run(Object... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    String[] words = new String[args.length + 3];
    words[0] = "denoise";
    words[1] = "--backend";
    words[2] = "simd";
    for (int i = 0; i < args.length; i++) {
      words[3 + i] = "" + args[i];
    }
    int exitCode =
        Main.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err)).execute(words);
    return new Ran(exitCode, out.toString(), err.toString());
  }

  private Path picture(String name) throws Exception {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    float[] rgb = new float[20 * 30 * 3];
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = i * 31 % 17 / 17f;
    }
    Png.write(new Picture(20, 30, rgb, null), file);
    return file;
  }

  /// Through a link, or because one folder lies in the other.
  @Test
  void noSourceIsWrittenOver() throws Exception {
    picture("in/a.png");
    picture("in/sub/sub/b.png");
    picture("in/sub/b.png");
    Path link = folder.resolve("out/a.png");
    Files.createDirectories(link.getParent());
    Files.createSymbolicLink(link, folder.resolve("in/a.png"));
    byte[] before = Files.readAllBytes(folder.resolve("in/a.png"));
    Ran ran = run(folder.resolve("in"), "-o", folder.resolve("out"), "--overwrite");
    assertEquals(2, ran.exitCode(), ran.err());
    assertArrayEquals(before, Files.readAllBytes(folder.resolve("in/a.png")));
    assertTrue(ran.err().contains("2 cleaned, 1 refused"), ran.err());

    byte[] inner = Files.readAllBytes(folder.resolve("in/sub/b.png"));
    Ran nested = run(folder.resolve("in/sub"), "-o", folder.resolve("in"), "--overwrite");
    assertEquals(2, nested.exitCode(), nested.err());
    assertArrayEquals(inner, Files.readAllBytes(folder.resolve("in/sub/b.png")));
  }

  @Test
  void aLinkThatLeadsNowhereIsSaid() throws Exception {
    picture("in/a.png");
    Link.make(folder.resolve("in/b.png"), folder.resolve("gone.png"));
    Ran ran = run(folder.resolve("in"));
    assertEquals(2, ran.exitCode(), ran.err());
    assertTrue(ran.err().contains("1 cleaned, 1 refused"), ran.err());
    assertTrue(
        ran.err().contains(folder.resolve("in/b.png") + ": expected a file or a folder"),
        ran.err());
  }

  @Test
  void anEmptyNameIsNone() throws Exception {
    Ran none = run("");
    assertEquals(2, none.exitCode(), none.err());
    assertTrue(none.err().contains("empty"), none.err());
    Ran nowhere = run(picture("a.png"), "-o", "");
    assertEquals(2, nowhere.exitCode(), nowhere.err());
    assertTrue(nowhere.err().contains("-o"), nowhere.err());
    Ran model = run(folder.resolve("a.png"), "--model=");
    assertEquals(2, model.exitCode(), model.err());
    assertTrue(model.err().contains("'--model': expected a name, got an empty one"), model.err());
    Ran stream = run(folder.resolve("a.png"), "--model", "-");
    assertEquals(2, stream.exitCode(), stream.err());
    assertTrue(stream.err().contains("'--model': expected a file's name, got '-'"), stream.err());
  }

  @Test
  void whatIsNamedTwiceIsCleanedOnce() throws Exception {
    Path file = picture("in/a.png");
    Ran twice = run(file, folder.resolve("in/../in/a.png"), file);
    assertEquals(0, twice.exitCode(), twice.err());
    Ran folders = run(folder.resolve("in"), folder.resolve("in"), "-o", folder.resolve("out"));
    assertEquals(0, folders.exitCode(), folders.err());
    assertEquals(1, folders.out().lines().count(), folders.out());
    Path other = picture("other/a.png");
    Ran clash = run(file, other, "-o", folder.resolve("out"));
    assertEquals(2, clash.exitCode(), clash.err());
    assertTrue(clash.err().contains("target of its own"), clash.err());
  }

  @Test
  void aJpegThatCannotHoldThePictureIsRefusedByItsName() throws Exception {
    Path file = folder.resolve("clear.png");
    Png.write(new Picture(1, 2, new float[6], new byte[2]), file);
    Ran ran = run(file, "-o", folder.resolve("clear.jpg"), "-q");
    assertEquals(2, ran.exitCode());
    assertTrue(ran.err().startsWith(file + ": expected a picture without transparency"), ran.err());
    assertTrue(Files.notExists(folder.resolve("clear.jpg")));
  }

  @Test
  void quietSaysNothing() throws Exception {
    Ran ran = run(picture("a.png"), "-q");
    assertEquals(0, ran.exitCode());
    assertEquals("", ran.out() + ran.err());
  }

  /// As two starts on one folder do: what the other has made while this one looked is left.
  @Test
  void whatAnotherStartHasMadeIsSkipped() throws Exception {
    picture("in/a.png");
    picture("in/b.png");
    Path out = Files.createDirectories(folder.resolve("out"));
    CleaningInputs found = new CleaningInputs(out.toString(), "-denoised", false);
    found.add(List.of(folder.resolve("in").toString()));
    StringWriter err = new StringWriter();
    PrintWriter said = new PrintWriter(err);
    CleaningReport report = new CleaningReport(said, said, false, found.jobs(), found.refused());
    Cleaning cleaning = new Cleaning(Options.USUAL, null, Cleaning.Shows.CLEAN);
    Path made = Files.writeString(out.resolve("b.png"), "another's");
    try (CleaningBatch batch = new CleaningBatch(cleaning, found.jobs(), report);
        Denoiser denoiser = Denoiser.open("photo")) {
      batch.run(denoiser, () -> false);
    }
    report.end("a model", 0, false);
    assertTrue(err.toString().contains("1 cleaned, 1 skipped"), err.toString());
    assertFalse(report.hasRefused());
    assertEquals("another's", Files.readString(made));
  }
}
